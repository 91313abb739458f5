import type { ImageProcessed, ImageRejected } from "@shoebox/shared/events/processing";
import type { z } from "zod";
import { type Occasion, stamp, type Write } from "./write.ts";

/** Processing's part, when the picture can be shown. Never after a rejection. */
export function processed(data: z.infer<typeof ImageProcessed.data>, occasion: Occasion): Write {
  const { imageId: _, ownerId: __, ...part } = data;
  return {
    absent: ["processed", "rejected", "deletedAt"],
    present: [],
    equals: {},
    set: { ...stamp(occasion), processed: part },
    remove: [],
    raise: true,
  };
}

/**
 * Processing's part, when it can't be shown. It takes the place of a success, whichever of the two
 * arrives first: what was found to be infected once must not be served, and the order of delivery
 * must not decide.
 */
export function rejected(data: z.infer<typeof ImageRejected.data>, occasion: Occasion): Write {
  return {
    absent: ["rejected", "deletedAt"],
    present: [],
    equals: {},
    set: { ...stamp(occasion), rejected: data.reason },
    remove: ["processed"],
    raise: true,
  };
}
