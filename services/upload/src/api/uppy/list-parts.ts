import { createRoute, z } from "@hono/zod-openapi";
import { ownImage } from "@shoebox/shared/http/image-path";
import { problems } from "@shoebox/shared/http/problem-responses";
import { sentParts } from "../list-parts.ts";
import { defineUppyRoute, ENDPOINT, KeyQuery, UploadPath } from "./uppy-route.ts";

const Part = z.object({ PartNumber: z.number(), Size: z.number(), ETag: z.string() });

export const listPartsForUppy = defineUppyRoute(
  createRoute({
    method: "get",
    path: `${ENDPOINT}/s3/multipart/{uploadId}`,
    operationId: "listPartsForUppy",
    tags: ["uppy"],
    summary: "Which parts have arrived",
    description: "`GET /v1/uploads/{imageId}/parts` in the words of Uppy.",
    request: { params: UploadPath, query: KeyQuery },
    responses: {
      200: {
        description: "All parts there are, by their numbers",
        content: {
          "application/json": {
            schema: z.array(Part),
            example: [
              { PartNumber: 1, Size: 5_242_880, ETag: '"d41d8cd98f00b204e9800998ecf8427e"' },
            ],
          },
        },
      },
      ...problems("not-found", "conflict"),
    },
  }),
  async (c, deps) => {
    const { uploadId: imageId } = c.req.valid("param");
    const parts = await sentParts(ownImage(c.get("principal").userId, { imageId }), deps);
    return c.json(
      parts.map(({ partNumber, size, etag }) => ({
        PartNumber: partNumber,
        Size: size,
        ETag: `"${etag}"`,
      })),
      200,
    );
  },
);
