import { setTimeout as pause } from "node:timers/promises";
import type { Answer, Problem } from "../client.ts";

/** Milliseconds. An answer that a kill has cut off is 60 seconds in flight for the next who asks with its key. */
const PATIENCE = 240_000;
const PAUSE = 250;

/**
 * Asks until there is an answer that says something: as every client should that meets a system which
 * is being started, or was killed in the middle of an answer.
 */
export async function patiently<T>(ask: () => Promise<Answer<T>>): Promise<Answer<T>> {
  const deadline = performance.now() + PATIENCE;
  for (;;) {
    const answer = await ask().catch(unlessUnreachable);
    if (answer && !saysComeAgain(answer)) return answer;
    if (performance.now() > deadline) {
      throw new Error(`No answer within ${PATIENCE} ms; last: ${JSON.stringify(answer?.body)}`);
    }
    await pause(PAUSE);
  }
}

/** What fetch throws when nobody listens, or a connection breaks. */
function unlessUnreachable(error: unknown): undefined {
  if (!(error instanceof TypeError)) throw error;
}

function saysComeAgain({ status, body }: Answer<unknown>): boolean {
  const inFlight = (body as Problem | undefined)?.type === "urn:shoebox:problem:in-flight";
  return status >= 500 || status === 429 || inFlight;
}
