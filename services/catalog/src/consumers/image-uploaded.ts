import { ImageUploaded } from "@shoebox/shared/events/upload";
import { on } from "@shoebox/shared/messaging/consumer";
import { uploaded } from "../domain/uploaded.ts";
import { type IngestDeps, recordFact } from "./record-fact.ts";

export function onImageUploaded({ images, now }: IngestDeps) {
  return on(ImageUploaded, async ({ data }, delivery) => {
    const occasion = { now: now(), correlationId: delivery.correlationId };
    await recordFact(images, data, uploaded(data, occasion), delivery);
  });
}
