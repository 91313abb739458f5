import type { Route } from "@shoebox/shared/http/api";
import type { Deps } from "../deps.ts";
import { abortUpload } from "./abort-upload.ts";
import { createUpload } from "./create-upload.ts";
import { getUpload } from "./get-upload.ts";

export const routes: Route<Deps>[] = [createUpload, getUpload, abortUpload];
