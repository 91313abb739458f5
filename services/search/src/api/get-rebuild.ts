import { createRoute } from "@hono/zod-openapi";
import { problems } from "@shoebox/shared/http/problem-responses";
import { defineAdminRoute } from "./define-admin-route.ts";
import { findRebuild, RebuildPath } from "./find-job.ts";
import { RebuildView, rebuildView } from "./rebuild-view.ts";

export const getRebuild = defineAdminRoute(
  createRoute({
    method: "get",
    path: "/v1/search/rebuilds/{rebuildId}",
    operationId: "getRebuild",
    summary: "How far a rebuild is",
    request: { params: RebuildPath },
    responses: {
      200: {
        description: "The rebuild",
        content: { "application/json": { schema: RebuildView } },
      },
      ...problems("forbidden", "not-found"),
    },
  }),
  async (c, deps) => {
    const job = await findRebuild(c.req.valid("param").rebuildId, deps);
    return c.json(rebuildView(job, deps.now()), 200);
  },
);
