import { createRoute, z } from "@hono/zod-openapi";
import { defineRoute } from "@shoebox/shared/http/api";
import { ImagePath, ownImage } from "@shoebox/shared/http/image-path";
import { problems } from "@shoebox/shared/http/problem-responses";
import type { SentPart } from "../adapters/multipart-uploads.ts";
import type { Deps } from "../deps.ts";
import { keyOf, type SessionRef } from "../domain/session.ts";
import { openMultipart, partsAreGone } from "./open-multipart.ts";

const Part = z.object({
  partNumber: z.number(),
  /** Bytes. */
  size: z.number(),
  etag: z.string(),
  sha256: z.string().optional(),
});

export const listParts = defineRoute<Deps>()(
  createRoute({
    method: "get",
    path: "/v1/uploads/{imageId}/parts",
    operationId: "listParts",
    tags: ["uploads"],
    summary: "Which parts have arrived",
    description:
      "What the object store has, for a client that goes on where it or another left off.",
    request: { params: ImagePath },
    responses: {
      200: {
        description: "All parts there are, by their numbers",
        content: {
          "application/json": {
            schema: z.object({ parts: z.array(Part) }),
            example: {
              parts: [
                { partNumber: 1, size: 16_777_216, etag: "d41d8cd98f00b204e9800998ecf8427e" },
              ],
            },
          },
        },
      },
      ...problems("not-found", "conflict"),
    },
  }),
  async (c, deps) => {
    const ref = ownImage(c.get("principal").userId, c.req.valid("param"));
    return c.json({ parts: await sentParts(ref, deps) }, 200);
  },
);

/** The parts that the object store has. @throws AppError 404, 409 */
export async function sentParts(ref: SessionRef, deps: Deps): Promise<SentPart[]> {
  const upload = await openMultipart(ref, deps);
  const parts = await deps.multipartUploads.parts(keyOf(upload), upload.multipart.uploadId);
  if (!parts) throw partsAreGone();
  return parts;
}
