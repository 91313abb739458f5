import { ImageRejected } from "@shoebox/shared/events/processing";
import { on } from "@shoebox/shared/messaging/consumer";
import { rejected } from "../domain/processed.ts";
import { type IngestDeps, recordFact } from "./record-fact.ts";

export function onImageRejected({ images, now }: IngestDeps) {
  return on(ImageRejected, async ({ data }, delivery) => {
    const occasion = { now: now(), correlationId: delivery.correlationId };
    await recordFact(images, data, rejected(data, occasion), delivery);
  });
}
