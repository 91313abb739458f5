import { send } from "#platform";
import type { SendAnswer, SendRequest } from "../platform.ts";
import { delayAfter, type Retry, sleep } from "../retry.ts";
import { noAnswer, ShoeboxError, storeError } from "../shoebox-error.ts";

/**
 * Sends a form or a part, and again where that may help: no answer, 429, 5xx. Each attempt is prepared anew, since a
 * URL may have ended meanwhile.
 *
 * @throws ShoeboxError `no-answer`, `object-store`
 */
export async function sendPiece(
  prepare: () => Promise<Pick<SendRequest, "method" | "url" | "headers" | "body">>,
  options: Pick<SendRequest, "onSent" | "signal" | "idleTimeout"> & { retry: Retry },
): Promise<SendAnswer> {
  const { retry, signal } = options;
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    const request = { ...(await prepare()), ...options };
    const answer = await send(request).catch((cause: unknown) => {
      signal.throwIfAborted();
      return noAnswer(request.url, cause);
    });
    const failed = answer instanceof ShoeboxError;
    if (!failed && answer.status < 300) return answer;
    options.onSent(0);
    const final = !failed && answer.status < 500 && answer.status !== 429;
    const delay = final ? undefined : delayAfter(attempt, retry);
    if (delay === undefined) throw failed ? answer : storeError(answer.status, answer.text);
    await sleep(delay, signal);
  }
}
