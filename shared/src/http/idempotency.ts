import { createHash } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { AppError } from "../errors.ts";
import type { ApiEnv } from "./api.ts";

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

/** Where answers are kept. Writes are conditional, so that of two equal requests one begins. */
export interface IdempotencyStore {
  begin(request: { owner: string; key: string; fingerprint: string; now: number }): Promise<Begun>;
  finish(request: { owner: string; key: string; now: number }, answer: StoredAnswer): Promise<void>;
  /** Forgets a request that ended in an error of ours, so that it can be tried again. */
  abandon(request: { owner: string; key: string }): Promise<void>;
}

const KEY = /^[\x21-\x7e]{1,255}$/;
const KEPT_HEADERS = ["content-type", "location", "etag", "link"];

/**
 * `Idempotency-Key` for every POST (draft-ietf-httpapi-idempotency-key-header): the same key and body
 * get the same answer, another body 422, a request still being answered 409. The quoted form of the
 * draft (a structured-field string) and the bare form mean the same. Answers of ours in the 500s
 * are not kept: the client should try again.
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
    const fingerprint = createHash("sha256")
      .update(`${c.req.method} ${c.req.path}\n`)
      .update(await c.req.text())
      .digest("base64url");
    const begun = await store.begin({ owner, key, fingerprint, now: now() });
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
        return new Response(begun.answer.body, {
          status: begun.answer.status,
          headers: { ...begun.answer.headers, "Idempotency-Replayed": "true" },
        });
      case "started":
        await next();
    }
    if (c.res.status >= 500) {
      await store.abandon({ owner, key });
      return;
    }
    const headers = Object.fromEntries(
      KEPT_HEADERS.flatMap((name) => {
        const value = c.res.headers.get(name);
        return value === null ? [] : [[name, value]];
      }),
    );
    const body = await c.res.clone().text();
    await store.finish({ owner, key, now: now() }, { status: c.res.status, body, headers });
  };
}

/** `"abc"` (a structured-field string, escapes included) and `abc` are the same key. */
function unquote(header: string): string {
  const quoted = /^"(.*)"$/.exec(header.trim())?.[1];
  return quoted === undefined ? header.trim() : quoted.replace(/\\(["\\])/g, "$1");
}
