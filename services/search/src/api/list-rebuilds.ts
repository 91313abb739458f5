import { createRoute, z } from "@hono/zod-openapi";
import { AppError } from "@shoebox/shared/errors";
import { decodeCursor, encodeCursor } from "@shoebox/shared/http/cursor";
import { problems } from "@shoebox/shared/http/problem-responses";
import { defineAdminRoute } from "./define-admin-route.ts";
import { RebuildView, rebuildExample, rebuildView } from "./rebuild-view.ts";

const SCOPE = "rebuilds";

export const listRebuilds = defineAdminRoute(
  createRoute({
    method: "get",
    path: "/v1/search/rebuilds",
    operationId: "listRebuilds",
    summary: "All rebuilds, the newest first",
    request: {
      query: z.strictObject({
        limit: z.coerce.number().int().min(1).max(100).default(50),
        cursor: z.string().max(1_024).optional(),
      }),
    },
    responses: {
      200: {
        description: "A page",
        headers: z.object({
          Link: z.string().optional().openapi({ description: 'The next page, `rel="next"`' }),
        }),
        content: {
          "application/json": {
            schema: z
              .object({ items: z.array(RebuildView), nextCursor: z.string().optional() })
              .openapi("RebuildPage", { example: { items: [rebuildExample] } }),
          },
        },
      },
      ...problems("invalid-request", "invalid-cursor", "forbidden"),
    },
  }),
  async (c, { jobs, now }) => {
    const { limit, cursor } = c.req.valid("query");
    const rebuilds = await jobs.list("rebuild", limit, cursor && position(cursor));
    const last = rebuilds.length === limit ? rebuilds.at(-1) : undefined;
    const nextCursor = last && encodeCursor(last.id, SCOPE);
    if (nextCursor) {
      const next = new URL(c.req.url);
      next.searchParams.set("cursor", nextCursor);
      c.header("Link", `<${next.search}>; rel="next"`);
    }
    const items = rebuilds.map((job) => rebuildView(job, now()));
    return c.json({ items, ...(nextCursor && { nextCursor }) }, 200);
  },
);

function position(cursor: string): string {
  const before = decodeCursor<unknown>(cursor, SCOPE);
  if (typeof before === "string") return before;
  throw new AppError("invalid-cursor", "The cursor does not point into this list.");
}
