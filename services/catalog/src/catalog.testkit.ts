import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { applyTable } from "@shoebox/local/dynamodb/apply-table";
import { startDynamoDb } from "@shoebox/local/dynamodb/start-dynamodb";
import { createIdempotencyTable } from "@shoebox/shared/aws/idempotency-table";
import { createReconciliationTable } from "@shoebox/shared/aws/reconciliation-table";
import { createCdnSigner } from "@shoebox/shared/cdn/signer";
import type { DomainEvent } from "@shoebox/shared/events/define";
import { createApi } from "@shoebox/shared/http/api";
import { createLogger } from "@shoebox/shared/log";
import { createConsumer } from "@shoebox/shared/messaging/consumer";
import type { SQSEvent } from "aws-lambda";
import { createImagesTable } from "./adapters/images-table.ts";
import { routes } from "./api/routes.ts";
import { subscriptions } from "./consumers/subscriptions.ts";
import { NOON, OWNER } from "./facts.testkit.ts";

/** The catalog over a real (local) DynamoDB, for tests: API, ingest and table, and a clock to turn. */

const TABLE = "images";

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
export const cdnPublicKey = publicKey;

export async function startCatalog() {
  const dataDir = await mkdtemp(join(tmpdir(), "catalog-"));
  const clock = { at: NOON };
  // What expires does so by the tests' clock, or the sweep would take it away in the middle of a test.
  const local = await startDynamoDb({ dataDir, now: () => clock.at });
  const client = new DynamoDBClient({
    endpoint: local.url,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  await applyTable(client, tableDeclaration());
  const documents = DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
  });
  const log = createLogger("catalog", "silent");
  const deps = {
    images: createImagesTable(documents, TABLE),
    reconciliations: createReconciliationTable(documents, TABLE),
    reconcileQueue: { send: async () => undefined },
    cdn: createCdnSigner({
      baseUrl: "https://cdn.example",
      keyId: "K1",
      privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    }),
    now: () => clock.at,
    log,
  };
  const api = createApi({
    routes,
    deps,
    log,
    corsOrigins: ["https://app.example"],
    idempotency: createIdempotencyTable(documents, TABLE),
    now: deps.now,
  });
  const consume = createConsumer({ subscriptions: subscriptions(deps), log });

  return {
    ...deps,
    client,
    documents,
    table: TABLE,
    clock,
    /** A request as the user, already through the authorizer. */
    async request(path: string, init: RequestInit & { as?: string } = {}) {
      const { as = OWNER, ...rest } = init;
      const requestContext = { requestId: crypto.randomUUID(), authorizer: { userId: as } };
      return await api.request(path, rest, { requestContext });
    },
    /** Delivers events through the real consumer; fails when one goes back to its queue. */
    async deliver(...events: DomainEvent[]) {
      const { batchItemFailures } = await consume(sqsEvent(events));
      if (batchItemFailures.length > 0) throw new Error("An event went back to its queue.");
    },
    /** The DynamoDB calls that `act` makes, as `Query`, `GetItem consistent`, … */
    async callsOf(act: () => Promise<unknown>): Promise<string[]> {
      const calls: string[] = [];
      client.middlewareStack.add(
        (next, context) => (args) => {
          const consistent = JSON.stringify(args.input).includes('"ConsistentRead":true');
          const name = String(context.commandName).replace(/Command$/, "");
          calls.push(consistent ? `${name} consistent` : name);
          return next(args);
        },
        { step: "finalizeRequest", name: "calls" },
      );
      try {
        await act();
      } finally {
        client.middlewareStack.remove("calls");
      }
      return calls;
    },
    async close() {
      client.destroy();
      await local.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

export type Catalog = Awaited<ReturnType<typeof startCatalog>>;

/** Events as they arrive from a queue. */
export function sqsEvent(events: DomainEvent[]): SQSEvent {
  const Records = events.map((event, index) => ({
    messageId: String(index),
    body: JSON.stringify({
      id: crypto.randomUUID(),
      source: event.source,
      "detail-type": event.detailType,
      time: event.detail.metadata.occurredAt,
      detail: event.detail,
    }),
    attributes: { ApproximateReceiveCount: "1" },
  }));
  return { Records } as unknown as SQSEvent;
}

function tableDeclaration() {
  const names = ["PK", "SK", "tagKey", "imageKey", "uploadDate", "awaiting", "republishAt"];
  const keys = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: "HASH" as const },
    { AttributeName: range, KeyType: "RANGE" as const },
  ];
  return {
    TableName: TABLE,
    BillingMode: "PAY_PER_REQUEST" as const,
    AttributeDefinitions: names.map((AttributeName) => ({
      AttributeName,
      AttributeType: "S" as const,
    })),
    KeySchema: keys("PK", "SK"),
    GlobalSecondaryIndexes: [
      {
        IndexName: "byTag",
        KeySchema: keys("tagKey", "imageKey"),
        Projection: { ProjectionType: "KEYS_ONLY" as const },
      },
      {
        IndexName: "byUploadDate",
        KeySchema: keys("uploadDate", "SK"),
        Projection: { ProjectionType: "KEYS_ONLY" as const },
      },
      {
        IndexName: "awaitingConfirmation",
        KeySchema: keys("awaiting", "republishAt"),
        Projection: {
          ProjectionType: "INCLUDE" as const,
          NonKeyAttributes: ["deletedAt", "republished"],
        },
      },
    ],
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" as const },
    TimeToLiveSpecification: { AttributeName: "ttl", Enabled: true },
  };
}
