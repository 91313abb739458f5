import { createRoute, z } from "@hono/zod-openapi";
import { AppError } from "@shoebox/shared/errors";
import { defineRoute } from "@shoebox/shared/http/api";
import { ImagePath, ownImage } from "@shoebox/shared/http/image-path";
import { problems } from "@shoebox/shared/http/problem-responses";
import { awaitEnd } from "../await-end.ts";
import type { Deps } from "../deps.ts";
import { UploadView, uploadExample, viewOf } from "./upload-view.ts";

/** Seconds; API Gateway gives up after 29. */
const LONGEST_WAIT = 25;

const Query = z
  .object({
    wait: z
      .string()
      .regex(/^\d{1,2}$/, "must be whole seconds")
      .transform(Number)
      .refine((seconds) => seconds <= LONGEST_WAIT, `at most ${LONGEST_WAIT} seconds`)
      .optional()
      .openapi({
        type: "integer",
        minimum: 0,
        maximum: LONGEST_WAIT,
        description: "Seconds to wait for the upload's end; the answer comes at once when it ends",
      }),
  })
  .strict();

export const getUpload = defineRoute<Deps>()(
  createRoute({
    method: "get",
    path: "/v1/uploads/{imageId}",
    operationId: "getUpload",
    tags: ["uploads"],
    summary: "How an upload stands",
    request: { params: ImagePath, query: Query },
    responses: {
      200: {
        description: "The upload; a rejected one says why",
        content: { "application/json": { schema: UploadView, example: uploadExample } },
      },
      ...problems("invalid-request", "not-found"),
    },
  }),
  async (c, deps) => {
    const ref = ownImage(c.get("principal").userId, c.req.valid("param"));
    const { wait = 0 } = c.req.valid("query");
    const session = await awaitEnd(ref, wait * 1000, deps, c.req.raw.signal);
    const view = viewOf(session, deps.now());
    if (!view) throw new AppError("not-found", "There is no such upload.");
    return c.json(view, 200);
  },
);
