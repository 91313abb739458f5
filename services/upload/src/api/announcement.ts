import { z } from "@hono/zod-openapi";
import { AppError } from "@shoebox/shared/errors";
import {
  Caption,
  ContentType,
  contentTypes,
  FileName,
  Instant,
  MAX_SINGLE_UPLOAD_BYTES,
  MAX_UPLOAD_BYTES,
  Tags,
  Visibility,
} from "@shoebox/shared/image";
import { isMultipart } from "../domain/part-plan.ts";
import { Sha256 } from "./sha256.ts";

/** What a client says of a picture before it sends it. */
export const Announcement = z
  .object({
    // Not an enum and not bounded here: another type is a 415 and a larger size a 413, no 400.
    contentType: z
      .string()
      .max(255)
      .meta({ description: `One of ${contentTypes.join(", ")}` }),
    size: z
      .number()
      .int()
      .positive()
      .meta({
        description: `Bytes, exactly; at most ${MAX_UPLOAD_BYTES}. Above ${MAX_SINGLE_UPLOAD_BYTES} it is sent in parts`,
      }),
    fileName: FileName.optional(),
    sha256: Sha256.optional().meta({
      description: "Of the whole file; what arrives with another one is rejected",
    }),
    partChecksums: z.literal("sha256").optional().meta({
      description: "Every part is announced with its SHA-256, and the object store verifies it",
    }),
    ifDuplicate: z.enum(["create", "return"]).default("create").meta({
      description: "`return`: no second image when an own one has this `sha256` already",
    }),
    tags: Tags.default([]),
    caption: Caption.optional(),
    visibility: Visibility.default("private"),
    takenAt: Instant.optional(),
  })
  .strict()
  .refine((body) => body.ifDuplicate === "create" || body.sha256 !== undefined, {
    path: ["ifDuplicate"],
    message: "needs a sha256 to compare",
  })
  .refine((body) => body.partChecksums === undefined || isMultipart(body.size), {
    path: ["partChecksums"],
    message: `is for uploads of more than ${MAX_SINGLE_UPLOAD_BYTES} bytes, which are sent in parts`,
  });

/** An announcement of something that can be uploaded. */
export type Acceptable = Omit<z.infer<typeof Announcement>, "contentType"> & {
  contentType: ContentType;
};

/** @throws AppError 415 or 413 */
export function acceptable(announcement: z.infer<typeof Announcement>): Acceptable {
  const known = ContentType.safeParse(announcement.contentType);
  if (!known.success) {
    throw new AppError("unsupported-media-type", "Pictures can be JPEG, PNG or WebP.", {
      fields: [{ field: "contentType", message: `must be one of ${contentTypes.join(", ")}` }],
    });
  }
  if (announcement.size > MAX_UPLOAD_BYTES) {
    throw new AppError(
      "payload-too-large",
      "The largest picture that can be uploaded is 500 MiB.",
      {
        fields: [{ field: "size", message: `at most ${MAX_UPLOAD_BYTES} bytes` }],
      },
    );
  }
  return { ...announcement, contentType: known.data };
}
