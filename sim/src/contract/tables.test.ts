import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { applyTable } from "@shoebox/local/dynamodb/apply-table";
import { type LocalDynamoDb, startDynamoDb } from "@shoebox/local/dynamodb/start-dynamodb";
import { identityOf } from "@shoebox/local/dynamodb/stream-identity";
import { declaration, records } from "@shoebox/local/dynamodb/tables.testkit";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { goingOn, simulatedStores } from "./simulated.ts";
import { describeTables, type ToldChange } from "./tables.contract.ts";

const HOUR = 3_600_000;

interface Told {
  eventName?: string;
  userIdentity?: object;
  dynamodb?: { OldImage?: unknown; NewImage?: unknown };
}

function told(record: Told): ToldChange {
  const { eventName = "", dynamodb } = record;
  const n = (image: unknown) => (image as { n?: { N: string } } | undefined)?.n?.N;
  return {
    name: eventName,
    before: n(dynamodb?.OldImage),
    after: n(dynamodb?.NewImage),
    byTtl: identityOf(record)?.principalId === "dynamodb.amazonaws.com",
  };
}

describeTables("simulated", async () => {
  const world = simulatedStores({
    tables: [
      {
        name: "images",
        arn: "arn:aws:dynamodb:us-east-1:000000000000:table/images",
        ttl: "expires",
        indexes: [{ name: "by-tag", hashKey: "tag", rangeKey: "SK", includes: undefined }],
      },
    ],
  });
  onTestFinished(world.close);
  const { stream } = world.tableNamed("images");
  return {
    client: goingOn<DynamoDBClient>(world.clients.documents, world),
    TableName: "images",
    tellsEveryPut: false,
    now: world.scheduler.now,
    async changes() {
      for (const shard of stream.shards) stream.trim(shard);
      return stream.shards.flatMap(({ records: kept }) => kept).map(told);
    },
    pass: (hours) => world.scheduler.pass(hours * HOUR),
  };
});

/** The embedded DynamoDB, or the one that SHOEBOX_DYNAMODB names: Amazon's own, in `npm run test:engines`. */
const real = process.env.SHOEBOX_DYNAMODB;
let embedded: LocalDynamoDb | undefined;
let dataDir: string | undefined;
let url = real ?? "";

beforeAll(async () => {
  if (real) return;
  dataDir = await mkdtemp(join(tmpdir(), "contract-"));
  embedded = await startDynamoDb({ dataDir });
  url = embedded.url;
});

afterAll(async () => {
  await embedded?.close();
  if (dataDir) await rm(dataDir, { recursive: true });
});

describeTables(real ? "DynamoDB Local" : "embedded", async () => {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const config = { endpoint: url, region: "us-east-1", credentials };
  const client = new DynamoDBClient(config);
  const streams = new DynamoDBStreamsClient(config);
  onTestFinished(() => {
    client.destroy();
    streams.destroy();
  });
  const table = declaration();
  const { streamArn } = await applyTable(client, table);
  let passed = 0;
  return {
    client,
    TableName: table.TableName,
    tellsEveryPut: real === undefined,
    now: Date.now,
    changes: async () => (await records(streams, streamArn)).map(told),
    pass:
      embedded &&
      (async (hours) => {
        passed += hours * HOUR;
        await embedded?.sweep(Date.now() + passed);
      }),
  };
});
