import { createRoute, z } from "@hono/zod-openapi";
import { AppError } from "@shoebox/shared/errors";
import { defineRoute } from "@shoebox/shared/http/api";
import { ImagePath, ownImage } from "@shoebox/shared/http/image-path";
import { problems } from "@shoebox/shared/http/problem-responses";
import { Reason } from "@shoebox/shared/image";
import { type Job, StepTime } from "../domain/job.ts";
import type { ApiDeps } from "./deps.ts";

const JobView = z
  .object({
    imageId: z.string(),
    status: z.enum(["processing", "processed", "rejected"]),
    reason: Reason.optional().openapi({ description: "Why the picture was rejected" }),
    attempts: z.int().openapi({ description: "How often it was tried, this time included" }),
    steps: z.array(StepTime).openapi({ description: "The steps of the last attempt, in order" }),
    startedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().optional(),
  })
  .strict()
  .openapi("Job", {
    example: {
      imageId: "019a8f5e-7b1c-7a3e-9f10-0a1b2c3d4e5f",
      status: "processed",
      attempts: 1,
      steps: [
        { name: "fetch", ms: 8.1 },
        { name: "decode", ms: 61.4 },
      ],
      startedAt: "2026-11-22T14:00:00.000Z",
      finishedAt: "2026-11-22T14:00:00.240Z",
    },
  });

export const getJob = defineRoute<ApiDeps>()(
  createRoute({
    method: "get",
    path: "/v1/processing/{imageId}",
    summary: "How far the processing of one of my images is",
    request: { params: ImagePath },
    responses: {
      200: { description: "The job", content: { "application/json": { schema: JobView } } },
      ...problems("not-found"),
    },
  }),
  async (c, { jobs }) => {
    const job = await jobs.find(ownImage(c.get("principal").userId, c.req.valid("param")));
    if (!job || job.status === "deleted") {
      throw new AppError("not-found", "There is no such image.");
    }
    return c.json(view(job), 200);
  },
);

function view(job: Exclude<Job, { status: "deleted" }>): z.infer<typeof JobView> {
  const { imageId, attempts, startedAt } = job;
  switch (job.status) {
    case "processing":
      return { imageId, status: job.status, attempts, steps: [], startedAt };
    case "processed":
    case "rejected":
      return {
        imageId,
        status: job.status,
        ...(job.status === "rejected" && { reason: job.reason }),
        attempts,
        steps: job.steps,
        startedAt,
        finishedAt: job.finishedAt,
      };
    default:
      return job satisfies never;
  }
}
