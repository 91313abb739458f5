import { z } from "@hono/zod-openapi";
import { Reason } from "@shoebox/shared/image";
import type { LivingJob } from "../adapters/jobs-table.ts";
import { StepTime } from "../domain/job.ts";

/** A job as its image's owner sees it. */
export const JobView = z
  .object({
    imageId: z.string(),
    status: z.enum(["processing", "processed", "rejected"]),
    reason: Reason.optional().openapi({ description: "Why the picture was rejected" }),
    attempts: z.int().openapi({ description: "How often it was tried, this time included" }),
    retries: z.int().optional().openapi({ description: "How often it was asked for again" }),
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

/** What the owner is told of a job. */
export function viewOf(job: LivingJob): z.infer<typeof JobView> {
  const { imageId, attempts, retries, startedAt } = job;
  switch (job.status) {
    case "processing":
      return { imageId, status: job.status, attempts, retries, steps: [], startedAt };
    case "processed":
    case "rejected":
      return {
        imageId,
        status: job.status,
        ...(job.status === "rejected" && { reason: job.reason }),
        attempts,
        retries,
        steps: job.steps,
        startedAt,
        finishedAt: job.finishedAt,
      };
    default:
      return job satisfies never;
  }
}
