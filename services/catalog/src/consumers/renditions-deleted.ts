import { RenditionsDeleted } from "@shoebox/shared/events/processing";
import { on } from "@shoebox/shared/messaging/consumer";
import { confirmDeletion } from "./confirm-deletion.ts";
import type { IngestDeps } from "./record-fact.ts";

export function onRenditionsDeleted(deps: IngestDeps) {
  return on(RenditionsDeleted, ({ data }, delivery) =>
    confirmDeletion(deps, data, "renditionsDeletedAt", delivery),
  );
}
