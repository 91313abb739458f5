import { AppError } from "@shoebox/shared/errors";
import type { Deps } from "../deps.ts";
import {
  type MultipartState,
  type MultipartUpload,
  multipartState,
} from "../domain/multipart-session.ts";
import type { SessionRef } from "../domain/session.ts";

/** The caller's multipart upload whose parts can be sent now. @throws AppError 404, 409 */
export async function openMultipart(
  ref: SessionRef,
  { sessions, now }: Pick<Deps, "sessions" | "now">,
): Promise<MultipartUpload> {
  const at = now();
  const state = multipartState(await sessions.load(ref, at), at);
  if (state.kind === "open") return state.upload;
  throw refusal(state);
}

/** Why no part of it is taken. */
export function refusal(state: Exclude<MultipartState, { kind: "open" }>): AppError {
  switch (state.kind) {
    case "not-found":
      return new AppError("not-found", "There is no such upload.");
    case "form":
      return new AppError("conflict", "The upload is sent as a form, not in parts.");
    case "over": {
      const at = new Date(state.upload.expiresAt).toISOString();
      return new AppError("conflict", `The upload's time was over at ${at}.`);
    }
    case "ended": {
      const { session } = state;
      if (session.status !== "rejected") {
        return new AppError("conflict", `The upload is ${session.status} already.`);
      }
      const { reason } = session;
      return new AppError("conflict", `The upload is rejected: ${reason.message}`, {
        members: { reason },
      });
    }
    default:
      return state satisfies never;
  }
}

/** The store has forgotten its parts: somebody else ended it at this moment. */
export function partsAreGone(): AppError {
  return new AppError("conflict", "The parts of this upload are gone; begin a new one.");
}
