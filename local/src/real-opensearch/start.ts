import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Refusal } from "../cloud/refusal.ts";
import { everybodyReaches, give, unprivilegedAccount } from "../java/account.ts";
import { claimPort } from "../java/free-port.ts";
import { findJava } from "../java/java.ts";
import { spawnWatched } from "../process/spawn-watched.ts";
import { configure, layout } from "./configuration.ts";
import { installOpenSearch } from "./distribution.ts";

const READY_WITHIN_MS = 120_000;
const STOPPED_WITHIN_MS = 20_000;
const OUTPUT_KEPT = 20_000;

export interface RealOpenSearchOptions {
  /** 0 is any free one. */
  port: number;
  /** Folder of its data, configuration and logs; made when missing. */
  dataDir: string;
  /** Told of each step as it begins, in words for people. */
  onStep?: (step: string) => void;
}

export interface RealOpenSearch {
  url: string;
  pid: number;
  /** Resolves with a sentence when it has ended, asked or not. */
  ended: Promise<string>;
  close(): Promise<void>;
}

/**
 * Starts OpenSearch itself, got through Maven at the first time: one node on 127.0.0.1, without security, its heap
 * 512 MB. It ends when this process does.
 *
 * @throws Refusal when it can't, in one sentence
 */
export async function startRealOpenSearch(options: RealOpenSearchOptions): Promise<RealOpenSearch> {
  const { dataDir } = options;
  const step = options.onStep ?? (() => undefined);
  if (process.platform === "win32") {
    throw new Refusal("This does not run on Windows; use docker compose up opensearch there.");
  }
  const java = await findJava();
  const installation = await installOpenSearch(step);
  const port = await claimPort(options.port);
  configure(dataDir, installation, port);
  const account = unprivilegedAccount();
  if (account) {
    // It refuses to run as root.
    give(dataDir, account);
    if (!everybodyReaches(dataDir)) {
      throw new Refusal(
        `OpenSearch does not run as root, and the user nobody can't get to ${dataDir}; choose another place with --data.`,
      );
    }
  }
  step(`starting OpenSearch on Java ${java.version}`);
  const places = layout(dataDir);
  const child = spawnWatched(join(installation, "bin", "opensearch"), [], {
    cwd: dataDir,
    ...account,
    env: {
      PATH: process.env.PATH,
      OPENSEARCH_JAVA_HOME: java.home,
      OPENSEARCH_PATH_CONF: places.config,
      OPENSEARCH_TMPDIR: places.temporary,
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-OUTPUT_KEPT);
    });
  }
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(`OpenSearch can't be started: ${error.message}.`));
    child.once("close", () => resolve(`OpenSearch has ended: ${lastWords(output)}`));
  });
  const url = `http://127.0.0.1:${port}`;
  const failure = await Promise.race([ended, untilReady(child, url)]);
  if (failure !== undefined) {
    child.kill("SIGKILL");
    throw new Refusal(`${failure} Its log is in ${places.logs}.`);
  }
  return { url, pid: child.pid ?? 0, ended, close: () => stop(child) };
}

/** Resolves with nothing when the server answers, with a sentence when it did not in time. */
async function untilReady(child: ChildProcess, url: string): Promise<string | undefined> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    const answer = await fetch(`${url}/_cluster/health`).catch(() => undefined);
    if (answer?.ok) return undefined;
    await delay(100);
  }
  return `OpenSearch did not answer within ${READY_WITHIN_MS / 1000} s.`;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOPPED_WITHIN_MS);
  await exit;
  clearTimeout(timer);
}

/** What OpenSearch says of its end: the innermost cause, without the stacks around it. */
export function lastWords(output: string): string {
  if (output.includes("failed to obtain node locks")) {
    return "another one runs on the same data folder.";
  }
  const lines = output.split("\n").map((line) => line.trim());
  const cause = lines.findLast((line) => line.startsWith("Caused by: "));
  return cause?.slice("Caused by: ".length) ?? lines.findLast((line) => line !== "") ?? "no words.";
}
