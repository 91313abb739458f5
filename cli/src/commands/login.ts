import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { createClient, getQuota } from "@shoebox/client";
import { Command } from "commander";
import { claimsOf, localToken, urlOf } from "../connection.ts";
import { type Context, runs } from "../context.ts";
import { ExitCode, Failure } from "../failure.ts";
import { type Login, readSettings, settingsFile, writeSettings } from "../settings.ts";

interface Options {
  user?: string;
}

export function loginCommand(): Command {
  return new Command("login")
    .description("Remember a Shoebox and who you are there.")
    .option("--user <name>", "of a local Shoebox, which believes everybody")
    .addHelpText(
      "after",
      `
Without --user it asks for a token of your OIDC issuer, or reads one from stdin. It is tried, and kept in
a file for your eyes only (0600): $XDG_CONFIG_HOME/shoebox/config.json.

Examples:
  shoebox login --url http://127.0.0.1:7070 --user ann
  shoebox login --url https://photos.example
  my-oidc-tool token | shoebox login --url https://photos.example`,
    )
    .action(runs(login));
}

async function login(context: Context, _: string[], { user }: Options): Promise<void> {
  const { env, out, signal } = context;
  const file = settingsFile(env);
  const settings = await readSettings(file);
  const url = urlOf(context.url, env, settings);
  const token = user === undefined ? await tokenFromUser(signal) : await localToken(url, user);
  await getQuota(createClient({ url, token }), { signal });
  const login: Login = user === undefined ? { token } : { user };
  await writeSettings(file, { url, logins: { ...settings.logins, [url]: login } });
  const who = String(claimsOf(token).sub ?? "unknown");
  await out.item({ url, user: who }, `Logged in at ${url} as ${who}.`);
}

/** Typed without being shown, or piped. */
async function tokenFromUser(signal: AbortSignal): Promise<string> {
  const token = process.stdin.isTTY ? await askForToken(signal) : await text(process.stdin);
  if (token.trim() !== "") return token.trim().replace(/^Bearer /i, "");
  throw new Failure(
    "No token was given: on stdin, or with --user for a local Shoebox.",
    ExitCode.misuse,
  );
}

async function askForToken(signal: AbortSignal): Promise<string> {
  process.stderr.write("Token: ");
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await lines.question("", { signal });
  } finally {
    lines.close();
    process.stderr.write("\n");
  }
}
