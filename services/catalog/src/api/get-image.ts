import { createRoute, z } from "@hono/zod-openapi";
import { defineRoute } from "@shoebox/shared/http/api";
import { ImagePath, ownImage } from "@shoebox/shared/http/image-path";
import { problems } from "@shoebox/shared/http/problem-responses";
import { VERSION_TOKEN, versionToken } from "@shoebox/shared/http/version-token";
import { visible } from "../domain/image-record.ts";
import { noSuchImage } from "../refusals.ts";
import type { CatalogDeps } from "./deps.ts";
import { etagOf, notModified } from "./etag.ts";
import { ImageView, toView } from "./image-view.ts";
import { VersionHeaders } from "./version-headers.ts";

export const getImage = defineRoute<CatalogDeps>()(
  createRoute({
    method: "get",
    path: "/v1/images/{imageId}",
    operationId: "getImage",
    summary: "One of my images, as it is now",
    description:
      "Strongly consistent. With `If-None-Match`, 304 says that the image has not changed; the signed URLs of an earlier answer still end after one to two hours.",
    request: {
      params: ImagePath,
      headers: z.object({
        "if-none-match": z.string().optional().openapi({ example: '"3"' }),
      }),
    },
    responses: {
      200: {
        description: "The image",
        headers: VersionHeaders.extend({
          ETag: z.string().openapi({ description: "The version, quoted" }),
        }),
        content: { "application/json": { schema: ImageView } },
      },
      304: { description: "Not changed" },
      ...problems("not-found"),
    },
  }),
  async (c, { images, cdn, now }) => {
    const key = ownImage(c.get("principal").userId, c.req.valid("param"));
    const image = visible(await images.find(key));
    if (!image) throw noSuchImage();
    c.header("ETag", etagOf(image.version));
    c.header(VERSION_TOKEN, versionToken(image, key.ownerId));
    if (notModified(c.req.header("if-none-match"), image.version)) {
      // The route's types know no answer without a body but 204.
      return c.body(null, 304) as never;
    }
    return c.json(toView(image, cdn, now()), 200);
  },
);
