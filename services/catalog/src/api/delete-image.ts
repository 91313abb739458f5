import { createRoute } from "@hono/zod-openapi";
import { defineRoute } from "@shoebox/shared/http/api";
import { ImagePath, ownImage } from "@shoebox/shared/http/image-path";
import { problems } from "@shoebox/shared/http/problem-responses";
import { VERSION_TOKEN, versionToken } from "@shoebox/shared/http/version-token";
import { deleteImage } from "../delete-image.ts";
import type { CatalogDeps } from "./deps.ts";
import { VersionHeaders } from "./version-headers.ts";

export const removeImage = defineRoute<CatalogDeps>()(
  createRoute({
    method: "delete",
    path: "/v1/images/{imageId}",
    operationId: "deleteImage",
    summary: "Delete an image",
    description:
      "Immediate for every reader of the catalog, whether the image is ready or still being processed. Original, renditions and search entry follow within moments.",
    request: { params: ImagePath },
    responses: {
      204: { description: "Deleted", headers: VersionHeaders },
      ...problems("not-found", {
        conflict: "Too many changes of this image at the same time; `Retry-After` says when",
      }),
    },
  }),
  async (c, { images, now }) => {
    const key = ownImage(c.get("principal").userId, c.req.valid("param"));
    const occasion = { now: now(), correlationId: c.get("correlationId") };
    const version = await deleteImage(images, key, occasion);
    c.header(VERSION_TOKEN, versionToken({ imageId: key.imageId, version }, key.ownerId));
    return c.body(null, 204);
  },
);
