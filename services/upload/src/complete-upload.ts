import type { FieldError } from "@shoebox/shared/errors";
import type { Logger } from "@shoebox/shared/log";
import { measure } from "@shoebox/shared/metrics";
import type { Deps } from "./deps.ts";
import { decideCompletion, type NamedPart } from "./domain/decide-completion.ts";
import {
  type MultipartState,
  type MultipartUpload,
  multipartState,
} from "./domain/multipart-session.ts";
import { keyOf, type Session, type SessionRef } from "./domain/session.ts";

type Result =
  /** Now or before, which is the same to who repeats a request whose answer was lost. */
  | { kind: "completed"; session: Session | undefined }
  | { kind: "invalid" | "incomplete"; problems: FieldError[] }
  /** A part was sent again between looking and completing. */
  | { kind: "changed" }
  /** The store knows neither the parts nor an object made of them. */
  | { kind: "gone" }
  | Exclude<MultipartState, { kind: "open" }>;

type CompletionDeps = Pick<Deps, "sessions" | "originals" | "multipartUploads" | "now">;

/**
 * Makes one object of the parts of an upload, after their sum was compared with what was announced.
 * No state is written for it: whether it was completed is what the object store says, and the
 * session goes on with the object's arrival.
 */
export async function completeUpload(
  ref: SessionRef,
  named: NamedPart[],
  deps: CompletionDeps,
  log: Logger,
): Promise<Result> {
  const state = await stateOf(ref, deps);
  if (state.kind !== "open") return earlier(state, deps);
  const { upload } = state;
  const key = keyOf(upload);
  const { uploadId } = upload.multipart;
  const stored = await deps.multipartUploads.parts(key, uploadId);
  if (!stored) return earlier(await stateOf(ref, deps), deps);

  const decision = decideCompletion(upload, named, stored);
  switch (decision.kind) {
    case "invalid":
    case "incomplete":
      return decision;
    case "reject": {
      const { reason } = decision;
      const outcome = { status: "rejected" as const, reason, rejectedAt: deps.now() };
      // The state first, as with every object that is rejected. What stays of the parts when this
      // process dies here is ended by the lifecycle of the bucket.
      if (await deps.sessions.close(upload, outcome, deps.now())) {
        log.info({ imageId: upload.imageId, reason: reason.code }, "an upload was rejected");
        measure(log, { UploadsRejected: 1 }, { reason: reason.code });
        await deps.multipartUploads.abort(key, uploadId);
      }
      return earlier(await stateOf(ref, deps), deps);
    }
    case "complete": {
      const done = await deps.multipartUploads.complete(key, uploadId, decision.parts);
      if (done === "refused") return { kind: "changed" };
      if (done === "gone") return earlier(await stateOf(ref, deps), deps);
      log.info({ imageId: upload.imageId, parts: stored.length }, "an upload was completed");
      return { kind: "completed", session: await deps.sessions.load(ref, deps.now()) };
    }
    default:
      return decision satisfies never;
  }
}

async function stateOf(ref: SessionRef, { sessions, now }: CompletionDeps) {
  const at = now();
  return multipartState(await sessions.load(ref, at), at);
}

/** What a completion comes to that finds no parts to complete: mostly it is a repeated one. */
async function earlier(state: MultipartState, { originals }: CompletionDeps): Promise<Result> {
  if (state.kind === "ended" && state.session.status === "uploaded") {
    return { kind: "completed", session: state.session };
  }
  if (state.kind !== "open" && state.kind !== "over") return state;
  const { upload } = state;
  if (await isThere(upload, originals)) return { kind: "completed", session: upload };
  return state.kind === "over" ? state : { kind: "gone" };
}

async function isThere(upload: MultipartUpload, originals: Deps["originals"]): Promise<boolean> {
  return (await originals.versions(keyOf(upload))).length > 0;
}
