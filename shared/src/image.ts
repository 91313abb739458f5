import { z } from "zod";
import { isImageId } from "./ids.ts";

/** The vocabulary of pictures that all four services share. Pure: no SDK, no clock. */

/** Bytes: the largest picture that is taken in a single presigned POST. */
export const MAX_SINGLE_UPLOAD_BYTES = 104_857_600;
/** Bytes: 500 MiB, the largest upload there is. */
export const MAX_UPLOAD_BYTES = 524_288_000;

export const contentTypes = ["image/jpeg", "image/png", "image/webp"] as const;
export const ContentType = z.enum(contentTypes);
export type ContentType = z.infer<typeof ContentType>;

/** File name extension of an original, by its content type. */
export const extensions: Record<ContentType, string> = {
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/webp": "webp",
};

export const ImageId = z.string().refine(isImageId, "must be an image id (a UUIDv7)");

/**
 * One tag: lower-cased and trimmed, 1–64 letters, digits, `-` and `_` of any script, counted in code
 * points. NFC, so that the same word typed on two systems is the same tag; last of all, because a
 * lower-case letter and its accent may have one character where the capital has two (J̌ and ǰ).
 * Marks count as letters: many scripts need them.
 */
export const Tag = z
  .string()
  .transform((tag) => tag.trim().toLowerCase().normalize("NFC"))
  .pipe(
    z
      .string()
      .regex(
        /^[\p{L}\p{M}\p{N}_-]{1,64}$/u,
        "must have 1 to 64 characters: letters, digits, '-' and '_'",
      ),
  );

const unique = (tags: string[]) => [...new Set(tags)];

export const MAX_TAGS = 30;

/** The tags of an image: up to 30, each once, in the order given. */
export const Tags = z
  .array(Tag)
  .max(MAX_TAGS, `at most ${MAX_TAGS} tags`)
  .transform(unique)
  .meta({ description: "Up to 30 tags; lower-cased, each once" });

export const Visibility = z.enum(["private", "public"]);
export type Visibility = z.infer<typeof Visibility>;

/** Half of a surrogate pair is a JSON string but no Unicode text: DynamoDB refuses the whole item for it. */
const Text = z.string().refine((text) => text.isWellFormed(), "must be Unicode text");

export const Caption = Text.trim().max(2_000);
export const FileName = Text.trim().min(1).max(255);

/**
 * An instant in ISO 8601 with a zone; comes out in UTC with milliseconds. A date alone is midnight
 * UTC. The zone must not carry it out of the years 0000 to 9999: beyond them JavaScript writes years
 * of six digits, which no event may contain.
 */
export const Instant = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], {
    error: "must be an ISO 8601 date or date and time with a zone",
  })
  .transform((value) => new Date(value).toISOString())
  .refine((instant) => /^\d{4}-/.test(instant), "must be within the years 0000 to 9999");

/** Why something was rejected: a code for programs and a sentence for people. */
export const Reason = z.object({ code: z.string(), message: z.string() });
export type Reason = z.infer<typeof Reason>;

export const Rendition = z.object({
  name: z.string(),
  format: z.enum(["webp", "jpeg", "avif"]),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** Bytes. */
  size: z.number().int().positive(),
  /** Object key in the bucket of processed pictures; also the path at the CDN. */
  key: z.string(),
});
export type Rendition = z.infer<typeof Rendition>;

/** What a camera wrote that is worth keeping. GPS is for the owner alone: no event of the catalog carries it on. */
export const Exif = z.object({
  cameraMake: z.string().optional(),
  cameraModel: z.string().optional(),
  lens: z.string().optional(),
  exposureTime: z.string().optional(),
  fNumber: z.number().optional(),
  iso: z.number().optional(),
  focalLength: z.number().optional(),
});
export type Exif = z.infer<typeof Exif>;

export const Gps = z.object({ latitude: z.number(), longitude: z.number() });
export type Gps = z.infer<typeof Gps>;

/**
 * UTF-8 bytes of the longest user id. In base64url they grow by a third, and an S3 key has 1024 bytes
 * for them, the image id and the rest.
 */
export const MAX_USER_ID_BYTES = 700;

/**
 * The key of an original. It says whose it is, so that an object found in the bucket leads to its
 * session without a lookup, and ends in the random image id, so that nobody can guess another's
 * key. Base64url keeps every character safe in a URL: whether S3 reports keys URL-encoded (it is
 * not documented for EventBridge) can't matter.
 */
export function originalKey(ownerId: string, imageId: string, type: ContentType): string {
  return `originals/${Buffer.from(ownerId).toString("base64url")}/${imageId}.${extensions[type]}`;
}

/** The owner and image of an original's key, or undefined when it is not such a key. */
export function parseOriginalKey(key: string): { ownerId: string; imageId: string } | undefined {
  const match = /^originals\/([\w-]+)\/([0-9a-f-]+)\.(?:jpg|png|webp)$/.exec(key);
  const [, owner, imageId] = match ?? [];
  if (owner === undefined || imageId === undefined || !isImageId(imageId)) return undefined;
  const ownerId = Buffer.from(owner, "base64url").toString();
  // Bytes that are no UTF-8, or bits to spare at the end: nobody's id was ever written so.
  if (Buffer.from(ownerId).toString("base64url") !== owner) return undefined;
  return { ownerId, imageId };
}

/** Milliseconds that a signed URL lives at most; it lives for at least half of that. */
export const SIGNED_URL_LIFETIME = 2 * 3_600_000;

/** Who could have been given signed URLs: every user for a public image, its owner alone for a private one. */
export const Audience = z.enum(["owner", "public"]);
export type Audience = z.infer<typeof Audience>;

/** All renditions of an image live under this prefix: one signature serves them all, one listing finds them. */
export function renditionPrefix(imageId: string): string {
  return `renditions/${imageId}/`;
}
