import { createRoute, z } from "@hono/zod-openapi";
import { AppError } from "@shoebox/shared/errors";
import { problems } from "@shoebox/shared/http/problem-responses";
import { newImageId } from "@shoebox/shared/ids";
import { Instant } from "@shoebox/shared/image";
import { SCHEMA } from "../adapters/index-definition.ts";
import { indexName } from "../domain/index-name.ts";
import { newRebuild } from "../domain/job.ts";
import { askForStep } from "../jobs/take-step.ts";
import { defineAdminRoute } from "./define-admin-route.ts";
import { rebuildExample } from "./rebuild-view.ts";

const Asked = z
  .strictObject({
    source: z.enum(["archive", "catalog"]).default("catalog").openapi({
      description:
        "`catalog`: the catalog tells its present state. `archive`: the bus's archived events are replayed, and what they lack is taken from the catalog.",
    }),
    from: Instant.optional().openapi({ description: "With `archive`: replay from here" }),
    to: Instant.optional().openapi({ description: "With `archive`: replay up to here" }),
  })
  .openapi("RebuildRequest", { example: { source: "catalog" as const } });

export const startRebuild = defineAdminRoute(
  createRoute({
    method: "post",
    path: "/v1/search/rebuilds",
    operationId: "startRebuild",
    summary: "Build the index anew",
    description:
      "Search goes on with the present index until the new one is proven to be complete; then they are exchanged in one step.",
    request: { body: { required: true, content: { "application/json": { schema: Asked } } } },
    responses: {
      202: {
        description: "It begins",
        headers: z.object({ Location: z.string() }),
        content: {
          "application/json": {
            schema: z.object({ rebuildId: z.string() }).openapi("RebuildStarted", {
              example: { rebuildId: rebuildExample.rebuildId },
            }),
          },
        },
      },
      ...problems("invalid-request", "malformed-json", "forbidden", {
        conflict: "A rebuild is under way; the problem's `activeId` names it",
      }),
    },
  }),
  async (c, deps) => {
    const { source, from, to } = c.req.valid("json");
    if (source === "catalog" && (from ?? to) !== undefined)
      refuse("from", "needs the source archive");
    if (from !== undefined && to !== undefined && from >= to) {
      refuse("to", "must be later than from");
    }
    const now = deps.now();
    const id = newImageId(now);
    const index = indexName(SCHEMA, id);
    const job = newRebuild(
      { id, source, from, to, index, correlationId: c.get("correlationId") },
      now,
    );
    const begun = await deps.jobs.begin(job);
    if (begun.kind === "busy") {
      throw new AppError("conflict", `The rebuild ${begun.activeId} is under way.`, {
        members: { activeId: begun.activeId },
      });
    }
    await askForStep(job, deps);
    c.header("Location", `${c.req.path}/${id}`);
    return c.json({ rebuildId: id }, 202);
  },
);

function refuse(field: string, message: string): never {
  throw new AppError("invalid-request", `Not valid: ${field}.`, { fields: [{ field, message }] });
}
