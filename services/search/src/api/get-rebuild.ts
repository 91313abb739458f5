import { createRoute } from "@hono/zod-openapi";
import { defineRoute } from "@shoebox/shared/http/api";
import { problems } from "@shoebox/shared/http/problem-responses";
import { adminOnly } from "./admin-only.ts";
import type { SearchDeps } from "./deps.ts";
import { findRebuild, RebuildPath } from "./find-job.ts";
import { RebuildView, rebuildView } from "./rebuild-view.ts";

export const getRebuild = defineRoute<SearchDeps>()(
  createRoute({
    method: "get",
    path: "/v1/search/rebuilds/{rebuildId}",
    operationId: "getRebuild",
    summary: "How far a rebuild is",
    description: "For administrators.",
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
    adminOnly(c.get("principal"));
    const job = await findRebuild(c.req.valid("param").rebuildId, deps);
    return c.json(rebuildView(job, deps.now()), 200);
  },
);
