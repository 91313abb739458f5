import type { Route } from "@shoebox/shared/http/api";
import { type ReconciliationDeps, reconciliationRoutes } from "@shoebox/shared/reconcile/routes";
import type { Deps } from "../deps.ts";
import { abortUpload } from "./abort-upload.ts";
import { completeUpload } from "./complete-upload.ts";
import { createUpload } from "./create-upload.ts";
import { createUploads } from "./create-uploads.ts";
import { getQuota } from "./get-quota.ts";
import { getUpload } from "./get-upload.ts";
import { listParts } from "./list-parts.ts";
import { signParts } from "./sign-parts.ts";
import { abortFromUppy } from "./uppy/abort.ts";
import { beginFormFromUppy } from "./uppy/begin-form.ts";
import { beginPartsFromUppy } from "./uppy/begin-parts.ts";
import { completeFromUppy } from "./uppy/complete.ts";
import { createUppyEndpoint } from "./uppy/create-endpoint.ts";
import { listPartsForUppy } from "./uppy/list-parts.ts";
import { signPartForUppy } from "./uppy/sign-part.ts";
import { signPartsForUppy } from "./uppy/sign-parts.ts";

export const routes: Route<Deps & ReconciliationDeps>[] = [
  createUpload,
  createUploads,
  getQuota,
  getUpload,
  abortUpload,
  listParts,
  signParts,
  completeUpload,
  createUppyEndpoint,
  beginFormFromUppy,
  beginPartsFromUppy,
  listPartsForUppy,
  // Before the one of a single part, whose number would match as well.
  signPartsForUppy,
  signPartForUppy,
  completeFromUppy,
  abortFromUppy,
  ...reconciliationRoutes("/v1/uploads"),
];
