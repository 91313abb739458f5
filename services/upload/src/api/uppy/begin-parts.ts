import { createRoute, z } from "@hono/zod-openapi";
import { problems } from "@shoebox/shared/http/problem-responses";
import { originalKey } from "@shoebox/shared/image";
import { beginUpload } from "../../begin-uploads.ts";
import { UPPY_PART_SIZE } from "../../domain/part-plan.ts";
import { partsExample } from "../begun.ts";
import { IdempotencyKey } from "../idempotency-key.ts";
import { announcementOf } from "./uppy-file.ts";
import { callerOf, defineUppyRoute, ENDPOINT, EndpointPath } from "./uppy-route.ts";

const Body = z.looseObject({
  filename: z.string().optional(),
  type: z.string().optional(),
  metadata: z
    .record(z.string(), z.unknown())
    .default({})
    .openapi({ description: "`size` in bytes is needed; `tags`, `caption`, … are read" }),
});

export const beginPartsFromUppy = defineUppyRoute(
  createRoute({
    method: "post",
    path: `${ENDPOINT}/s3/multipart`,
    operationId: "beginPartsFromUppy",
    tags: ["uppy"],
    summary: "Begin an upload that is sent in parts",
    description:
      "`POST /v1/uploads` in the words of Uppy. Every part but the last has 5 MiB, as Uppy cuts files.",
    request: {
      params: EndpointPath,
      headers: IdempotencyKey,
      body: {
        required: true,
        content: {
          "application/json": {
            schema: Body,
            example: {
              filename: "harbour.png",
              type: "image/png",
              metadata: { size: 157_286_400, tags: ["sea"] },
            },
          },
        },
      },
    },
    responses: {
      200: {
        description: "What Uppy calls the upload from now on",
        content: {
          "application/json": {
            schema: z.object({ uploadId: z.string(), key: z.string(), imageId: z.string() }),
            example: {
              uploadId: partsExample.imageId,
              key: `originals/YW5u/${partsExample.imageId}.png`,
              imageId: partsExample.imageId,
            },
          },
        },
      },
      ...problems(
        "invalid-request",
        "malformed-json",
        "in-flight",
        "quota-exceeded",
        "payload-too-large",
        "unsupported-media-type",
        "idempotency-key-reused",
        "unavailable",
      ),
    },
  }),
  async (c, deps) => {
    const announcement = announcementOf(c.req.valid("json"));
    const caller = { ...callerOf(c), partSize: UPPY_PART_SIZE };
    const { imageId } = await beginUpload(announcement, caller, deps);
    const key = originalKey(caller.ownerId, imageId, announcement.contentType);
    return c.json({ uploadId: imageId, key, imageId }, 200);
  },
);
