import { createRoute, z } from "@hono/zod-openapi";
import { AppError } from "@shoebox/shared/errors";
import { defineRoute } from "@shoebox/shared/http/api";
import { problems } from "@shoebox/shared/http/problem-responses";
import { newImageId } from "@shoebox/shared/ids";
import {
  Caption,
  ContentType,
  contentTypes,
  FileName,
  Instant,
  MAX_SINGLE_UPLOAD_BYTES,
  Tags,
  Visibility,
} from "@shoebox/shared/image";
import type { Deps } from "../deps.ts";
import { formExpiry, keyOf, type Upload } from "../domain/session.ts";
import { Sha256 } from "./sha256.ts";

const Body = z
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
        description: `Bytes, exactly; at most ${MAX_SINGLE_UPLOAD_BYTES}`,
      }),
    fileName: FileName.optional(),
    sha256: Sha256.optional(),
    tags: Tags.default([]),
    caption: Caption.optional(),
    visibility: Visibility.default("private"),
    takenAt: Instant.optional(),
  })
  .strict();

const Answer = z.object({
  imageId: z.string(),
  method: z.literal("POST"),
  url: z.string(),
  fields: z.record(z.string(), z.string()),
  expiresAt: z.string(),
});

export const createUpload = defineRoute<Deps>()(
  createRoute({
    method: "post",
    path: "/v1/uploads",
    operationId: "createUpload",
    tags: ["uploads"],
    summary: "Begin an upload",
    description:
      "Answers with a form: send its fields and then the picture, as the last field named `file`, to " +
      "`url` as multipart/form-data, before `expiresAt`. Exactly the announced size and type are taken.",
    request: {
      headers: z.object({ "idempotency-key": z.string().optional() }),
      body: {
        required: true,
        content: {
          "application/json": {
            schema: Body,
            example: {
              contentType: "image/jpeg",
              size: 2_481_337,
              fileName: "harbour.jpg",
              tags: ["sea", "evening"],
            },
          },
        },
      },
    },
    responses: {
      201: {
        description: "The upload is awaited",
        headers: z.object({ Location: z.string() }),
        content: {
          "application/json": {
            schema: Answer,
            example: {
              imageId: "0198c1a2-7b3c-7def-8123-456789abcdef",
              method: "POST",
              url: "https://originals.s3.us-east-1.amazonaws.com/",
              fields: { "Content-Type": "image/jpeg", key: "originals/…", Policy: "…" },
              expiresAt: "2026-11-22T12:05:00.000Z",
            },
          },
        },
      },
      ...problems(
        "malformed-json",
        "in-flight",
        "payload-too-large",
        "unsupported-media-type",
        "idempotency-key-reused",
      ),
    },
  }),
  async (c, { sessions, postForms, now }) => {
    const { contentType, ...body } = c.req.valid("json");
    const at = now();
    const upload: Upload = {
      ...body,
      contentType: supported(contentType),
      ownerId: c.get("principal").userId,
      imageId: newImageId(at),
      expiresAt: formExpiry(at),
      correlationId: c.get("correlationId"),
    };
    if (upload.size > MAX_SINGLE_UPLOAD_BYTES) throw tooLarge();
    const { sha256, size, correlationId } = upload;
    const form = await postForms.sign(
      { key: keyOf(upload), contentType, size, sha256, correlationId },
      at,
      upload.expiresAt,
    );
    await sessions.open(upload);
    c.get("log").info({ imageId: upload.imageId, contentType, size }, "an upload is awaited");
    return c.json(
      {
        imageId: upload.imageId,
        method: "POST" as const,
        ...form,
        expiresAt: new Date(upload.expiresAt).toISOString(),
      },
      201,
      { Location: `/v1/uploads/${upload.imageId}` },
    );
  },
);

function supported(contentType: string): ContentType {
  const known = ContentType.safeParse(contentType);
  if (known.success) return known.data;
  throw new AppError("unsupported-media-type", "Pictures can be JPEG, PNG or WebP.", {
    fields: [{ field: "contentType", message: `must be one of ${contentTypes.join(", ")}` }],
  });
}

function tooLarge(): AppError {
  return new AppError("payload-too-large", "The largest picture that can be uploaded is 100 MB.", {
    fields: [{ field: "size", message: `at most ${MAX_SINGLE_UPLOAD_BYTES} bytes` }],
  });
}
