import { z } from "@hono/zod-openapi";

const Form = z.object({
  imageId: z.string(),
  method: z.literal("POST"),
  url: z.string(),
  fields: z.record(z.string(), z.string()),
  expiresAt: z.string(),
});

const Parts = z.object({
  imageId: z.string(),
  method: z.literal("MULTIPART"),
  /** Bytes of every part but the last. */
  partSize: z.number(),
  partCount: z.number(),
  expiresAt: z.string(),
});

/** How a new upload is to be sent: as a form, or in parts. */
export const Begun = z.discriminatedUnion("method", [Form, Parts]);
export type Begun = z.infer<typeof Begun>;

/** No upload: the caller has this picture already. */
export const Duplicate = z.object({ imageId: z.string(), duplicate: z.literal(true) });
export type Duplicate = z.infer<typeof Duplicate>;

export const formExample = {
  imageId: "0198c1a2-7b3c-7def-8123-456789abcdef",
  method: "POST" as const,
  url: "https://originals.s3.us-east-1.amazonaws.com/",
  fields: { "Content-Type": "image/jpeg", key: "originals/…", Policy: "…" },
  expiresAt: "2026-11-22T12:05:00.000Z",
};

export const partsExample = {
  imageId: "0198c1a2-7b3c-7def-8123-456789abcde0",
  method: "MULTIPART" as const,
  partSize: 16_777_216,
  partCount: 32,
  expiresAt: "2026-11-23T12:00:00.000Z",
};
