import { createRoute, z } from "@hono/zod-openapi";
import { defineRoute } from "@shoebox/shared/http/api";
import { problems } from "@shoebox/shared/http/problem-responses";
import { beginUpload } from "../begin-uploads.ts";
import type { Deps } from "../deps.ts";
import { Announcement, acceptable } from "./announcement.ts";
import { Begun, Duplicate, formExample, partsExample } from "./begun.ts";
import { IdempotencyKey } from "./idempotency-key.ts";

export const createUpload = defineRoute<Deps>()(
  createRoute({
    method: "post",
    path: "/v1/uploads",
    operationId: "createUpload",
    tags: ["uploads"],
    summary: "Begin an upload",
    description:
      "`POST`: send the form's fields and then the picture, as the last field named `file`, to `url` " +
      "as multipart/form-data, before `expiresAt`. `MULTIPART` (more than 100 MB): ask for the URLs of " +
      "the parts, PUT them, complete. Exactly the announced size and type are taken.",
    request: {
      headers: IdempotencyKey,
      body: {
        required: true,
        content: {
          "application/json": {
            schema: Announcement,
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
      200: {
        description: "No upload: this is an own image with that `sha256` (`ifDuplicate: return`)",
        content: {
          "application/json": {
            schema: Duplicate,
            example: { imageId: formExample.imageId, duplicate: true },
          },
        },
      },
      201: {
        description: "The upload is awaited",
        headers: z.object({ Location: z.string() }),
        content: {
          "application/json": {
            schema: Begun,
            examples: { form: { value: formExample }, parts: { value: partsExample } },
          },
        },
      },
      ...problems(
        "malformed-json",
        "in-flight",
        {
          "quota-exceeded": "The quota is used up; `quota` says what is used and what the limit is",
        },
        "payload-too-large",
        "unsupported-media-type",
        "idempotency-key-reused",
        "unavailable",
      ),
    },
  }),
  async (c, deps) => {
    const begun = await beginUpload(
      acceptable(c.req.valid("json")),
      {
        ownerId: c.get("principal").userId,
        correlationId: c.get("correlationId"),
        log: c.get("log"),
      },
      deps,
    );
    if ("duplicate" in begun) return c.json(begun, 200);
    return c.json(begun, 201, { Location: `/v1/uploads/${begun.imageId}` });
  },
);
