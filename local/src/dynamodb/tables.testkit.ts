import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from "@aws-sdk/client-dynamodb-streams";
import type { TableDeclaration } from "./apply-table.ts";

let tables = 0;

/** A table of pictures with an index, a stream and a time to live; its name is used once. */
export function declaration(changes: Partial<TableDeclaration> = {}): TableDeclaration {
  tables += 1;
  return {
    TableName: `images-${tables}`,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: ["PK", "SK", "tag"].map((AttributeName) => ({
      AttributeName,
      AttributeType: "S",
    })),
    KeySchema: [
      { AttributeName: "PK", KeyType: "HASH" },
      { AttributeName: "SK", KeyType: "RANGE" },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: "by-tag",
        KeySchema: [
          { AttributeName: "tag", KeyType: "HASH" },
          { AttributeName: "SK", KeyType: "RANGE" },
        ],
        Projection: { ProjectionType: "ALL" },
      },
    ],
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    TimeToLiveSpecification: { AttributeName: "expires", Enabled: true },
    ...changes,
  };
}

/** A row by its key. */
export function item(
  pk: string,
  sk: string,
  more: Record<string, AttributeValue> = {},
): Record<string, AttributeValue> {
  return { PK: { S: pk }, SK: { S: sk }, ...more };
}

/** All that the first shard of a stream holds. */
export async function records(streams: DynamoDBStreamsClient, streamArn = "") {
  const { StreamDescription } = await streams.send(
    new DescribeStreamCommand({ StreamArn: streamArn }),
  );
  const { ShardIterator } = await streams.send(
    new GetShardIteratorCommand({
      StreamArn: streamArn,
      ShardId: StreamDescription?.Shards?.[0]?.ShardId,
      ShardIteratorType: "TRIM_HORIZON",
    }),
  );
  const { Records } = await streams.send(new GetRecordsCommand({ ShardIterator, Limit: 1000 }));
  return Records ?? [];
}
