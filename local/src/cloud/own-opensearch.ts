import { Refusal } from "./refusal.ts";

/** Points in time, which paging and counting rely on, came with it. */
const OLDEST = [2, 4] as const;
const ANSWERS_WITHIN_MS = 5_000;

/**
 * Looks at the OpenSearch that somebody wants to use instead of the embedded one, and gives its base URL.
 *
 * @throws Refusal saying what is wrong with it and what to do
 */
export async function ownOpenSearch(given: string): Promise<string> {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url || !["http:", "https:"].includes(url.protocol)) {
    throw new Refusal(`--opensearch takes a URL such as http://127.0.0.1:9200, not ${given}.`);
  }
  if (url.username || url.password) {
    throw new Refusal(
      "--opensearch takes a URL without a password: use an OpenSearch whose security is off, such as npm run opensearch.",
    );
  }
  const base = given.replace(/\/+$/, "");
  const { status, body } = await ask(base);
  if (status === 401 || status === 403) {
    throw new Refusal(
      `The OpenSearch at ${base} wants a password; use one whose security is off, such as npm run opensearch.`,
    );
  }
  const version = versionOf(body);
  if (!version) {
    throw new Refusal(`What answers at ${base} is no OpenSearch (status ${status}).`);
  }
  if (isOlder(version)) {
    throw new Refusal(
      `The OpenSearch at ${base} is ${version}, and search needs ${OLDEST.join(".")} or newer (it is tested with 2.19).`,
    );
  }
  return base;
}

async function ask(base: string): Promise<{ status: number; body: string }> {
  try {
    const answer = await fetch(base, { signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) });
    return { status: answer.status, body: await answer.text() };
  } catch (error) {
    throw new Refusal(
      `No OpenSearch answers at ${base} (${reasonOf(error)}); start one with npm run opensearch, or leave --opensearch out.`,
    );
  }
}

/** fetch says only that it failed; why is in the cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (!(cause instanceof Error)) return String(cause);
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.message;
}

function versionOf(body: string): string | undefined {
  try {
    const { version } = JSON.parse(body) as {
      version?: { distribution?: string; number?: string };
    };
    return version?.distribution === "opensearch" ? version.number : undefined;
  } catch {
    // Not JSON: no OpenSearch.
    return undefined;
  }
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
}
