import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { Failure } from "./failure.ts";

/** A Shoebox that its user has logged in to. */
export type Login =
  | { token: string }
  /** Of a local Shoebox, which gives a token to whoever asks. */
  | { user: string };

export interface Settings {
  /** The one that is meant when none is named. */
  url?: string;
  /** By URL: a token is never sent to another one. */
  logins: Record<string, Login>;
}

type Environment = Record<string, string | undefined>;

/** `$XDG_CONFIG_HOME/shoebox/config.json`, or below `~/.config`. */
export function settingsFile(env: Environment): string {
  return join(env.XDG_CONFIG_HOME || join(homedir(), ".config"), "shoebox", "config.json");
}

/** What is remembered between two runs that is no setting: `$XDG_STATE_HOME/shoebox`, or below `~/.local/state`. */
export function stateFolder(env: Environment): string {
  return join(env.XDG_STATE_HOME || join(homedir(), ".local", "state"), "shoebox");
}

/** @throws Failure when the file is not ours to read */
export async function readSettings(file: string): Promise<Settings> {
  try {
    const { url, logins = {} } = JSON.parse(await readFile(file, "utf8"));
    return { url, logins };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return { logins: {} };
    throw new Failure(`${file} can't be read; shoebox logout removes it.`);
  }
}

/** For its owner's eyes only (0600), and whole at every moment. */
export async function writeSettings(file: string, settings: Settings): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(settings, undefined, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
}

export async function removeSettings(file: string): Promise<void> {
  await rm(file, { force: true });
}
