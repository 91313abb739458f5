import { createRoute, z } from "@hono/zod-openapi";
import { AppError } from "@shoebox/shared/errors";
import { defineRoute } from "@shoebox/shared/http/api";
import { ImagePath, ownImage } from "@shoebox/shared/http/image-path";
import { problems } from "@shoebox/shared/http/problem-responses";
import { decideDownload } from "../domain/download.ts";
import { visible } from "../domain/image-record.ts";
import { isoTime } from "../domain/write.ts";
import { noSuchImage } from "../refusals.ts";
import type { CatalogDeps } from "./deps.ts";

const UrlQuery = z.strictObject({
  rendition: z
    .string()
    .regex(/^[a-z0-9-]{1,32}$/, "must be `original` or the name of a rendition")
    .default("original")
    .openapi({ description: "`original`, or the name of a rendition", example: "thumb" }),
  format: z
    .enum(["webp", "jpeg", "avif"])
    .optional()
    .openapi({ description: "Of a rendition that there is in several; WebP if not given" }),
  download: z
    .enum(["0", "1"])
    .default("0")
    .openapi({ description: "`1`: the browser saves it under its file name" }),
});

export const getImageUrl = defineRoute<CatalogDeps>()(
  createRoute({
    method: "get",
    path: "/v1/images/{imageId}/url",
    operationId: "getImageUrl",
    summary: "A signed URL of the original or a rendition",
    description:
      "The URL is for exactly this object and ends after one to two hours. Nothing of an image is served before it is `ready`: while it is processed the answer is 409 with `Retry-After`, and of a rejected one 409 with its reason, for good.",
    request: { params: ImagePath, query: UrlQuery },
    responses: {
      200: {
        description: "The URL",
        content: {
          "application/json": {
            schema: z
              .object({ url: z.url(), expiresAt: z.string().openapi({ format: "date-time" }) })
              .openapi("SignedUrl", {
                example: {
                  url: "https://cdn.photos.example/originals/…?Policy=…",
                  expiresAt: "2026-11-22T14:00:00.000Z",
                },
              }),
          },
        },
      },
      ...problems("invalid-request", "not-found", {
        conflict: "Still processing (`Retry-After`), or rejected (the reason)",
      }),
    },
  }),
  async (c, { images, cdn, now }) => {
    const key = ownImage(c.get("principal").userId, c.req.valid("param"));
    const { rendition, format, download } = c.req.valid("query");
    const image = visible(await images.find(key));
    if (!image) throw noSuchImage();
    const decision = decideDownload(image, { rendition, format, download: download === "1" });
    switch (decision.kind) {
      case "granted": {
        const { url, expiresAt } = cdn.object(decision.path, decision.query, now());
        return c.json({ url, expiresAt: isoTime(expiresAt) }, 200);
      }
      case "processing":
        throw new AppError("conflict", "The image is still being processed.", {
          headers: { "Retry-After": "2" },
        });
      case "rejected":
        throw new AppError("conflict", `The image was rejected: ${decision.reason.message}`);
      case "unknown":
        throw new AppError("not-found", `There is: ${decision.available.join(", ")}.`);
      default:
        return decision satisfies never;
    }
  },
);
