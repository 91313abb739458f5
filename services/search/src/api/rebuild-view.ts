import { z } from "@hono/zod-openapi";
import { paceOf, progressOf, type Rebuild } from "../domain/job.ts";

const Time = z.string().openapi({ example: "2026-11-22T12:00:00.000Z" });

export const status = z.enum([
  "pending",
  "running",
  "verifying",
  "completed",
  "failed",
  "cancelled",
]);

export const rebuildExample = {
  rebuildId: "019a9f1e-8000-7a11-9d0a-3f2f6f1d4c56",
  status: "completed" as const,
  phase: "done",
  source: "catalog" as const,
  progress: 1,
  indexed: 120_304,
  owners: 311,
  images: 120_304,
  disagreements: { missing: 0, stale: 2, resurrected: 0 },
  index: "images-v2-019a9f1e80007a119d0a3f2f6f1d4c56",
  previousIndex: "images-v2-first",
  rolledBack: false,
  startedAt: "2026-11-22T12:00:00.000Z",
  endedAt: "2026-11-22T12:03:43.000Z",
};

export const RebuildView = z
  .object({
    rebuildId: z.string(),
    status,
    phase: z.string().openapi({ description: "What it is at, in more detail than the status" }),
    source: z.enum(["archive", "catalog"]),
    progress: z.number().min(0).max(1),
    indexed: z.number().int().openapi({ description: "Documents in the new index" }),
    expected: z
      .number()
      .int()
      .optional()
      .openapi({ description: "About as many as there will be" }),
    ratePerSecond: z.number().optional(),
    secondsLeft: z.number().int().optional(),
    owners: z
      .number()
      .int()
      .optional()
      .openapi({ description: "Of the catalog, once it is compared" }),
    images: z
      .number()
      .int()
      .optional()
      .openapi({ description: "Of the catalog, once it is compared" }),
    proofs: z
      .object({ done: z.number().int(), planned: z.number().int() })
      .optional()
      .openapi({ description: "Groups of owners whose pictures are compared one by one" }),
    disagreements: z
      .object({
        missing: z.number().int(),
        stale: z.number().int(),
        resurrected: z.number().int(),
      })
      .openapi({ description: "What was found and repaired before the new index was used" }),
    index: z.string(),
    previousIndex: z.string().optional(),
    rolledBack: z
      .boolean()
      .openapi({ description: "Whether the previous index is searched again" }),
    reason: z.string().optional().openapi({ description: "Why it failed" }),
    trouble: z
      .string()
      .optional()
      .openapi({ description: "Why it does not get on; it is tried again" }),
    startedAt: Time,
    endedAt: Time.optional(),
  })
  .openapi("Rebuild", { example: rebuildExample });

const iso = (time: number) => new Date(time).toISOString();
const rounded = (number: number) => Math.round(number * 1_000) / 1_000;

export function rebuildView(job: Rebuild, now: number): z.infer<typeof RebuildView> {
  const { ratePerSecond, secondsLeft } = paceOf(job, now);
  return {
    rebuildId: job.id,
    status: job.status,
    phase: job.phase,
    source: job.source,
    progress: rounded(progressOf(job)),
    indexed: job.indexed,
    expected: job.expected,
    ...(ratePerSecond !== undefined && { ratePerSecond: rounded(ratePerSecond) }),
    secondsLeft,
    owners: job.owners,
    images: job.images,
    ...(job.chunks !== undefined && { proofs: { done: job.chunk, planned: job.chunks } }),
    disagreements: job.found,
    index: job.index,
    previousIndex: job.previousIndex,
    rolledBack: job.rolledBack ?? false,
    reason: job.reason,
    trouble: job.trouble,
    startedAt: iso(job.createdAt),
    ...(job.endedAt !== undefined && { endedAt: iso(job.endedAt) }),
  };
}
