import { createDeadLetters } from "@shoebox/shared/messaging/dead-letter";
import { createReconciler } from "@shoebox/shared/reconcile/reconciler";
import { createRenditionInventory } from "../adapters/renditions.ts";
import { createS3Client } from "../adapters/s3-client.ts";
import { config } from "../config.ts";
import { jobsInOrder } from "../reconcile/jobs-in-order.ts";
import { orphanRenditions } from "../reconcile/orphan-renditions.ts";
import { service } from "../service.ts";

const renditions = createRenditionInventory(createS3Client(), config.PROCESSED_BUCKET);
const deps = { ...service, renditions };

export const handler = createReconciler({
  checks: [orphanRenditions(deps), jobsInOrder(deps)],
  store: service.reconciliations,
  log: service.log,
  now: service.now,
  deadLetters: createDeadLetters(config.SERVICE),
});
