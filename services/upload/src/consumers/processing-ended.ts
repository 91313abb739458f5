import { ImageProcessed, ImageRejected } from "@shoebox/shared/events/processing";
import { on, type Subscription } from "@shoebox/shared/messaging/consumer";
import type { Deps } from "../deps.ts";

/** Whichever way processing ended, nobody need be reminded of the upload any more. */
export function onProcessingEnded({ sessions }: Pick<Deps, "sessions">): Subscription[] {
  return [
    on(ImageProcessed, async ({ data }) => {
      await sessions.settle(data);
    }),
    on(ImageRejected, async ({ data }) => {
      await sessions.settle(data);
    }),
  ];
}
