import { createRoute, z } from "@hono/zod-openapi";
import { AppError } from "@shoebox/shared/errors";
import { problems } from "@shoebox/shared/http/problem-responses";
import type { Rebuild } from "../domain/job.ts";
import { defineAdminRoute } from "./define-admin-route.ts";
import type { SearchDeps } from "./deps.ts";
import { findRebuild, RebuildPath } from "./find-job.ts";
import { RebuildView, rebuildExample, rebuildView } from "./rebuild-view.ts";

const Asked = z
  .strictObject({
    to: z.enum(["previous", "rebuilt"]).default("previous").openapi({
      description: "`previous`: the index from before this rebuild. `rebuilt`: its own, again.",
    }),
  })
  .openapi("RollbackRequest", { example: { to: "previous" as const } });

export const rollBack = defineAdminRoute(
  createRoute({
    method: "post",
    path: "/v1/search/rebuilds/{rebuildId}/rollback",
    operationId: "rollBack",
    summary: "Search the previous index again",
    description:
      "One step, at once: the previous index has taken every change since. Both ways, as often as wanted, until the next rebuild has completed.",
    request: {
      params: RebuildPath,
      body: { required: true, content: { "application/json": { schema: Asked } } },
    },
    responses: {
      200: {
        description: "The rebuild, with the index that is searched now",
        content: {
          "application/json": {
            schema: RebuildView.extend({ searched: z.string() }).openapi("RolledBack", {
              example: { ...rebuildExample, rolledBack: true, searched: "images-v2-first" },
            }),
          },
        },
      },
      ...problems("invalid-request", "malformed-json", "forbidden", "not-found", {
        conflict: "It has not completed, or a later rebuild has replaced what it could go back to",
      }),
    },
  }),
  async (c, deps) => {
    const job = await findRebuild(c.req.valid("param").rebuildId, deps);
    const rolledBack = c.req.valid("json").to === "previous";
    const to = rolledBack ? job.previousIndex : job.index;
    const from = await deps.admin.readIndex();
    if (to !== from) {
      await check(job, from, to, deps);
      await deps.admin.refresh(to ?? "");
      await deps.admin.swap(from, to ?? "");
    }
    const noted = { ...job, rolledBack };
    // Only a note: what is searched is what the alias says.
    await deps.jobs.write(noted);
    return c.json({ ...rebuildView(noted, deps.now()), searched: to ?? "" }, 200);
  },
);

/** @throws AppError `conflict` */
async function check(
  job: Rebuild,
  from: string | undefined,
  to: string | undefined,
  { admin }: Pick<SearchDeps, "admin">,
): Promise<void> {
  if (job.status !== "completed") {
    throw new AppError("conflict", "Only a rebuild that has completed can be rolled back.");
  }
  if (to === undefined) {
    throw new AppError("conflict", "There was no index before this rebuild.");
  }
  if (from !== job.index && from !== job.previousIndex) {
    throw new AppError("conflict", "A later rebuild has taken over; roll that one back.");
  }
  if (!(await admin.isKept(to))) {
    throw new AppError("conflict", `The index ${to} is not kept any more.`);
  }
}
