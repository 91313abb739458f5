import type { Route } from "@shoebox/shared/http/api";
import { type ReconciliationDeps, reconciliationRoutes } from "@shoebox/shared/reconcile/routes";
import type { ApiDeps } from "./deps.ts";
import { getJob } from "./get-job.ts";
import { getPresets } from "./get-presets.ts";
import { retryJob } from "./retry-job.ts";

/** In this order: `presets` is not an image id. */
export const routes: Route<ApiDeps & ReconciliationDeps>[] = [
  getPresets,
  getJob,
  retryJob,
  ...reconciliationRoutes("/v1/processing"),
];
