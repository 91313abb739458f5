import { createRoute, z } from "@hono/zod-openapi";
import { defineRoute } from "@shoebox/shared/http/api";
import { ImagePath, ownImage } from "@shoebox/shared/http/image-path";
import { problems } from "@shoebox/shared/http/problem-responses";
import { VERSION_TOKEN, versionToken } from "@shoebox/shared/http/version-token";
import { Caption, Instant, Tags, Visibility } from "@shoebox/shared/image";
import { editImage } from "../edit-image.ts";
import type { CatalogDeps } from "./deps.ts";
import { etagOf, ifMatch } from "./etag.ts";
import { ImageView, toView } from "./image-view.ts";
import { VersionHeaders } from "./version-headers.ts";

const EditBody = z
  .strictObject({
    tags: Tags.optional(),
    caption: Caption.nullable().optional().openapi({ description: "null takes it away" }),
    visibility: Visibility.optional(),
    takenAt: Instant.nullable().optional().openapi({
      description: "null takes the user's own value away: then the camera's counts again",
    }),
  })
  .refine((edit) => Object.keys(edit).length > 0, "say what to change")
  .openapi("EditImage", { example: { tags: ["beach", "sunset"], caption: "Brighton" } });

export const patchImage = defineRoute<CatalogDeps>()(
  createRoute({
    method: "patch",
    path: "/v1/images/{imageId}",
    operationId: "patchImage",
    summary: "Change tags, caption, visibility or date",
    description:
      "What is absent stays. Values that are the same make no new version. With `If-Match` only the named version is changed; without, the change is made upon whatever is there.",
    request: {
      params: ImagePath,
      headers: z.object({ "if-match": z.string().optional().openapi({ example: '"3"' }) }),
      body: { required: true, content: { "application/json": { schema: EditBody } } },
    },
    responses: {
      200: {
        description: "The image after the change",
        headers: VersionHeaders.extend({ ETag: z.string() }),
        content: { "application/json": { schema: ImageView } },
      },
      ...problems(
        "invalid-request",
        "malformed-json",
        "not-found",
        "precondition-failed",
        "payload-too-large",
        "unsupported-media-type",
        { conflict: "Too many changes of this image at the same time; `Retry-After` says when" },
      ),
    },
  }),
  async (c, { images, cdn, now }) => {
    const key = ownImage(c.get("principal").userId, c.req.valid("param"));
    const occasion = { now: now(), correlationId: c.get("correlationId") };
    const matches = ifMatch(c.req.header("if-match"));
    const image = await editImage(images, key, c.req.valid("json"), occasion, matches);
    c.header("ETag", etagOf(image.version));
    c.header(VERSION_TOKEN, versionToken(image, key.ownerId));
    return c.json(toView(image, cdn, occasion.now), 200);
  },
);
