import { createRoute, z } from "@hono/zod-openapi";
import { AppError } from "@shoebox/shared/errors";
import { defineRoute } from "@shoebox/shared/http/api";
import { invalidRequest } from "@shoebox/shared/http/invalid-request";
import { toProblem } from "@shoebox/shared/http/problem";
import { problems } from "@shoebox/shared/http/problem-responses";
import { beginUploads } from "../begin-uploads.ts";
import type { Deps } from "../deps.ts";
import { type Acceptable, Announcement, acceptable } from "./announcement.ts";
import { formExample } from "./begun.ts";
import { IdempotencyKey } from "./idempotency-key.ts";

const Body = z
  .object({
    // Each is read for itself: what is wrong with one is that one's own problem.
    uploads: z
      .array(
        z.unknown().openapi({ type: "object", description: "As the body of POST /v1/uploads" }),
      )
      .min(1)
      .max(100),
  })
  .strict();

const Result = z
  .looseObject({ status: z.number().int() })
  .openapi({ description: "As POST /v1/uploads answers, with its status; or a problem" });

const example = {
  results: [
    { status: 201, ...formExample },
    {
      status: 415,
      type: "urn:shoebox:problem:unsupported-media-type",
      title: "The media type is not supported",
      detail: "Pictures can be JPEG, PNG or WebP.",
      requestId: "5f0c8c1e-6f0e-4a7b-9a51-8d5f0f6f6b1c",
      errors: [
        { field: "contentType", message: "must be one of image/jpeg, image/png, image/webp" },
      ],
    },
  ],
};

export const createUploads = defineRoute<Deps>()(
  createRoute({
    method: "post",
    path: "/v1/uploads/batch",
    operationId: "createUploads",
    tags: ["uploads"],
    summary: "Begin up to a hundred uploads",
    description:
      "The results are in the order of the uploads. One that fails does not touch the others.",
    request: {
      headers: IdempotencyKey,
      body: {
        required: true,
        content: {
          "application/json": {
            schema: Body,
            example: {
              uploads: [
                { contentType: "image/jpeg", size: 2_481_337 },
                { contentType: "image/gif", size: 1_000 },
              ],
            },
          },
        },
      },
    },
    responses: {
      207: {
        description: "What became of each",
        content: {
          "application/json": { schema: z.object({ results: z.array(Result) }), example },
        },
      },
      ...problems("malformed-json", "in-flight", "payload-too-large", "idempotency-key-reused"),
    },
  }),
  async (c, deps) => {
    const log = c.get("log");
    const read = c.req.valid("json").uploads.map(readOne);
    const good = read.filter((one): one is Acceptable => !(one instanceof AppError));
    const outcomes = await beginUploads(
      good,
      { ownerId: c.get("principal").userId, correlationId: c.get("correlationId"), log },
      deps,
    );
    const failed = (error: unknown) => {
      const problem = toProblem(error, c.get("requestId"));
      if (problem.status >= 500) log.error({ err: error }, "an upload of a batch failed");
      return problem;
    };
    const results = read.map((one) => {
      if (one instanceof AppError) return failed(one);
      const outcome = outcomes[good.indexOf(one)];
      if (!outcome || "error" in outcome) return failed(outcome?.error);
      return "begun" in outcome
        ? { status: 201, ...outcome.begun }
        : { status: 200, ...outcome.duplicate };
    });
    return c.json({ results }, 207);
  },
);

function readOne(item: unknown): Acceptable | AppError {
  const read = Announcement.safeParse(item);
  if (!read.success) return invalidRequest(read.error);
  try {
    return acceptable(read.data);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}
