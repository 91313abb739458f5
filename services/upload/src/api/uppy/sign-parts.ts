import { createRoute, z } from "@hono/zod-openapi";
import { ownImage } from "@shoebox/shared/http/image-path";
import { problems } from "@shoebox/shared/http/problem-responses";
import { signedParts } from "../sign-parts.ts";
import { defineUppyRoute, ENDPOINT, KeyQuery, UploadPath } from "./uppy-route.ts";

const Query = KeyQuery.extend({
  partNumbers: z
    .string()
    .regex(/^[1-9]\d{0,4}(,[1-9]\d{0,4}){0,99}$/, "must be up to 100 part numbers with commas")
    .transform((numbers) => [...new Set(numbers.split(",").map(Number))]),
});

export const signPartsForUppy = defineUppyRoute(
  createRoute({
    method: "get",
    path: `${ENDPOINT}/s3/multipart/{uploadId}/batch`,
    operationId: "signPartsForUppy",
    tags: ["uppy"],
    summary: "The URLs to send several parts to",
    description: "Of the contract of Companion, for clients that ask for several at once.",
    request: { params: UploadPath, query: Query },
    responses: {
      200: {
        description: "The URLs by part number",
        content: {
          "application/json": {
            schema: z.object({ presignedUrls: z.record(z.string(), z.string()) }),
            example: {
              presignedUrls: {
                1: "https://originals.s3.us-east-1.amazonaws.com/originals/…?partNumber=1&…",
              },
            },
          },
        },
      },
      ...problems("invalid-request", "not-found", "conflict"),
    },
  }),
  async (c, deps) => {
    const { uploadId: imageId } = c.req.valid("param");
    const ref = ownImage(c.get("principal").userId, { imageId });
    const parts = await signedParts(ref, c.req.valid("query").partNumbers, {}, deps);
    const presignedUrls = Object.fromEntries(parts.map(({ partNumber, url }) => [partNumber, url]));
    return c.json({ presignedUrls }, 200);
  },
);
