import { ProcessingRequested } from "@shoebox/shared/events/processing";
import { on } from "@shoebox/shared/messaging/consumer";
import { requested } from "../domain/processed.ts";
import { type IngestDeps, recordFact } from "./record-fact.ts";

/** What is shown goes on being shown until there is something newer, so nothing changes for it. */
export function onProcessingRequested({ images, now }: IngestDeps) {
  return on(ProcessingRequested, async ({ data }, delivery) => {
    if (data.shown) return;
    const occasion = { now: now(), correlationId: delivery.correlationId };
    await recordFact(images, data, requested(data, occasion), delivery);
  });
}
