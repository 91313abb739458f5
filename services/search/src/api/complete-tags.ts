import { createRoute, z } from "@hono/zod-openapi";
import { defineRoute } from "@shoebox/shared/http/api";
import { problems } from "@shoebox/shared/http/problem-responses";
import { Tag } from "@shoebox/shared/image";
import { awaitVersions } from "../await-versions.ts";
import type { SearchDeps } from "./deps.ts";
import { CaughtUp, Scope, versionsOf, waiting, wholeNumber } from "./parameters.ts";

const Query = z.strictObject({
  prefix: z
    .union([z.string().trim().length(0), Tag])
    .default("")
    .openapi({
      type: "string",
      description:
        "What the tags begin with, lower-cased as tags are; without it, the most used tags are answered",
      example: "lis",
    }),
  scope: Scope,
  limit: wholeNumber({ minimum: 1, maximum: 100, default: 20, description: "Tags to answer" }),
  ...waiting,
});

export const completeTags = defineRoute<SearchDeps>()(
  createRoute({
    method: "get",
    path: "/v1/search/tags",
    operationId: "completeTags",
    summary: "Complete a tag",
    description:
      "The tags that begin so, of pictures that are ready and the caller may see, most used first; those used equally often in the order of their characters.",
    request: { query: Query },
    responses: {
      200: {
        description: "Tags, each with the number of its pictures",
        content: {
          "application/json": {
            schema: z
              .object({
                items: z.array(z.object({ tag: z.string(), count: z.number().int() })),
                caughtUp: CaughtUp,
              })
              .openapi("TagCompletions", {
                example: {
                  items: [
                    { tag: "lisbon", count: 12 },
                    { tag: "lisbon-trip", count: 3 },
                  ],
                },
              }),
          },
        },
      },
      ...problems("invalid-request", {
        unavailable: "The search engine does not answer; `Retry-After` says when to try again",
      }),
    },
  }),
  async (c, deps) => {
    const { userId } = c.get("principal");
    const { after, wait, ...query } = c.req.valid("query");
    const awaited = versionsOf(after, userId);
    const caughtUp =
      awaited.length > 0 &&
      (await awaitVersions(awaited, userId, wait * 1_000, deps, c.req.raw.signal));
    const counts = await deps.search.countTags(query, userId);
    const items = counts.map(({ key, count }) => ({ tag: key, count }));
    return c.json({ items, ...(awaited.length > 0 && { caughtUp }) }, 200);
  },
);
