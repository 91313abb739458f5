import { z } from "@hono/zod-openapi";
import { ContentType, Reason } from "@shoebox/shared/image";
import { partCount } from "../domain/part-plan.ts";
import { createdAt, type Session, statusOf } from "../domain/session.ts";

/** An upload as its owner sees it. */
export const UploadView = z.object({
  imageId: z.string(),
  status: z.enum(["awaiting", "uploaded", "rejected", "expired", "aborted"]),
  reason: Reason.optional(),
  method: z.enum(["POST", "MULTIPART"]),
  contentType: ContentType,
  /** Bytes. */
  size: z.number(),
  fileName: z.string().optional(),
  /** Bytes; with the number of parts all that is needed to go on with a multipart upload. */
  partSize: z.number().optional(),
  partCount: z.number().optional(),
  createdAt: z.string(),
  expiresAt: z.string(),
});

export type UploadView = z.infer<typeof UploadView>;

export const uploadExample = {
  imageId: "0198c1a2-7b3c-7def-8123-456789abcdef",
  status: "rejected" as const,
  reason: { code: "type-mismatch", message: "The file is image/gif, not image/jpeg." },
  method: "POST" as const,
  contentType: "image/jpeg" as const,
  size: 2_481_337,
  fileName: "harbour.jpg",
  createdAt: "2026-11-22T12:00:00.000Z",
  expiresAt: "2026-11-22T12:05:00.000Z",
};

/** Undefined for what is not there, or not any more. */
export function viewOf(session: Session | undefined, now: number): UploadView | undefined {
  if (!session || session.status === "deleted") return undefined;
  const { imageId, contentType, size, fileName, multipart } = session;
  const status = statusOf(session, now);
  // The clock never makes a deleted one of it.
  if (status === "deleted") return undefined;
  return {
    imageId,
    status,
    reason: session.status === "rejected" ? session.reason : undefined,
    method: multipart ? "MULTIPART" : "POST",
    contentType,
    size,
    fileName,
    ...(multipart && {
      partSize: multipart.partSize,
      partCount: partCount(size, multipart.partSize),
    }),
    createdAt: new Date(createdAt(session)).toISOString(),
    expiresAt: new Date(session.expiresAt).toISOString(),
  };
}
