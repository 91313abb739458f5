/**
 * The one error of the system whose message a client may read. Everything else that is thrown
 * becomes a 500 that tells the client nothing and the log everything (see http/problem.ts).
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly fields: FieldError[];
  readonly headers: Record<string, string>;
  readonly members: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.fields = options.fields ?? [];
    this.headers = options.headers ?? {};
    this.members = options.members ?? {};
  }
}

/** One invalid field of a request; `field` is a dotted path such as `tags.0`, or `` for the whole. */
export interface FieldError {
  field: string;
  message: string;
}

interface AppErrorOptions {
  cause?: unknown;
  fields?: FieldError[];
  /** Extra response headers, such as `Retry-After` on a 429. */
  headers?: Record<string, string>;
  /** Extension members of the problem document (RFC 9457 §3.2), for programs. */
  members?: Record<string, unknown>;
}

/** Every code a client can meet, with its HTTP status and its title (RFC 9457 `title`). */
export const errorCodes = {
  "invalid-request": { status: 400, title: "The request is not valid" },
  "malformed-json": { status: 400, title: "The body is not JSON" },
  "invalid-cursor": { status: 400, title: "The cursor is not valid" },
  unauthorized: { status: 401, title: "Authentication is needed" },
  forbidden: { status: 403, title: "Not allowed" },
  "not-found": { status: 404, title: "Not found" },
  conflict: { status: 409, title: "The request conflicts with the current state" },
  "quota-exceeded": { status: 409, title: "The quota is used up" },
  "in-flight": { status: 409, title: "The same request is still being answered" },
  "precondition-failed": { status: 412, title: "The image has changed" },
  "payload-too-large": { status: 413, title: "Too large" },
  "unsupported-media-type": { status: 415, title: "The media type is not supported" },
  "idempotency-key-reused": { status: 422, title: "The Idempotency-Key was used before" },
  "too-many-requests": { status: 429, title: "Too many requests" },
  internal: { status: 500, title: "Internal error" },
  unavailable: { status: 503, title: "Temporarily unavailable" },
} as const;

export type ErrorCode = keyof typeof errorCodes;
