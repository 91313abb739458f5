import { createRoute, z } from "@hono/zod-openapi";
import { AppError } from "@shoebox/shared/errors";
import { defineRoute } from "@shoebox/shared/http/api";
import { ImagePath, ownImage } from "@shoebox/shared/http/image-path";
import { problems } from "@shoebox/shared/http/problem-responses";
import { decideRetry } from "../domain/retry.ts";
import type { ApiDeps } from "./deps.ts";
import { JobView } from "./job-view.ts";

export const retryJob = defineRoute<ApiDeps>()(
  createRoute({
    method: "post",
    path: "/v1/processing/{imageId}/retry",
    summary: "Have one of my images processed again",
    description:
      "For a picture that was rejected for what another attempt could change, or whose processing " +
      "does not end. The answer comes before the attempt: ask for the job until it has ended. The " +
      "image becomes `ready` then, or is rejected anew.",
    request: {
      params: ImagePath,
      headers: z.object({ "idempotency-key": z.string().optional() }),
    },
    responses: {
      202: {
        description: "It will be processed again",
        content: {
          "application/json": {
            schema: JobView,
            example: {
              imageId: "019a8f5e-7b1c-7a3e-9f10-0a1b2c3d4e5f",
              status: "processing" as const,
              attempts: 25,
              retries: 1,
              steps: [],
              startedAt: "2026-11-22T14:00:00.000Z",
            },
          },
        },
      },
      ...problems(
        { "invalid-request": "The Idempotency-Key is none" },
        "not-found",
        {
          conflict:
            "It is processed, is being processed, was tried too often, or lies in the picture itself",
        },
        "in-flight",
        "idempotency-key-reused",
      ),
    },
  }),
  async (c, { jobs, now }) => {
    const key = ownImage(c.get("principal").userId, c.req.valid("param"));
    const at = now();
    const job = await jobs.find(key);
    const decision = decideRetry(job, at);
    if (decision.kind === "refused") throw new AppError("conflict", decision.why);
    if (decision.kind === "unknown" || !job || job.status === "deleted") {
      throw new AppError("not-found", "There is no such image.");
    }
    const correlationId = c.get("correlationId");
    if (!(await jobs.retry(job, correlationId, at))) {
      throw new AppError("conflict", "Its processing has just changed; look at it again.");
    }
    const { imageId, attempts, retries = 0, startedAt } = job;
    const asked = { imageId, attempts, retries: retries + 1, startedAt };
    c.get("log").info(asked, "an image is processed again because its owner asked for it");
    return c.json({ ...asked, status: "processing" as const, steps: [] }, 202);
  },
);
