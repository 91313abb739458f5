import { createDeadLetters } from "@shoebox/shared/messaging/dead-letter";
import { createReconciler } from "@shoebox/shared/reconcile/reconciler";
import { config } from "../config.ts";
import { checks } from "../reconcile/checks.ts";
import { service } from "../service.ts";

export const handler = createReconciler({
  checks: checks(service),
  store: service.reconciliations,
  log: service.log,
  now: service.now,
  deadLetters: createDeadLetters(config.SERVICE),
});
