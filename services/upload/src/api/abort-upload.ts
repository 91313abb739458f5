import { createRoute } from "@hono/zod-openapi";
import { AppError } from "@shoebox/shared/errors";
import { defineRoute } from "@shoebox/shared/http/api";
import { ImagePath, ownImage } from "@shoebox/shared/http/image-path";
import { problems } from "@shoebox/shared/http/problem-responses";
import type { Deps } from "../deps.ts";
import { decideAbort } from "../domain/decide-abort.ts";
import { keyOf, type SessionRef } from "../domain/session.ts";

export const abortUpload = defineRoute<Deps>()(
  createRoute({
    method: "delete",
    path: "/v1/uploads/{imageId}",
    operationId: "abortUpload",
    tags: ["uploads"],
    summary: "Call an upload off",
    description:
      "Only while it is awaited. Its form may still be sent until it expires; what arrives by it is " +
      "deleted. Parts that were sent are deleted, and no more are taken.",
    request: { params: ImagePath },
    responses: {
      204: { description: "The upload is called off" },
      ...problems("not-found", "conflict"),
    },
  }),
  async (c, deps) => {
    const ref = ownImage(c.get("principal").userId, c.req.valid("param"));
    await callOff(ref, deps);
    return c.body(null, 204);
  },
);

/** Ends the waiting for an upload and deletes its parts. @throws AppError 404, 409 */
export async function callOff(ref: SessionRef, deps: Deps): Promise<void> {
  // Who loses against an object that just arrived decides again, on what became of the session.
  if (!(await abort(ref, deps))) await abort(ref, deps);
}

/** False when the session stopped waiting between reading and writing. */
async function abort(ref: SessionRef, deps: Deps): Promise<boolean> {
  const { sessions, multipartUploads, now } = deps;
  const decision = decideAbort(await sessions.load(ref, now()), now());
  switch (decision.kind) {
    case "abort": {
      const { upload } = decision;
      if (!(await sessions.close(upload, { status: "aborted" }, now()))) return false;
      // If this fails or is never reached, the lifecycle of the bucket ends what was sent.
      if (upload.multipart) await multipartUploads.abort(keyOf(upload), upload.multipart.uploadId);
      return true;
    }
    case "not-found":
      throw new AppError("not-found", "There is no such upload.");
    case "conflict":
      throw new AppError("conflict", `The upload is ${decision.status} already.`);
    default:
      return decision satisfies never;
  }
}
