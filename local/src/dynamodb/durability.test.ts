import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { DynamoDBClient, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, expect, it } from "vitest";
import { applyTable } from "./apply-table.ts";
import { startDynamoDb } from "./start-dynamodb.ts";

const TableName = "uploads";
let dataDir: string;
let child: ChildProcess | undefined;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "dynamodb-"));
});

afterEach(async () => {
  child?.kill("SIGKILL");
  await rm(dataDir, { recursive: true });
});

function clientOf(url: string): DynamoDBClient {
  return new DynamoDBClient({
    endpoint: url,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
}

const table = {
  TableName,
  BillingMode: "PAY_PER_REQUEST" as const,
  AttributeDefinitions: [{ AttributeName: "PK", AttributeType: "S" as const }],
  KeySchema: [{ AttributeName: "PK", KeyType: "HASH" as const }],
};

async function owner(): Promise<{ url: string; pid: number }> {
  child = spawn(process.execPath, [join(import.meta.dirname, "owner.testkit.ts"), dataDir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(child.stdout ?? child, "data")) as [Buffer];
  return JSON.parse(line.toString()) as { url: string; pid: number };
}

async function killOwner(): Promise<void> {
  const exit = child && once(child, "exit");
  child?.kill("SIGKILL");
  await exit;
}

/** Ended or only waiting to be collected by its new parent: in both cases it holds nothing any more. */
async function untilSilent(url: string): Promise<void> {
  for (let waited = 0; waited < 5_000; waited += 10) {
    const answers = await fetch(url).then(
      () => true,
      () => false,
    );
    if (!answers) return;
    await delay(10);
  }
  throw new Error(`${url} still answers`);
}

it("ends with its owner's kill -9 and has every answered write when it starts again", async () => {
  const { url } = await owner();
  const client = clientOf(url);
  await applyTable(client, table);
  let answered = 0;
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    for (let n = 0; ; n += 1) {
      await client.send(new PutItemCommand({ TableName, Item: { PK: { S: `${writer}-${n}` } } }));
      answered += 1;
      if (answered === 400) child?.kill("SIGKILL");
    }
  });
  await Promise.allSettled(writers);
  await untilSilent(url);
  client.destroy();
  const again = await startDynamoDb({ dataDir });
  const reader = clientOf(again.url);
  const { Count = 0 } = await reader.send(new ScanCommand({ TableName }));
  reader.destroy();
  await again.close();
  expect(answered).toBeGreaterThanOrEqual(400);
  expect(Count).toBeGreaterThanOrEqual(answered);
});

it("takes the database from a process that a dead owner left behind", async () => {
  const left = spawn(process.execPath, [
    "-e",
    "setInterval(() => {}, 1000)",
    "dynoxide",
    join(dataDir, "dynamodb.sqlite"),
  ]);
  await once(left, "spawn");
  const { pid: dead } = spawn(process.execPath, ["-e", ""]).once("error", () => undefined);
  await untilDead(dead ?? 0);
  await writeFile(join(dataDir, "dynamodb.pid"), `${left.pid} ${dead}\n`);
  const exit = once(left, "exit");
  const local = await startDynamoDb({ dataDir });
  expect((await exit)[1]).toBe("SIGKILL");
  await local.close();
});

async function untilDead(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await delay(5);
  }
}

it("refuses a data directory that a living process uses", async () => {
  await owner();
  await expect(startDynamoDb({ dataDir })).rejects.toThrow(/in use by process \d+/);
  await killOwner();
});

it("comes back on its port when the database process crashes", async () => {
  const local = await startDynamoDb({ dataDir });
  const client = clientOf(local.url);
  await applyTable(client, table);
  const crashed = local.pid;
  process.kill(crashed, "SIGKILL");
  await client
    .send(new PutItemCommand({ TableName, Item: { PK: { S: "a" } } }))
    .catch(() => undefined);
  for (let waited = 0; local.pid === crashed && waited < 5_000; waited += 10) await delay(10);
  await client.send(new PutItemCommand({ TableName, Item: { PK: { S: "b" } } }));
  expect(local.pid).not.toBe(crashed);
  client.destroy();
  await local.close();
});

it("says why it cannot start", async () => {
  await writeFile(
    join(dataDir, "dynamodb.sqlite"),
    "this is not a database, and it is long enough to show it\n".repeat(20),
  );
  await expect(startDynamoDb({ dataDir })).rejects.toThrow(
    /local DynamoDB cannot start: .*database/i,
  );
});
