import { createRoute } from "@hono/zod-openapi";
import { defineRoute } from "@shoebox/shared/http/api";
import { deleteImage } from "../delete-image.ts";
import type { CatalogDeps } from "./deps.ts";
import { ImagePath, ownImage } from "./image-path.ts";
import { anyProblem, conflicting, notFound } from "./problems.ts";

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
      204: { description: "Deleted" },
      ...anyProblem,
      ...notFound,
      ...conflicting("Too many changes of this image at the same time; `Retry-After` says when"),
    },
  }),
  async (c, { images, now }) => {
    const key = ownImage(c.get("principal").userId, c.req.valid("param").imageId);
    await deleteImage(images, key, { now: now(), correlationId: c.get("correlationId") });
    return c.body(null, 204);
  },
);
