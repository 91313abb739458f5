import { z } from "@hono/zod-openapi";
import { AppError } from "@shoebox/shared/errors";
import { isImageId } from "@shoebox/shared/ids";
import type { Comparison, Rebuild } from "../domain/job.ts";
import type { SearchDeps } from "./deps.ts";

const id = (name: string) =>
  z.object({
    [name]: z.string().openapi({
      param: { name, in: "path" },
      example: "019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55",
    }),
  });

export const RebuildPath = id("rebuildId");
export const ComparisonPath = id("comparisonId");

type Jobs = Pick<SearchDeps, "jobs">;

/** @throws AppError `not-found` */
export async function findRebuild(rebuildId: string | undefined, { jobs }: Jobs): Promise<Rebuild> {
  const job = isImageId(rebuildId ?? "") ? await jobs.get("rebuild", rebuildId ?? "") : undefined;
  if (!job) throw new AppError("not-found", "There is no such rebuild.");
  return job;
}

/** @throws AppError `not-found` */
export async function findComparison(
  comparisonId: string | undefined,
  { jobs }: Jobs,
): Promise<Comparison> {
  const known = isImageId(comparisonId ?? "");
  const job = known ? await jobs.get("comparison", comparisonId ?? "") : undefined;
  if (!job) throw new AppError("not-found", "There is no such comparison.");
  return job;
}
