import { ImageProcessed } from "@shoebox/shared/events/processing";
import { newImageId } from "@shoebox/shared/ids";
import { rememberingLog } from "@shoebox/shared/log.testkit";
import { createConsumer } from "@shoebox/shared/messaging/consumer";
import { expect, it } from "vitest";
import { sqsEvent } from "../catalog.testkit.ts";
import { NOON, OWNER, processedData } from "../facts.testkit.ts";
import { onImageProcessed } from "./image-processed.ts";

it("a picture that can be shown is measured once, from the moment its upload was accepted", async () => {
  const { log, lines } = rememberingLog();
  const isNew = [true, false];
  const images = { write: async () => isNew.shift() ?? false };
  const consume = createConsumer({
    log,
    subscriptions: [onImageProcessed({ images, now: () => NOON } as never)],
  });
  const imageId = newImageId(NOON - 4_321);
  const metadata = {
    eventId: imageId,
    occurredAt: new Date(NOON).toISOString(),
    correlationId: "c-1",
  };
  const event = ImageProcessed.make(metadata, processedData({ ownerId: OWNER, imageId }));
  for (const _ of [1, 2]) await consume(sqsEvent([event]));
  expect(lines.filter((line) => "_aws" in line)).toEqual([
    expect.objectContaining({ TimeToReady: 4_321, correlationId: "c-1" }),
  ]);
});
