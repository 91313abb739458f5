import { z } from "zod";
import type { ReadableEvent } from "./define.ts";

/** S3's `Object Created`, as it arrives on the account's default bus. */
export const ObjectCreatedDetail = z.object({
  bucket: z.object({ name: z.string() }),
  object: z.object({
    key: z.string(),
    size: z.number().int().nonnegative(),
    etag: z.string(),
    "version-id": z.string().optional(),
    sequencer: z.string(),
  }),
  reason: z.string(),
});
export type ObjectCreatedDetail = z.infer<typeof ObjectCreatedDetail>;

export const ObjectCreated: ReadableEvent<ObjectCreatedDetail> = {
  source: "aws.s3",
  type: "Object Created",
  parse: (envelope) => ObjectCreatedDetail.parse(envelope.detail),
};
