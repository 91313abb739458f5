import { createRoute, z } from "@hono/zod-openapi";
import { AppError } from "@shoebox/shared/errors";
import { problems } from "@shoebox/shared/http/problem-responses";
import { newImageId } from "@shoebox/shared/ids";
import { newComparison } from "../domain/job.ts";
import { askForStep } from "../jobs/take-step.ts";
import { defineAdminRoute } from "./define-admin-route.ts";

export const startComparison = defineAdminRoute(
  createRoute({
    method: "post",
    path: "/v1/search/comparisons",
    operationId: "startComparison",
    summary: "Compare the index with the catalog",
    description:
      "Changes nothing. What is on its way from the catalog to the index is given time to arrive.",
    responses: {
      202: {
        description: "It begins",
        headers: z.object({ Location: z.string() }),
        content: {
          "application/json": {
            schema: z.object({ comparisonId: z.string() }).openapi("ComparisonStarted", {
              example: { comparisonId: "019a9f1e-8000-7a11-9d0a-3f2f6f1d4c57" },
            }),
          },
        },
      },
      ...problems("forbidden", {
        conflict:
          "A comparison is under way (the problem's `activeId` names it), or there is no index yet",
      }),
    },
  }),
  async (c, deps) => {
    const index = await deps.admin.readIndex();
    if (index === undefined) throw new AppError("conflict", "There is no index yet.");
    const now = deps.now();
    const id = newImageId(now);
    const job = newComparison({ id, index, correlationId: c.get("correlationId") }, now);
    const begun = await deps.jobs.begin(job);
    if (begun.kind === "busy") {
      throw new AppError("conflict", `The comparison ${begun.activeId} is under way.`, {
        members: { activeId: begun.activeId },
      });
    }
    await askForStep(job, deps);
    c.header("Location", `${c.req.path}/${id}`);
    return c.json({ comparisonId: id }, 202);
  },
);
