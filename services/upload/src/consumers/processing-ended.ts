import {
  ImageProcessed,
  ImageRejected,
  ProcessingRequested,
} from "@shoebox/shared/events/processing";
import { on, type Subscription } from "@shoebox/shared/messaging/consumer";
import type { Deps } from "../deps.ts";

/**
 * Whichever way processing ended, nobody need be reminded of the upload any more, unless it was asked
 * for again since: what is told of an earlier time comes too late then.
 */
export function onProcessingEnded({
  sessions,
  now,
}: Pick<Deps, "sessions" | "now">): Subscription[] {
  return [
    on(ImageProcessed, async ({ data }) => {
      await sessions.settle(data, data.retry ?? 0);
    }),
    on(ImageRejected, async ({ data }) => {
      await sessions.settle(data, data.retry ?? 0);
    }),
    on(ProcessingRequested, async ({ data }, { log }) => {
      const reopened = await sessions.reopen(data, data.retry, now());
      const words = reopened ? "an upload is published again, as asked for" : "asked for before";
      log.info({ imageId: data.imageId, retry: data.retry }, words);
    }),
  ];
}
