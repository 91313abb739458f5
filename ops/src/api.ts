import { awsOf, type Options } from "./aws.ts";
import { ExitCode, Failure } from "./failure.ts";
import { createSigner, type Sign } from "./sign.ts";

/** The system's front door, as an administrator or an operator. */
export interface Api {
  /** Its base URL, without a trailing slash. */
  url: string;
  /** On this machine: the local cloud, or something like it. */
  local: boolean;
  /**
   * Sends a request to a route of administrators and gives its JSON answer. Without a token it goes to the
   * route's twin for operators.
   *
   * @throws Failure in the server's own words when it is refused
   */
  call<T>(method: Method, path: string, body?: object): Promise<T>;
  /** The same for a route that only operators have: signed with AWS credentials. */
  operate<T>(method: Method, path: string, body?: object): Promise<T>;
}

type Method = "GET" | "POST" | "DELETE";

interface Problem {
  title?: string;
  detail?: string;
  errors?: { field: string; message: string }[];
}

const ANSWERS_WITHIN_MS = 30_000;

/**
 * @param given the front door's URL, and a token. Without one a local front door gives one, unless `--aws-env`
 *   says whose credentials sign; any other front door is called with the machine's own.
 * @throws Failure when the URL is none
 */
export function connect(given: { url: string; token?: string; options?: Options }): Api {
  const url = URL.canParse(given.url) ? new URL(given.url) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new Failure(
      `--url takes a URL such as http://127.0.0.1:7070, not ${given.url}.`,
      ExitCode.misuse,
    );
  }
  const base = given.url.replace(/\/+$/, "");
  const local = ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  const options = given.options ?? {};
  const asAdministrator = given.token !== undefined || (local && !options["aws-env"]);
  let token: Promise<string> | undefined;
  let signer: Sign | undefined;

  async function answerTo<T>(method: Method, path: string, body: object | undefined, sign: Sign) {
    const text = method === "POST" ? JSON.stringify(body ?? {}) : undefined;
    const headers = {
      ...(text !== undefined && {
        "Content-Type": "application/json",
        // Each command is a new intention, never the repetition of one before it.
        "Idempotency-Key": crypto.randomUUID(),
      }),
    };
    const request = { method, url: new URL(`${base}${path}`), headers, body: text };
    const answer = await send(base, request.url, {
      method,
      headers: await sign(request),
      body: text,
    });
    if (answer.status === 204) return undefined as T;
    if (answer.ok) return (await answer.json()) as T;
    throw refusal(answer.status, (await answer.json().catch(() => ({}))) as Problem);
  }

  const byToken: Sign = async ({ headers }) => {
    token ??= given.token ? Promise.resolve(given.token) : localToken(base);
    return { ...headers, Authorization: `Bearer ${await token}` };
  };
  const byCredentials: Sign = (request) => {
    signer ??= createSigner(awsOf("SQS", { local }, { options }));
    return signer(request);
  };
  const operate = <T>(method: Method, path: string, body?: object) =>
    answerTo<T>(method, path, body, byCredentials);

  return {
    url: base,
    local,
    call: <T>(method: Method, path: string, body?: object) =>
      asAdministrator
        ? answerTo<T>(method, path, body, byToken)
        : operate<T>(method, path.replace(/^([/]v1[/]\w+)[/]/, "$1/ops/"), body),
    operate,
  };
}

/** A local front door signs in whoever asks. */
async function localToken(base: string): Promise<string> {
  const answer = await send(base, new URL(`${base}/dev/token`), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ userId: "ops", admin: true }),
  });
  if (answer.ok) return ((await answer.json()) as { token: string }).token;
  throw new Failure(
    `${base} gives no tokens (${answer.status}): give one with --token, or in SHOEBOX_TOKEN.`,
    ExitCode.noAccess,
  );
}

async function send(base: string, url: URL, init: RequestInit): Promise<Response> {
  try {
    const signal = AbortSignal.timeout(ANSWERS_WITHIN_MS);
    return await fetch(url, { redirect: "error", signal, ...init });
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    const reason = cause instanceof Error && "code" in cause ? cause.code : String(cause);
    throw new Failure(
      `Nobody answers at ${base} (${reason}): start Shoebox with npm start, or name another with --url.`,
      ExitCode.noAccess,
    );
  }
}

const exitCodes: Record<number, ExitCode> = { 400: ExitCode.misuse, 403: ExitCode.noAccess };

function refusal(status: number, problem: Problem): Failure {
  if (status === 401) {
    return new Failure(
      "The token is not accepted: it has expired, or is of another issuer.",
      ExitCode.noAccess,
    );
  }
  // The detail of an invalid request only names the fields that the errors are about.
  const fields = (problem.errors ?? []).map(({ field, message }) => `${field}: ${message}`);
  const words = fields.length > 0 ? `${fields.join("; ")}.` : (problem.detail ?? problem.title);
  return new Failure(words ?? `The answer was ${status}.`, exitCodes[status] ?? ExitCode.notGood);
}
