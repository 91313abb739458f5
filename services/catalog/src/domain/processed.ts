import type {
  ImageProcessed,
  ImageRejected,
  ProcessingRequested,
} from "@shoebox/shared/events/processing";
import type { z } from "zod";
import { type Attribute, type Occasion, stamp, type Write } from "./write.ts";

/**
 * What processing says of a picture, from old to new: whatever it says of a retry is newer than all it
 * said before, and of the same time a rejection takes the place of a success, whichever arrives first.
 * What was found to be infected once must not be served, and the order of delivery must not decide.
 */
const places = { requested: 0, processed: 1, rejected: 2 } as const;

/** The turns from here on are of pictures that were processed more than once. */
export const FIRST_RETRY = 3;

function turnOf(retry: number | undefined, place: keyof typeof places): number {
  return FIRST_RETRY * (retry ?? 0) + places[place];
}

const part = (turn: number, set: Write["set"], remove: Attribute[]): Write => ({
  absent: ["deletedAt"],
  present: [],
  equals: {},
  below: { turn },
  set: { ...set, turn },
  remove,
  raise: true,
});

/** Processing's part, when the picture can be shown. */
export function processed(data: z.infer<typeof ImageProcessed.data>, occasion: Occasion): Write {
  const { imageId: _, ownerId: __, retry, ...found } = data;
  const set = { ...stamp(occasion), processed: found };
  return part(turnOf(retry, "processed"), set, ["rejected"]);
}

/** Processing's part, when it can't be shown. */
export function rejected(data: z.infer<typeof ImageRejected.data>, occasion: Occasion): Write {
  const set = { ...stamp(occasion), rejected: data.reason };
  return part(turnOf(data.retry, "rejected"), set, ["processed"]);
}

/** It is tried again: no longer rejected. */
export function requested(
  data: z.infer<typeof ProcessingRequested.data>,
  occasion: Occasion,
): Write {
  return part(turnOf(data.retry, "requested"), stamp(occasion), ["processed", "rejected"]);
}
