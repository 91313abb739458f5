import { createRoute, z } from "@hono/zod-openapi";
import { AppError } from "@shoebox/shared/errors";
import { defineRoute } from "@shoebox/shared/http/api";
import { ImagePath, ownImage } from "@shoebox/shared/http/image-path";
import { problems } from "@shoebox/shared/http/problem-responses";
import { ContentType, Reason } from "@shoebox/shared/image";
import type { Deps } from "../deps.ts";
import { createdAt, statusOf } from "../domain/session.ts";

const Answer = z.object({
  imageId: z.string(),
  status: z.enum(["awaiting", "uploaded", "rejected", "expired", "aborted"]),
  reason: Reason.optional(),
  contentType: ContentType,
  size: z.number(),
  fileName: z.string().optional(),
  createdAt: z.string(),
  expiresAt: z.string(),
});

export const getUpload = defineRoute<Deps>()(
  createRoute({
    method: "get",
    path: "/v1/uploads/{imageId}",
    operationId: "getUpload",
    tags: ["uploads"],
    summary: "How an upload stands",
    request: { params: ImagePath },
    responses: {
      200: {
        description: "The upload; a rejected one says why",
        content: {
          "application/json": {
            schema: Answer,
            example: {
              imageId: "0198c1a2-7b3c-7def-8123-456789abcdef",
              status: "rejected",
              reason: {
                code: "type-mismatch",
                message: "The file is image/gif, not image/jpeg.",
              },
              contentType: "image/jpeg",
              size: 2_481_337,
              fileName: "harbour.jpg",
              createdAt: "2026-11-22T12:00:00.000Z",
              expiresAt: "2026-11-22T12:05:00.000Z",
            },
          },
        },
      },
      ...problems("not-found"),
    },
  }),
  async (c, { sessions, now }) => {
    const ref = ownImage(c.get("principal").userId, c.req.valid("param"));
    const at = now();
    const session = await sessions.load(ref, at);
    const status = session && statusOf(session, at);
    if (!session || session.status === "deleted" || !status || status === "deleted") {
      throw new AppError("not-found", "There is no such upload.");
    }
    return c.json(
      {
        imageId: ref.imageId,
        status,
        reason: session.status === "rejected" ? session.reason : undefined,
        contentType: session.contentType,
        size: session.size,
        fileName: session.fileName,
        createdAt: new Date(createdAt(session)).toISOString(),
        expiresAt: new Date(session.expiresAt).toISOString(),
      },
      200,
    );
  },
);
