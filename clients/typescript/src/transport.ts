import { delayAfter, type Retry, secondsIn, sleep } from "./retry.ts";
import { errorOf, noAnswer } from "./shoebox-error.ts";

/** A bearer token, or who has one: asked before each request, and once more when the token was refused (401). */
export type Token = string | (() => string | Promise<string>);

const AGAIN = new Set([429, 500, 502, 503, 504]);

/**
 * `fetch` for the API. It carries the token, gives every POST an `Idempotency-Key` that is the same for all of its
 * attempts, and tries again what may be: no answer, 429, 5xx, and whatever says `Retry-After`. Every method of the API
 * may be repeated: a POST by its key, the others by what they are.
 *
 * @throws ShoeboxError for every answer that is no success
 */
export function transport(options: {
  token: Token | undefined;
  retry: Retry;
  fetch: typeof globalThis.fetch;
}): (request: Request) => Promise<Response> {
  const { token, retry, fetch } = options;
  const tokenNow = async () => (typeof token === "function" ? await token() : token);

  return async (request) => {
    if (needsKey(request)) request.headers.set("Idempotency-Key", newKey());
    let bearer = await tokenNow();
    let renewed = typeof token !== "function";
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await ask(authorized(request, bearer), fetch);
      if ("response" in outcome && (outcome.response.ok || outcome.response.status === 304)) {
        return outcome.response;
      }
      if ("response" in outcome && outcome.response.status === 401 && !renewed) {
        renewed = true;
        const other = await tokenNow();
        if (other !== bearer) {
          bearer = other;
          attempt -= 1;
          continue;
        }
      }
      const delay = mayHelp(outcome) ? delayAfter(attempt, retry, outcome.retryAfter) : undefined;
      if (delay === undefined) {
        throw "response" in outcome
          ? await errorOf(outcome.response, outcome.retryAfter)
          : noAnswer(request.url, outcome.cause);
      }
      if ("response" in outcome) await outcome.response.body?.cancel();
      await sleep(delay, request.signal);
    }
  };
}

type Outcome =
  | { response: Response; retryAfter: number | undefined }
  | { cause: unknown; retryAfter?: undefined };

async function ask(request: Request, fetch: typeof globalThis.fetch): Promise<Outcome> {
  try {
    const response = await fetch(request);
    return { response, retryAfter: secondsIn(response.headers.get("Retry-After"), Date.now()) };
  } catch (cause) {
    request.signal.throwIfAborted();
    return { cause };
  }
}

function mayHelp(outcome: Outcome): boolean {
  if (!("response" in outcome)) return true;
  return AGAIN.has(outcome.response.status) || outcome.retryAfter !== undefined;
}

/** A request can be sent once, so each attempt is a copy. */
function authorized(request: Request, bearer: string | undefined): Request {
  const copy = request.clone();
  if (bearer !== undefined && !copy.headers.has("Authorization")) {
    copy.headers.set("Authorization", `Bearer ${bearer}`);
  }
  return copy;
}

/** The answer to a key is kept by the service, so the one whose answer is a secret gets none. */
function needsKey({ method, headers, url }: Request): boolean {
  return method === "POST" && !headers.has("Idempotency-Key") && !url.endsWith("/v1/uploads/uppy");
}

/** Not `randomUUID`, which browsers have on https only. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
