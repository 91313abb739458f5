import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import type { DynamoDBStreamEvent } from "aws-lambda";
import { startDynamoDb } from "../dynamodb/start-dynamodb.ts";
import { CREDENTIALS, functionSpec, invokeOf, keepingLogger, REGION } from "./handlers.testkit.ts";
import { pollEvery } from "./idle-wait.ts";
import type { StreamSource } from "./spec.ts";
import { openStreamCheckpoints } from "./stream-checkpoints.ts";
import { type StreamSourceOptions, startStreamSource } from "./stream-source.ts";

/** A real local DynamoDB with what the tests of streams need of it. */
export async function startStreamWorld(dir: string) {
  const database = await startDynamoDb({ dataDir: `${dir}/dynamodb` });
  const client = { endpoint: database.url, region: REGION, credentials: CREDENTIALS };
  const dynamodb = new DynamoDBClient(client);
  const streams = new DynamoDBStreamsClient(client);
  const running: { close(): Promise<void> }[] = [];
  let checkpoints = openStreamCheckpoints(`${dir}/state`);

  return {
    url: database.url,
    databaseDir: `${dir}/dynamodb`,
    table: async () => {
      const TableName = `t-${crypto.randomUUID()}`;
      const { TableDescription } = await dynamodb.send(
        new CreateTableCommand({
          TableName,
          AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
          KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
          BillingMode: "PAY_PER_REQUEST",
          StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
        }),
      );
      return {
        streamArn: TableDescription?.LatestStreamArn ?? "",
        put: async (...ids: string[]) => {
          for (const id of ids) {
            const Item = { id: { S: id }, bytes: { B: Buffer.from("hi") } };
            await dynamodb.send(new PutItemCommand({ TableName, Item }));
          }
        },
        remove: (id: string) =>
          dynamodb.send(new DeleteItemCommand({ TableName, Key: { id: { S: id } } })),
      };
    },
    /** Starts a mapping on the table's stream that hands its events to `handler`. */
    start: async (
      streamArn: string,
      handler: (event: DynamoDBStreamEvent) => unknown,
      changes: Partial<StreamSource> = {},
      options: Partial<StreamSourceOptions> = {},
    ) => {
      const { log, lines } = keepingLogger();
      const source = await startStreamSource(
        {
          type: "stream",
          id: "mapping",
          functionName: "fn",
          streamArn,
          batchSize: 10,
          startingPosition: "TRIM_HORIZON",
          reportBatchItemFailures: true,
          ...changes,
        },
        {
          streams,
          invoke: invokeOf((event) => handler(event as DynamoDBStreamEvent)),
          function: functionSpec(),
          checkpoints,
          sendToDestination: undefined,
          wanted: () => true,
          region: REGION,
          log,
          idle: pollEvery(5),
          retryPause: { firstMs: 1, maximumMs: 5 },
          ...options,
        },
      );
      running.push(source);
      return { ...source, lines };
    },
    /** What a new process would see: the checkpoints are read from the disk again. */
    reopenCheckpoints: () => {
      checkpoints.close();
      checkpoints = openStreamCheckpoints(`${dir}/state`);
    },
    close: async () => {
      await Promise.all(running.map((source) => source.close()));
      checkpoints.close();
      await database.close();
    },
  };
}

/** The ids of an event's records in order. */
export function idsOf(event: DynamoDBStreamEvent): string[] {
  return event.Records.map((record) => record.dynamodb?.Keys?.id?.S ?? "");
}

/** A partial batch response that reports the records with these ids. */
export function failuresOf(event: DynamoDBStreamEvent, ids: string[]) {
  const failed = event.Records.filter((r) => ids.includes(r.dynamodb?.Keys?.id?.S ?? ""));
  return {
    batchItemFailures: failed.map((r) => ({ itemIdentifier: r.dynamodb?.SequenceNumber ?? "" })),
  };
}
