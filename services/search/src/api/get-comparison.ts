import { createRoute, z } from "@hono/zod-openapi";
import { problems } from "@shoebox/shared/http/problem-responses";
import { progressOf } from "../domain/job.ts";
import { defineAdminRoute } from "./define-admin-route.ts";
import { ComparisonPath, findComparison } from "./find-job.ts";
import { status } from "./rebuild-view.ts";

/** Disagreements in an answer; the count is of all. */
const SHOWN = 1_000;

const ComparisonView = z
  .object({
    comparisonId: z.string(),
    status,
    progress: z.number().min(0).max(1),
    index: z.string(),
    owners: z.number().int().optional(),
    images: z.number().int().optional(),
    disagreementCount: z.number().int(),
    disagreements: z
      .array(
        z.object({
          kind: z.enum(["missing", "stale", "resurrected"]),
          ownerId: z.string(),
          imageId: z.string(),
          catalogVersion: z.number().int().optional(),
          indexVersion: z.number().int().optional(),
        }),
      )
      .openapi({ description: `The first ${SHOWN}` }),
    reason: z.string().optional(),
    trouble: z.string().optional(),
    startedAt: z.string(),
    endedAt: z.string().optional(),
  })
  .openapi("Comparison", {
    example: {
      comparisonId: "019a9f1e-8000-7a11-9d0a-3f2f6f1d4c57",
      status: "completed" as const,
      progress: 1,
      index: "images-v2-first",
      owners: 311,
      images: 120_304,
      disagreementCount: 1,
      disagreements: [
        {
          kind: "stale" as const,
          ownerId: "ann",
          imageId: "019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55",
          catalogVersion: 4,
          indexVersion: 3,
        },
      ],
      startedAt: "2026-11-22T12:00:00.000Z",
      endedAt: "2026-11-22T12:00:21.000Z",
    },
  });

export const getComparison = defineAdminRoute(
  createRoute({
    method: "get",
    path: "/v1/search/comparisons/{comparisonId}",
    operationId: "getComparison",
    summary: "On what index and catalog differ",
    request: { params: ComparisonPath },
    responses: {
      200: {
        description: "The comparison",
        content: { "application/json": { schema: ComparisonView } },
      },
      ...problems("forbidden", "not-found"),
    },
  }),
  async (c, deps) => {
    const job = await findComparison(c.req.valid("param").comparisonId, deps);
    const { missing, stale, resurrected } = job.found;
    return c.json(
      {
        comparisonId: job.id,
        status: job.status,
        progress: progressOf(job),
        index: job.index,
        owners: job.owners,
        images: job.images,
        disagreementCount: missing + stale + resurrected,
        disagreements: await deps.snapshots.disagreements(job, SHOWN),
        reason: job.reason,
        trouble: job.trouble,
        startedAt: new Date(job.createdAt).toISOString(),
        ...(job.endedAt !== undefined && { endedAt: new Date(job.endedAt).toISOString() }),
      },
      200,
    );
  },
);
