import { createHash } from "node:crypto";
import type { Context, MiddlewareHandler, Next } from "hono";
import { AppError } from "../errors.ts";
import type { ApiEnv } from "./env.ts";

/** Milliseconds for which an answer is kept, and its key means that request and no other. */
export const ANSWERS_KEPT = 24 * 3_600_000;

/** A stored answer, replayed as it was. */
export interface StoredAnswer {
  status: number;
  body: string;
  headers: Record<string, string>;
}

export type Begun =
  | { kind: "started" }
  | { kind: "in-flight" }
  | { kind: "other-body" }
  | { kind: "answered"; answer: StoredAnswer };

/** A request that has begun. `startedAt` (ms) tells it from one that began again with the same key. */
export interface Started {
  owner: string;
  key: string;
  startedAt: number;
}

/** Where answers are kept. Writes are conditional, so that of two equal requests one begins. */
export interface IdempotencyStore {
  begin(request: { owner: string; key: string; fingerprint: string; now: number }): Promise<Begun>;
  /** Keeps the answer. Changes nothing when the request's lease has ended and another has begun. */
  finish(request: Started, answer: StoredAnswer, now: number): Promise<void>;
  /** Forgets a request, so that it can be tried again; like `finish`, never somebody else's. */
  abandon(request: Started): Promise<void>;
}

const KEY = /^[\x21-\x7e]{1,255}$/;
const EXPIRES = "Idempotency-Expires";
const KEPT_HEADERS = ["content-type", "location", "etag", "link", EXPIRES.toLowerCase()];

/**
 * `Idempotency-Key` for every POST (draft-ietf-httpapi-idempotency-key-header): the same key and body
 * get the same answer, another body 422, a request still being answered 409. The quoted form of the
 * draft (a structured-field string) and the bare form mean the same. Answers that ask to try again
 * (429 and the 500s) are not kept; all others are, refusals too: the same request is as wrong as before.
 * The draft wants the expiry of keys published and names no header for it: `Idempotency-Expires` is ours,
 * an HTTP date, in the first answer and in those that repeat it.
 */
export function idempotency(store: IdempotencyStore, now: () => number): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const header = c.req.method === "POST" ? c.req.header("idempotency-key") : undefined;
    if (header === undefined) return next();
    const key = unquote(header);
    if (!KEY.test(key)) {
      throw new AppError("invalid-request", "Idempotency-Key takes 1 to 255 visible characters.", {
        fields: [{ field: "Idempotency-Key", message: "1 to 255 visible ASCII characters" }],
      });
    }
    const owner = c.get("principal").userId;
    const startedAt = now();
    const fingerprint = createHash("sha256")
      .update(`${c.req.method} ${c.req.path}\n`)
      .update(await c.req.text())
      .digest("base64url");
    const begun = await store.begin({ owner, key, fingerprint, now: startedAt });
    switch (begun.kind) {
      case "in-flight":
        throw new AppError("in-flight", "A request with this Idempotency-Key is being answered.", {
          headers: { "Retry-After": "1" },
        });
      case "other-body":
        throw new AppError(
          "idempotency-key-reused",
          "This Idempotency-Key was used with another request; take a new key.",
        );
      case "answered":
        // A 204 may not even have an empty body.
        return new Response(begun.answer.body || null, {
          status: begun.answer.status,
          headers: { ...begun.answer.headers, "Idempotency-Replayed": "true" },
        });
      case "started":
        await settle(c, next, store, { owner, key, startedAt }, now);
    }
  };
}

/** Answers a request that has begun, and keeps the answer or forgets the request: it never stays in flight. */
async function settle(
  c: Context<ApiEnv>,
  next: Next,
  store: IdempotencyStore,
  request: Started,
  now: () => number,
): Promise<void> {
  try {
    await next();
  } catch (thrown) {
    await store.abandon(request);
    throw thrown;
  }
  try {
    const asksToTryAgain = c.res.status === 429 || c.res.status >= 500;
    if (asksToTryAgain) await store.abandon(request);
    else {
      const at = now();
      c.header(EXPIRES, new Date(at + ANSWERS_KEPT).toUTCString());
      await store.finish(request, await toStored(c.res), at);
    }
  } catch (error) {
    c.header(EXPIRES, undefined);
    // The work is done: to hide its answer would only make the client do it twice.
    c.get("log").error({ err: error }, "the answer to an Idempotency-Key could not be kept");
  }
}

async function toStored(response: Response): Promise<StoredAnswer> {
  const headers = Object.fromEntries(
    KEPT_HEADERS.flatMap((name) => {
      const value = response.headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
  return { status: response.status, body: await response.clone().text(), headers };
}

/** `"abc"` (a structured-field string, escapes included) and `abc` are the same key. */
function unquote(header: string): string {
  const quoted = /^"(.*)"$/.exec(header.trim())?.[1];
  return quoted === undefined ? header.trim() : quoted.replace(/\\(["\\])/g, "$1");
}
