import { createClient, type ShoeboxClient } from "@shoebox/client";
import { ExitCode, Failure } from "./failure.ts";
import { readSettings, type Settings, settingsFile } from "./settings.ts";

type Environment = Record<string, string | undefined>;

/** Where `npm start -- --port 7070` listens. */
const LOCAL = "http://127.0.0.1:7070";

/** The Shoebox that is meant: `--url`, SHOEBOX_URL, the one of the last login, or a local one. @throws Failure */
export function urlOf(named: string | undefined, env: Environment, settings: Settings): string {
  const url = named ?? env.SHOEBOX_URL ?? settings.url ?? LOCAL;
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? "")) {
    throw new Failure(
      `${url} is no address of a Shoebox: it begins with https:// or http://.`,
      ExitCode.misuse,
    );
  }
  return url.replace(/\/+$/, "");
}

/** A client with the token of SHOEBOX_TOKEN, or of the login there. @throws Failure when there is none */
export async function connect(named: string | undefined, env: Environment): Promise<ShoeboxClient> {
  const file = settingsFile(env);
  const settings = await readSettings(file);
  const url = urlOf(named, env, settings);
  if (env.SHOEBOX_TOKEN) return createClient({ url, token: env.SHOEBOX_TOKEN });
  const login = settings.logins[url];
  if (!login) {
    throw new Failure(`Not logged in at ${url}: shoebox login --url ${url}.`, ExitCode.noAccess);
  }
  if ("token" in login) return createClient({ url, token: login.token });
  let token = "";
  return createClient({
    url,
    token: async () => {
      if (expired(token)) token = await localToken(url, login.user);
      return token;
    },
  });
}

/** A token of a local Shoebox's own issuer, who believes everybody. @throws Failure where there is none */
export async function localToken(url: string, user: string): Promise<string> {
  const body = JSON.stringify({ userId: user });
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(`${url}/dev/token`, { method: "POST", headers, body }).catch(
    (cause) => {
      throw new Failure(
        `No answer from ${url}. Is it running? (${cause.cause?.code ?? cause.message})`,
        ExitCode.noAnswer,
      );
    },
  );
  const { token } = answer.ok ? ((await answer.json()) as { token?: string }) : {};
  if (token) return token;
  throw new Failure(
    `${url} gives no tokens by itself, as only a local Shoebox does: shoebox login --url ${url} takes one of your OIDC issuer.`,
    ExitCode.noAccess,
  );
}

/** Or about to; so is what is no token. */
function expired(token: string): boolean {
  const { exp } = claimsOf(token);
  return typeof exp !== "number" || exp * 1_000 - 60_000 <= Date.now();
}

/** What a token says of itself; nothing for one that is no JWT. */
export function claimsOf(token: string): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
  } catch {
    return {};
  }
}
