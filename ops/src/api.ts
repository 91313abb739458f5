import { ExitCode, Failure } from "./failure.ts";

/** The system's front door, as an admin. */
export interface Api {
  /** Its base URL, without a trailing slash. */
  url: string;
  /** On this machine: the local cloud, or something like it. */
  local: boolean;
  /**
   * Sends a request and gives its JSON answer.
   *
   * @throws Failure in the server's own words when it is refused
   */
  call<T>(method: "GET" | "POST" | "DELETE", path: string, body?: object): Promise<T>;
}

interface Problem {
  title?: string;
  detail?: string;
  errors?: { field: string; message: string }[];
}

const ANSWERS_WITHIN_MS = 30_000;

/**
 * @param given the front door's URL, and a token; without one a local front door gives one
 * @throws Failure when the URL is none
 */
export function connect(given: { url: string; token?: string }): Api {
  const url = URL.canParse(given.url) ? new URL(given.url) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new Failure(
      `--url takes a URL such as http://127.0.0.1:7070, not ${given.url}.`,
      ExitCode.misuse,
    );
  }
  const base = given.url.replace(/\/+$/, "");
  const local = ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  let token: Promise<string> | undefined;

  function tokenOf(): Promise<string> {
    if (given.token) return Promise.resolve(given.token);
    if (!local) {
      throw new Failure(
        "This needs a token with the scope shoebox:admin: give it with --token, or in SHOEBOX_TOKEN.",
        ExitCode.noAccess,
      );
    }
    token ??= localToken(base);
    return token;
  }

  return {
    url: base,
    local,
    async call<T>(method: string, path: string, body?: object): Promise<T> {
      const answer = await send(base, method, path, {
        headers: {
          Authorization: `Bearer ${await tokenOf()}`,
          ...(method === "POST" && {
            "Content-Type": "application/json",
            // Each command is a new intention, never the repetition of one before it.
            "Idempotency-Key": crypto.randomUUID(),
          }),
        },
        ...(method === "POST" && { body: JSON.stringify(body ?? {}) }),
      });
      if (answer.status === 204) return undefined as T;
      if (answer.ok) return (await answer.json()) as T;
      throw refusal(answer.status, (await answer.json().catch(() => ({}))) as Problem);
    },
  };
}

/** A local front door signs in whoever asks. */
async function localToken(base: string): Promise<string> {
  const answer = await send(base, "POST", "/dev/token", {
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ userId: "ops", admin: true }),
  });
  if (answer.ok) return ((await answer.json()) as { token: string }).token;
  throw new Failure(
    `${base} gives no tokens (${answer.status}): give one with --token, or in SHOEBOX_TOKEN.`,
    ExitCode.noAccess,
  );
}

async function send(
  base: string,
  method: string,
  path: string,
  init: RequestInit,
): Promise<Response> {
  try {
    const signal = AbortSignal.timeout(ANSWERS_WITHIN_MS);
    return await fetch(`${base}${path}`, { method, redirect: "error", signal, ...init });
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
