import { createRoute, z } from "@hono/zod-openapi";
import { ownImage } from "@shoebox/shared/http/image-path";
import { problems } from "@shoebox/shared/http/problem-responses";
import { originalKey } from "@shoebox/shared/image";
import { unquoted } from "../../adapters/multipart-uploads.ts";
import { partsExample } from "../begun.ts";
import { completed } from "../complete-upload.ts";
import { IdempotencyKey } from "../idempotency-key.ts";
import { defineUppyRoute, ENDPOINT, KeyQuery, UploadPath } from "./uppy-route.ts";

const Body = z.object({
  parts: z
    .array(
      z.object({
        PartNumber: z.number().int().positive().max(10_000),
        ETag: z.string().min(1).max(100).transform(unquoted),
      }),
    )
    .min(1)
    .max(10_000),
});

export const completeFromUppy = defineUppyRoute(
  createRoute({
    method: "post",
    path: `${ENDPOINT}/s3/multipart/{uploadId}/complete`,
    operationId: "completeFromUppy",
    tags: ["uppy"],
    summary: "Make the picture of its parts",
    description: "`POST /v1/uploads/{imageId}/complete` in the words of Uppy.",
    request: {
      params: UploadPath,
      query: KeyQuery,
      headers: IdempotencyKey,
      body: {
        required: true,
        content: {
          "application/json": {
            schema: Body,
            example: { parts: [{ PartNumber: 1, ETag: '"d41d8cd98f00b204e9800998ecf8427e"' }] },
          },
        },
      },
    },
    responses: {
      200: {
        description: "The parts are one object now; `location` is where the image will be",
        content: {
          "application/json": {
            schema: z.object({ location: z.string(), key: z.string(), imageId: z.string() }),
            example: {
              location: `/v1/images/${partsExample.imageId}`,
              key: `originals/YW5u/${partsExample.imageId}.png`,
              imageId: partsExample.imageId,
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
    const { userId } = c.get("principal");
    const { uploadId: imageId } = c.req.valid("param");
    const parts = c.req
      .valid("json")
      .parts.map(({ PartNumber, ETag }) => ({ partNumber: PartNumber, etag: ETag }));
    const { contentType } = await completed(
      ownImage(userId, { imageId }),
      parts,
      deps,
      c.get("log"),
    );
    const key = originalKey(userId, imageId, contentType);
    return c.json({ location: `/v1/images/${imageId}`, key, imageId }, 200);
  },
);
