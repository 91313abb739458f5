import type { Route } from "@shoebox/shared/http/api";
import type { Deps } from "../deps.ts";
import { abortUpload } from "./abort-upload.ts";
import { completeUpload } from "./complete-upload.ts";
import { createUpload } from "./create-upload.ts";
import { createUploads } from "./create-uploads.ts";
import { getQuota } from "./get-quota.ts";
import { getUpload } from "./get-upload.ts";
import { listParts } from "./list-parts.ts";
import { signParts } from "./sign-parts.ts";

export const routes: Route<Deps>[] = [
  createUpload,
  createUploads,
  getQuota,
  getUpload,
  abortUpload,
  listParts,
  signParts,
  completeUpload,
];
