import { createRoute, z } from "@hono/zod-openapi";
import { defineRoute } from "@shoebox/shared/http/api";
import { problems } from "@shoebox/shared/http/problem-responses";
import type { Deps } from "../deps.ts";

const Share = z.object({ used: z.number(), limit: z.number() });

export const getQuota = defineRoute<Deps>()(
  createRoute({
    method: "get",
    path: "/v1/uploads/quota",
    operationId: "getQuota",
    tags: ["uploads"],
    summary: "What is used of the quota",
    description:
      "Uploads that are awaited and images that are there. What is called off, rejected, expired or " +
      "deleted is given back.",
    responses: {
      200: {
        description: "Bytes and images, used and allowed",
        content: {
          "application/json": {
            schema: z.object({ bytes: Share, images: Share }),
            example: {
              bytes: { used: 2_481_337, limit: 107_374_182_400 },
              images: { used: 1, limit: 100_000 },
            },
          },
        },
      },
      ...problems(),
    },
  }),
  async (c, { sessions, quota }) => {
    const used = await sessions.usage(c.get("principal").userId);
    return c.json(
      {
        bytes: { used: used.bytes, limit: quota.bytes },
        images: { used: used.images, limit: quota.images },
      },
      200,
    );
  },
);
