/** One field of a request that is not valid; `field` is a dotted path such as `tags.0`. */
export interface FieldError {
  field: string;
  message: string;
}

/** RFC 9457, as every refusal of the API looks. Some kinds have members of their own, such as `quota`. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  requestId?: string;
  errors?: FieldError[];
  [member: string]: unknown;
}

const TYPE = /^urn:shoebox:problem:([\w-]+)$/;

/**
 * Whatever a request failed of: the API's own problem, or that no answer came (`code` is `no-answer`, `status` 0), or
 * that the object store refused what was sent (`code` is `object-store`).
 */
export class ShoeboxError extends Error {
  /** Of HTTP; 0 when there was no answer. */
  readonly status: number;
  /** The problem's type, a URI: `urn:shoebox:problem:not-found`. */
  readonly type: string;
  /** The last part of the type, for a `switch`: `not-found`, `conflict`, `quota-exceeded`, … */
  readonly code: string;
  readonly title: string;
  /** A sentence for people. */
  readonly detail: string;
  /** What is wrong with which field of the request. */
  readonly errors: FieldError[];
  /** Finds the request in the service's logs. */
  readonly requestId: string | undefined;
  /** Seconds after which it may be tried again, where the answer said so. */
  readonly retryAfter: number | undefined;
  /** The whole document. */
  readonly problem: Problem;

  constructor(
    problem: Problem,
    options: { cause?: unknown; code?: string; retryAfter?: number } = {},
  ) {
    super(problem.detail, { cause: options.cause });
    this.name = "ShoeboxError";
    this.status = problem.status;
    this.type = problem.type;
    this.code = options.code ?? TYPE.exec(problem.type)?.[1] ?? `http-${problem.status}`;
    this.title = problem.title;
    this.detail = problem.detail;
    this.errors = problem.errors ?? [];
    this.requestId = problem.requestId;
    this.retryAfter = options.retryAfter;
    this.problem = problem;
  }
}

/** The error of an answer of the API that is no success. Reads its body. */
export async function errorOf(response: Response, retryAfter?: number): Promise<ShoeboxError> {
  const { status, statusText, headers } = response;
  const requestId = headers.get("X-Request-Id") ?? undefined;
  const document = problemIn(await response.text());
  const plain: Problem = {
    type: "about:blank",
    title: statusText || `HTTP ${status}`,
    status,
    // A gateway or a proxy in between has other words, if any.
    detail:
      `${new URL(response.url || "http://unknown").host} answered ${status} ${statusText}`.trimEnd(),
    requestId,
  };
  return new ShoeboxError({ ...plain, ...document, status }, { retryAfter });
}

/** No answer: offline, refused, broken off, or not readable for this page's origin. */
export function noAnswer(url: string, cause: unknown): ShoeboxError {
  const { host } = new URL(url);
  const problem = {
    type: "about:blank",
    title: "No answer",
    status: 0,
    detail: `No answer from ${host}.`,
  };
  return new ShoeboxError(problem, { cause, code: "no-answer" });
}

/** The object store's refusal; it speaks XML. */
export function storeError(status: number, xml: string): ShoeboxError {
  const inside = (tag: string) => new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml)?.[1];
  const title = inside("Code") ?? `HTTP ${status}`;
  const detail = `The object store refused it: ${inside("Message") ?? title}`;
  const problem = { type: "about:blank", title, status, detail, requestId: inside("RequestId") };
  return new ShoeboxError(problem, { code: "object-store" });
}

function problemIn(body: string): Partial<Problem> {
  try {
    const parsed: unknown = JSON.parse(body);
    const known =
      typeof parsed === "object" && parsed !== null && "type" in parsed && "detail" in parsed;
    return known ? (parsed as Partial<Problem>) : {};
  } catch {
    return {};
  }
}
