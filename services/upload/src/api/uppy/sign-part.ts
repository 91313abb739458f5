import { createRoute, z } from "@hono/zod-openapi";
import { ownImage } from "@shoebox/shared/http/image-path";
import { problems } from "@shoebox/shared/http/problem-responses";
import { signedParts } from "../sign-parts.ts";
import { defineUppyRoute, ENDPOINT, KeyQuery, UploadPath } from "./uppy-route.ts";

const Path = UploadPath.extend({
  partNumber: z
    .string()
    .regex(/^[1-9]\d{0,4}$/, "must be a part number")
    .transform(Number),
});

export const signPartForUppy = defineUppyRoute(
  createRoute({
    method: "get",
    path: `${ENDPOINT}/s3/multipart/{uploadId}/{partNumber}`,
    operationId: "signPartForUppy",
    tags: ["uppy"],
    summary: "The URL to send a part to",
    description: "`POST /v1/uploads/{imageId}/parts` in the words of Uppy.",
    request: { params: Path, query: KeyQuery },
    responses: {
      200: {
        description: "PUT the part there",
        content: {
          "application/json": {
            schema: z.object({ method: z.literal("PUT"), url: z.string() }),
            example: {
              method: "PUT" as const,
              url: "https://originals.s3.us-east-1.amazonaws.com/originals/…?partNumber=1&…",
            },
          },
        },
      },
      ...problems("invalid-request", "not-found", "conflict"),
    },
  }),
  async (c, deps) => {
    const { uploadId: imageId, partNumber } = c.req.valid("param");
    const ref = ownImage(c.get("principal").userId, { imageId });
    const [part] = await signedParts(ref, [partNumber], {}, deps);
    if (!part) throw new Error("One part has one URL.");
    return c.json({ method: "PUT" as const, url: part.url }, 200);
  },
);
