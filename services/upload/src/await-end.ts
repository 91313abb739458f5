import type { Deps } from "./deps.ts";
import { type Session, type SessionRef, statusOf } from "./domain/session.ts";

/** Milliseconds between two looks: the first comes soon, since most uploads are verified within a second. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 1_000;

/**
 * The session as soon as it is not awaited any more, or as it is when the time is up: at most about
 * thirty reads for the longest wait. Ends early when nobody waits for the answer.
 */
export async function awaitEnd(
  ref: SessionRef,
  wait: number,
  { sessions, now, pause }: Pick<Deps, "sessions" | "now" | "pause">,
  signal: AbortSignal,
): Promise<Session | undefined> {
  const until = now() + wait;
  for (let length = FIRST_PAUSE; ; length = Math.min(length * 1.5, LONGEST_PAUSE)) {
    const at = now();
    const session = await sessions.load(ref, at);
    const left = until - at;
    if (!session || statusOf(session, at) !== "awaiting" || left <= 0 || signal.aborted) {
      return session;
    }
    // A client that is gone ends the pause; nobody reads what is answered then.
    await pause(Math.min(length, left), signal).catch(() => undefined);
  }
}
