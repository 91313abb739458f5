import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { CREDENTIALS, functionOf, REGION, temporaryDirectory } from "./handlers.testkit.ts";
import type { ServiceSpec } from "./spec.ts";
import { startStreamWorld } from "./stream.testkit.ts";

const dir = temporaryDirectory();
let world: Awaited<ReturnType<typeof startStreamWorld>>;
let child: ChildProcess;

beforeAll(async () => {
  world = await startStreamWorld(dir.path);
});

afterAll(async () => {
  child.kill("SIGKILL");
  await world.close();
  dir.remove();
});

/** Tells the parent what it was given; it never ends for the record with the id `hang`. */
const HANDLER = `export const handler = async ({ Records }) => {
  const ids = Records.map((record) => record.dynamodb.Keys.id.S);
  process.send({ ids });
  if (ids.includes("hang")) await new Promise(() => {});
};`;

it("a service process that is killed goes on with the first record that was not settled", async () => {
  const { streamArn, put } = await world.table();
  const spec: ServiceSpec = {
    service: "killed",
    dataDir: join(dir.path, "service"),
    aws: {
      region: REGION,
      accountId: "000000000000",
      credentials: CREDENTIALS,
      endpoints: { dynamodb: world.url, sqs: "http://127.0.0.1:1", s3: "http://127.0.0.1:1" },
      dynamodbDataDir: world.databaseDir,
    },
    functions: [functionOf(dir.path, HANDLER, { timeoutSeconds: 60 })],
    eventSources: [
      {
        type: "stream",
        id: "mapping",
        functionName: "fn",
        streamArn,
        batchSize: 1,
        startingPosition: "TRIM_HORIZON",
        reportBatchItemFailures: false,
      },
    ],
    apis: [],
  };
  const path = join(dir.path, "spec.json");
  writeFileSync(path, JSON.stringify(spec));
  const start = () => {
    const seen: string[] = [];
    const hanging = Promise.withResolvers<void>();
    child = fork(join(import.meta.dirname, "service-process.ts"), [path], { execArgv: [] });
    child.on("message", ({ ids = [] }: { ids?: string[] }) => {
      seen.push(...ids);
      if (ids.includes("hang")) hanging.resolve();
    });
    return { seen, hanging: hanging.promise };
  };
  await put("1", "2", "hang");
  const first = start();
  await first.hanging;
  expect(first.seen).toEqual(["1", "2", "hang"]);
  child.kill("SIGKILL");
  await once(child, "exit");

  const second = start();
  await second.hanging;
  expect(second.seen).toEqual(["hang"]);
});
