import { createRoute } from "@hono/zod-openapi";
import { AppError } from "@shoebox/shared/errors";
import { problems } from "@shoebox/shared/http/problem-responses";
import { cancelled } from "../domain/job.ts";
import { askForStep } from "../jobs/take-step.ts";
import { defineAdminRoute } from "./define-admin-route.ts";
import { findRebuild, RebuildPath } from "./find-job.ts";

/** A step of the rebuild may be written at the same time; it is not often. */
const ATTEMPTS = 10;

export const cancelRebuild = defineAdminRoute(
  createRoute({
    method: "delete",
    path: "/v1/search/rebuilds/{rebuildId}",
    operationId: "cancelRebuild",
    summary: "Cancel a rebuild",
    description:
      "Search goes on with the index it has; the new one is removed. Again: the same answer.",
    request: { params: RebuildPath },
    responses: {
      204: { description: "It is cancelled" },
      ...problems("forbidden", "not-found", { conflict: "It has ended, or is about to" }),
    },
  }),
  async (c, deps) => {
    const { rebuildId } = c.req.valid("param");
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const answer = cancelled(await findRebuild(rebuildId, deps), deps.now());
      if (answer.kind === "nothing") return c.body(null, 204);
      if (answer.kind === "too-late") {
        throw new AppError("conflict", "The rebuild has ended; it can only be rolled back.");
      }
      if (!(await deps.jobs.write(answer.job))) continue;
      await askForStep({ ...answer.job, fence: answer.job.fence + 1 }, deps);
      return c.body(null, 204);
    }
    throw new AppError("unavailable", "The rebuild is moving on; try again.");
  },
);
