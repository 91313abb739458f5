import { createRoute, z } from "@hono/zod-openapi";
import { AppError } from "@shoebox/shared/errors";
import { problems } from "@shoebox/shared/http/problem-responses";
import { defineAdminRoute } from "./define-admin-route.ts";

const Index = z
  .object({
    name: z.string(),
    schema: z.number().int().openapi({ description: "The definition it was made by" }),
    searched: z.boolean().openapi({ description: "Searches go to it" }),
    written: z.boolean().openapi({ description: "Live events go to it" }),
    images: z.number().int(),
    tombstones: z.number().int().openapi({ description: "Deleted pictures it remembers" }),
    bytes: z.number().int(),
  })
  .openapi("Index");

export const getIndex = defineAdminRoute(
  createRoute({
    method: "get",
    path: "/v1/search/index",
    operationId: "getIndex",
    summary: "The indexes behind the search",
    description:
      "Which index is searched, which take live events, what they hold as of their last refresh, and how the cluster is.",
    responses: {
      200: {
        description: "The state of the index",
        content: {
          "application/json": {
            schema: z.object({
              health: z.enum(["green", "yellow", "red"]).openapi({
                description: "`yellow`: not all copies are there; `red`: not all data is",
              }),
              nodes: z.number().int(),
              indexes: z.array(Index),
            }),
            example: {
              health: "green" as const,
              nodes: 3,
              indexes: [
                {
                  name: "images-v3-first",
                  schema: 3,
                  searched: true,
                  written: true,
                  images: 120_304,
                  tombstones: 811,
                  bytes: 88_080_384,
                },
              ],
            },
          },
        },
      },
      ...problems("forbidden", { unavailable: "The search engine can't be reached" }),
    },
  }),
  async (c, { indexStatus }) => {
    const status = await indexStatus.read();
    if ("unreachable" in status) {
      throw new AppError(
        "unavailable",
        `The search engine can't be reached: ${status.unreachable}.`,
      );
    }
    return c.json(status, 200);
  },
);
