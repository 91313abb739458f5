import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Refusal } from "../cloud/refusal.ts";
import { claimPort } from "../java/free-port.ts";
import { installOnce } from "../java/install.ts";
import { findJava } from "../java/java.ts";
import { copyLibrary } from "../java/maven.ts";
import { spawnWatched } from "../process/spawn-watched.ts";

const VERSION = "2.6.1";
const LIBRARY = `com.amazonaws:DynamoDBLocal:${VERSION}`;
const READY_WITHIN_MS = 60_000;
const OUTPUT_KEPT = 2_000;

/**
 * Starts Amazon's own DynamoDB Local, got through Maven at the first time: empty, in memory, on any free port of
 * 127.0.0.1. The embedded DynamoDB is compared with it.
 *
 * @throws Refusal when it can't, in one sentence
 */
export async function startDynamoDbLocal(
  onStep: (step: string) => void = () => undefined,
): Promise<{ url: string; close(): Promise<void> }> {
  const java = await findJava();
  const installation = await installOnce(`dynamodb-local-${VERSION}`, async (workDir) => {
    onStep(`getting DynamoDB Local ${VERSION} through Maven (50 MB, the first time only)`);
    const folder = join(workDir, "jars");
    await copyLibrary(LIBRARY, folder, workDir);
    return folder;
  });
  const port = await claimPort(0);
  onStep(`starting DynamoDB Local on Java ${java.version}`);
  const child = spawnWatched(join(java.home, "bin", "java"), [
    "-Xmx256m",
    // Where its SQLite is.
    `-Djava.library.path=${installation}`,
    ...["-cp", join(installation, "*")],
    "com.amazonaws.services.dynamodbv2.local.main.ServerRunner",
    ...["-inMemory", "-disableTelemetry", "-port", String(port)],
  ]);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-OUTPUT_KEPT);
    });
  }
  const url = `http://127.0.0.1:${port}`;
  if (!(await answers(child, url))) {
    child.kill("SIGKILL");
    throw new Refusal(`DynamoDB Local does not start: ${output.trim()}`);
  }
  return {
    url,
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, "exit");
      child.kill("SIGKILL");
      await exit;
    },
  };
}

async function answers(child: ChildProcess, url: string): Promise<boolean> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    // It answers an unsigned request with 400, which is an answer.
    if (await fetch(url).catch(() => undefined)) return true;
    await delay(100);
  }
  return false;
}
