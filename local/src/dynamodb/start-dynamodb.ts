import { existsSync, mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Logger } from "pino";
import { type DynoxideProcess, startDynoxide } from "./dynoxide-process.ts";
import { endStaleProcess, removePidFile, writePidFile } from "./stale-process.ts";
import { prepareStreams, trimStreams } from "./stream-upkeep.ts";
import { sweepTtl } from "./sweep-ttl.ts";

const SWEEP_EVERY_MS = 10_000;
const TABLES_WITHIN_MS = 10_000;
const PORT_ATTEMPTS = 5;
/** More crashes than this within a minute are not bad luck: the data or the program is broken. */
const RESTARTS_PER_MINUTE = 5;

export interface DynamoDbOptions {
  dataDir: string;
  /** 0 or absent: any free port. */
  port?: number;
  /** Milliseconds since the epoch; decides what TTL and the 24 hours of the streams mean. */
  now?: () => number;
  logger?: Logger;
}

export interface LocalDynamoDb {
  url: string;
  port: number;
  /** Pid of the database process, for those who measure it or kill it. */
  readonly pid: number;
  /** Deletes expired items and trims stream records older than 24 h, as of `now` (ms); also runs every 10 s. */
  sweep(now?: number): Promise<{ expired: number; trimmed: number }>;
  close(): Promise<void>;
}

/** Starts DynamoDB and DynamoDB Streams (one endpoint for both) over `dataDir`; restarts the process when it crashes. */
export async function startDynamoDb(options: DynamoDbOptions): Promise<LocalDynamoDb> {
  const now = options.now ?? Date.now;
  mkdirSync(options.dataDir, { recursive: true });
  const dbPath = join(options.dataDir, "dynamodb.sqlite");
  const pidFile = join(options.dataDir, "dynamodb.pid");
  await endStaleProcess(pidFile, dbPath);
  const { port, process: first } = await startOnPort(dbPath, options.port ?? 0);
  const url = `http://127.0.0.1:${port}`;
  const db = new DatabaseSync(dbPath, { timeout: 5_000 });
  prepareStreams(db);

  let current = first;
  let closing = false;
  let supervising = supervise(first);

  async function supervise(process: DynoxideProcess): Promise<void> {
    writePidFile(pidFile, process.pid);
    const crashes: number[] = [];
    for (let running = process; ; ) {
      const words = await running.ended;
      if (closing) return;
      crashes.push(Date.now());
      const recent = crashes.filter((at) => at > Date.now() - 60_000).length;
      if (recent > RESTARTS_PER_MINUTE)
        throw new Error(`The local DynamoDB keeps ending: ${words}`);
      options.logger?.warn(
        { words, restarts: crashes.length },
        "local DynamoDB ended, starting it again",
      );
      running = await startDynoxide(dbPath, port);
      current = running;
      writePidFile(pidFile, running.pid);
      if (closing) await running.kill();
    }
  }
  supervising = supervising.catch((error: unknown) => {
    options.logger?.fatal({ err: error }, "local DynamoDB is down");
  });

  const client = new DynamoDBClient({
    endpoint: url,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  let sweeping: Promise<unknown> = Promise.resolve();
  function sweep(at = now()): Promise<{ expired: number; trimmed: number }> {
    // One sweep at a time: two would announce and delete the same items.
    const next = sweeping
      .catch(() => undefined)
      .then(async () => ({
        expired: await sweepTtl(db, client, at),
        trimmed: trimStreams(db, at),
      }));
    sweeping = next;
    return next;
  }
  const timer = setInterval(() => {
    sweep().catch((error: unknown) => options.logger?.error({ err: error }, "TTL sweep failed"));
  }, SWEEP_EVERY_MS);
  timer.unref();

  return {
    url,
    port,
    get pid() {
      return current.pid;
    },
    sweep,
    async close() {
      if (closing) return;
      closing = true;
      clearInterval(timer);
      await sweeping.catch(() => undefined);
      client.destroy();
      await current.kill();
      await supervising;
      db.close();
      removePidFile(pidFile);
    },
  };
}

/** dynoxide does not tell which port it got for 0, so a free one is looked up first; who loses that race tries another. */
async function startOnPort(
  dbPath: string,
  wanted: number,
): Promise<{ port: number; process: DynoxideProcess }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = wanted === 0 ? await freePort() : wanted;
    try {
      const process = await startDynoxide(dbPath, port);
      if (await hasMadeItsTables(process, dbPath)) return { port, process };
      throw new Error(`Port ${port} is already in use by another local DynamoDB.`);
    } catch (error) {
      const taken = error instanceof Error && error.message.includes("already in use");
      if (wanted !== 0 || !taken || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

/**
 * Whether it is this process that answers on the port, and not another one that was faster to take
 * it: that one has other files. False when the process ended without having made its tables.
 */
async function hasMadeItsTables(process: DynoxideProcess, dbPath: string): Promise<boolean> {
  let over = false;
  process.ended.then(() => {
    over = true;
  });
  const deadline = Date.now() + TABLES_WITHIN_MS;
  while (!over && Date.now() < deadline) {
    if (hasStreamTable(dbPath)) return true;
    await delay(5);
  }
  await process.kill();
  return false;
}

function hasStreamTable(dbPath: string): boolean {
  if (!existsSync(dbPath)) return false;
  const db = new DatabaseSync(dbPath, { timeout: 5_000 });
  try {
    return (
      db.prepare("SELECT 1 FROM sqlite_master WHERE name = '_stream_records'").get() !== undefined
    );
  } finally {
    db.close();
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        resolve(typeof address === "object" && address !== null ? address.port : 0),
      );
    });
  });
}
