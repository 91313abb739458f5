import { createRoute, z } from "@hono/zod-openapi";
import { AppError } from "@shoebox/shared/errors";
import { defineRoute } from "@shoebox/shared/http/api";
import { ImagePath, ownImage } from "@shoebox/shared/http/image-path";
import { problems } from "@shoebox/shared/http/problem-responses";
import type { Deps } from "../deps.ts";
import type { MultipartUpload } from "../domain/multipart-session.ts";
import { partCount, partLength } from "../domain/part-plan.ts";
import { keyOf, partUrlExpiry, type SessionRef } from "../domain/session.ts";
import { IdempotencyKey } from "./idempotency-key.ts";
import { openMultipart } from "./open-multipart.ts";
import { Sha256 } from "./sha256.ts";

const Body = z
  .object({
    partNumbers: z
      .array(z.number().int().positive())
      .min(1)
      .max(100)
      .refine((numbers) => new Set(numbers).size === numbers.length, "name each part once"),
    sha256: z
      .record(z.string().regex(/^[1-9]\d{0,3}$/, "must be a part number"), Sha256)
      .default({})
      .openapi({ description: "By part number; for uploads that were begun with `partChecksums`" }),
  })
  .strict();

const Url = z.object({
  partNumber: z.number(),
  url: z.string(),
  /** Bytes: the Content-Length that is taken. */
  size: z.number(),
  headers: z.record(z.string(), z.string()).optional(),
  expiresAt: z.string(),
});

export const signParts = defineRoute<Deps>()(
  createRoute({
    method: "post",
    path: "/v1/uploads/{imageId}/parts",
    operationId: "signParts",
    tags: ["uploads"],
    summary: "URLs to send parts to",
    description:
      "PUT exactly `size` bytes to each `url`, with its `headers`, and keep the ETag of the answer. Any " +
      "part can be asked for and sent again, in any order, until the upload is completed.",
    request: {
      params: ImagePath,
      headers: IdempotencyKey,
      body: {
        required: true,
        content: { "application/json": { schema: Body, example: { partNumbers: [1, 2, 3] } } },
      },
    },
    responses: {
      200: {
        description: "A URL for each part, in the order asked for",
        content: {
          "application/json": {
            schema: z.object({ urls: z.array(Url) }),
            example: {
              urls: [
                {
                  partNumber: 1,
                  url: "https://originals.s3.us-east-1.amazonaws.com/originals/…?partNumber=1&…",
                  size: 16_777_216,
                  expiresAt: "2026-11-22T13:00:00.000Z",
                },
              ],
            },
          },
        },
      },
      ...problems(
        "invalid-request",
        "malformed-json",
        "not-found",
        "conflict",
        "in-flight",
        "idempotency-key-reused",
      ),
    },
  }),
  async (c, deps) => {
    const ref = ownImage(c.get("principal").userId, c.req.valid("param"));
    const { partNumbers, sha256 } = c.req.valid("json");
    return c.json({ urls: await signedParts(ref, partNumbers, sha256, deps) }, 200);
  },
);

/**
 * The URLs of these parts of the caller's own upload, in the order asked for.
 *
 * @param sha256 by part number, for an upload that was begun with checksums
 * @throws AppError 400, 404, 409
 */
export async function signedParts(
  ref: SessionRef,
  partNumbers: number[],
  sha256: Record<string, string>,
  deps: Deps,
): Promise<z.infer<typeof Url>[]> {
  const upload = await openMultipart(ref, deps);
  assertAskable(upload, partNumbers, sha256);
  const { uploadId, partSize } = upload.multipart;
  const at = deps.now();
  const expiresAt = partUrlExpiry(upload, at);
  const parts = partNumbers.map((partNumber) => ({
    partNumber,
    size: partLength(upload.size, partSize, partNumber),
    sha256: sha256[partNumber],
  }));
  const key = keyOf(upload);
  const signed = await deps.partUrls.sign({ key, uploadId }, parts, at, expiresAt);
  return signed.map(({ url, headers }, index) => ({
    partNumber: parts[index]?.partNumber ?? 0,
    url,
    size: parts[index]?.size ?? 0,
    ...(Object.keys(headers).length > 0 && { headers }),
    expiresAt: new Date(expiresAt).toISOString(),
  }));
}

/** @throws AppError 400 that names what can't be signed */
function assertAskable(
  { size, multipart }: MultipartUpload,
  partNumbers: number[],
  sha256: Record<string, string>,
): void {
  const count = partCount(size, multipart.partSize);
  const fields = [
    ...partNumbers
      .filter((partNumber) => partNumber > count)
      .map((partNumber) => ({
        field: "partNumbers",
        message: `part ${partNumber} is not one of ${count} parts`,
      })),
    ...(multipart.checksums
      ? partNumbers
          .filter((partNumber) => sha256[partNumber] === undefined)
          .map((partNumber) => ({ field: `sha256.${partNumber}`, message: "is missing" }))
      : Object.keys(sha256).map((name) => ({
          field: `sha256.${name}`,
          message: "the upload was begun without partChecksums",
        }))),
  ];
  if (fields.length === 0) return;
  throw new AppError("invalid-request", "These parts can't be signed.", { fields });
}
