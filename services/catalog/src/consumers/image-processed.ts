import { ImageProcessed } from "@shoebox/shared/events/processing";
import { imageIdTime } from "@shoebox/shared/ids";
import { on } from "@shoebox/shared/messaging/consumer";
import { measure } from "@shoebox/shared/metrics";
import { processed } from "../domain/processed.ts";
import { type IngestDeps, recordFact } from "./record-fact.ts";

export function onImageProcessed({ images, now }: IngestDeps) {
  return on(ImageProcessed, async ({ data }, delivery) => {
    const occasion = { now: now(), correlationId: delivery.correlationId };
    const isNew = await recordFact(images, data, processed(data, occasion), delivery);
    if (isNew) measure(delivery.log, { TimeToReady: occasion.now - imageIdTime(data.imageId) });
  });
}
