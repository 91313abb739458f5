import { createRoute, z } from "@hono/zod-openapi";
import { defineRoute } from "@shoebox/shared/http/api";
import { problems } from "@shoebox/shared/http/problem-responses";
import { presets, type RenditionSpec } from "../domain/presets.ts";
import type { ApiDeps } from "./deps.ts";

const PresetView = z
  .object({
    name: z.string(),
    renditions: z.array(
      z
        .object({
          name: z.string(),
          format: z.enum(["webp", "jpeg", "avif"]),
          width: z.int().openapi({ description: "Pixels; never enlarged" }),
          height: z.int().optional(),
          fit: z.enum(["inside", "cover"]),
        })
        .strict(),
    ),
  })
  .strict()
  .openapi("Preset");

const example = {
  items: [
    {
      name: "default",
      renditions: [
        {
          name: "thumb",
          format: "webp" as const,
          width: 150,
          height: 150,
          fit: "cover" as const,
        },
      ],
    },
  ],
};

export const getPresets = defineRoute<ApiDeps>()(
  createRoute({
    method: "get",
    path: "/v1/processing/presets",
    summary: "The sets of renditions that there are",
    responses: {
      200: {
        description: "All presets",
        content: {
          "application/json": {
            schema: z.object({ items: z.array(PresetView) }).strict(),
            example,
          },
        },
      },
      ...problems(),
    },
  }),
  async (c) => {
    const items = Object.values(presets).map(({ name, renditions }) => ({
      name,
      renditions: renditions.map(publicPart),
    }));
    return c.json({ items }, 200);
  },
);

/** Quality and effort are ours to tune. */
function publicPart({ name, format, width, height, fit }: RenditionSpec) {
  return { name, format, width, height, fit };
}
