import { createRoute, z } from "@hono/zod-openapi";
import { AppError, type FieldError } from "@shoebox/shared/errors";
import { defineRoute } from "@shoebox/shared/http/api";
import { ImagePath, ownImage } from "@shoebox/shared/http/image-path";
import { problems } from "@shoebox/shared/http/problem-responses";
import type { Logger } from "@shoebox/shared/log";
import { unquoted } from "../adapters/multipart-uploads.ts";
import { completeUpload as complete } from "../complete-upload.ts";
import type { Deps } from "../deps.ts";
import type { NamedPart } from "../domain/decide-completion.ts";
import type { SessionRef } from "../domain/session.ts";
import { IdempotencyKey } from "./idempotency-key.ts";
import { partsAreGone, refusal } from "./open-multipart.ts";
import { Sha256 } from "./sha256.ts";
import { UploadView, uploadExample, viewOf } from "./upload-view.ts";

const Body = z
  .object({
    parts: z
      .array(
        z
          .object({
            partNumber: z.number().int().positive().max(10_000),
            etag: z.string().min(1).max(100).transform(unquoted),
            sha256: Sha256.optional(),
          })
          .strict(),
      )
      .min(1)
      .max(10_000),
  })
  .strict();

export const completeUpload = defineRoute<Deps>()(
  createRoute({
    method: "post",
    path: "/v1/uploads/{imageId}/complete",
    operationId: "completeUpload",
    tags: ["uploads"],
    summary: "Make the picture of its parts",
    description:
      "Names every part with the ETag that its PUT was answered with. Can be repeated when the answer " +
      "was lost. The picture is verified after that, like one that was sent as a form.",
    request: {
      params: ImagePath,
      headers: IdempotencyKey,
      body: {
        required: true,
        content: {
          "application/json": {
            schema: Body,
            example: {
              parts: [{ partNumber: 1, etag: "d41d8cd98f00b204e9800998ecf8427e" }],
            },
          },
        },
      },
    },
    responses: {
      200: {
        description: "The parts are one object now",
        content: {
          "application/json": {
            schema: UploadView,
            example: {
              ...uploadExample,
              status: "awaiting" as const,
              reason: undefined,
              method: "MULTIPART" as const,
            },
          },
        },
      },
      ...problems(
        { "invalid-request": "`parts` does not name every part once" },
        "malformed-json",
        "not-found",
        { conflict: "Parts are missing or others than named, or the upload has ended" },
        "in-flight",
        "idempotency-key-reused",
      ),
    },
  }),
  async (c, deps) => {
    const ref = ownImage(c.get("principal").userId, c.req.valid("param"));
    return c.json(await completed(ref, c.req.valid("json").parts, deps, c.get("log")), 200);
  },
);

/** Makes the picture of its parts and answers how the upload stands then. @throws AppError 400, 404, 409 */
export async function completed(
  ref: SessionRef,
  parts: NamedPart[],
  deps: Deps,
  log: Logger,
): Promise<UploadView> {
  const result = await complete(ref, parts, deps, log);
  switch (result.kind) {
    case "completed": {
      const view = viewOf(result.session, deps.now());
      if (!view) throw refusal({ kind: "not-found" });
      return view;
    }
    case "invalid":
      throw wrongParts("invalid-request", result.problems);
    case "incomplete":
      throw wrongParts("conflict", result.problems);
    case "changed":
      throw new AppError("conflict", "A part was sent again meanwhile; list the parts.");
    case "gone":
      throw partsAreGone();
    default:
      throw refusal(result);
  }
}

function wrongParts(code: "invalid-request" | "conflict", fields: FieldError[]): AppError {
  const some = fields.slice(0, 5).map(({ message }) => message);
  const more = fields.length > some.length ? ` and ${fields.length - some.length} more` : "";
  return new AppError(code, `Nothing was completed: ${some.join("; ")}${more}.`, { fields });
}
