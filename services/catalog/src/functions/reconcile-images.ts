import { createDeadLetters } from "@shoebox/shared/messaging/dead-letter";
import { createReconciler } from "@shoebox/shared/reconcile/reconciler";
import { config } from "../config.ts";
import { openTombstones } from "../reconcile/open-tombstones.ts";
import { unprocessedImages } from "../reconcile/unprocessed-images.ts";
import { service } from "../service.ts";

export const handler = createReconciler({
  checks: [openTombstones(service), unprocessedImages(service)],
  store: service.reconciliations,
  log: service.log,
  now: service.now,
  deadLetters: createDeadLetters(config.SERVICE),
});
