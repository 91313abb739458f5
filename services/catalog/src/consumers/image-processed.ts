import { ImageProcessed } from "@shoebox/shared/events/processing";
import { on } from "@shoebox/shared/messaging/consumer";
import { processed } from "../domain/processed.ts";
import { type IngestDeps, recordFact } from "./record-fact.ts";

export function onImageProcessed({ images, now }: IngestDeps) {
  return on(ImageProcessed, async ({ data }, delivery) => {
    const occasion = { now: now(), correlationId: delivery.correlationId };
    await recordFact(images, data, processed(data, occasion), delivery);
  });
}
