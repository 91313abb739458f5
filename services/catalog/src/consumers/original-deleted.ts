import { OriginalDeleted } from "@shoebox/shared/events/upload";
import { on } from "@shoebox/shared/messaging/consumer";
import { confirmDeletion } from "./confirm-deletion.ts";
import type { IngestDeps } from "./record-fact.ts";

export function onOriginalDeleted(deps: IngestDeps) {
  return on(OriginalDeleted, ({ data }, delivery) =>
    confirmDeletion(deps, data, "originalDeletedAt", delivery),
  );
}
