import {
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type _Record as StreamRecord,
} from "@aws-sdk/client-dynamodb-streams";
import type { DynamoDBRecord } from "aws-lambda";
import { z } from "zod";

/** What Lambda says of records that it gave up, where it may not tell the records themselves. */
export const BatchInfo = z.object({
  streamArn: z.string(),
  shardId: z.string(),
  startSequenceNumber: z.string().regex(/^\d+$/),
  endSequenceNumber: z.string().regex(/^\d+$/),
});
export type BatchInfo = z.infer<typeof BatchInfo>;

/** Pages without a record one after another until the rest of a shard counts as empty. */
const PATIENCE = 20;

/**
 * Reads the records of a batch from the stream, as Lambda would deliver them. The stream has them for 24
 * hours: those that are gone are missing at the beginning, and all of them when the stream is gone.
 */
export function createStreamReader(
  client: () => Pick<DynamoDBStreamsClient, "send">,
): (batch: BatchInfo) => Promise<DynamoDBRecord[]> {
  return async (batch) => {
    const end = BigInt(batch.endSequenceNumber);
    const records: DynamoDBRecord[] = [];
    let iterator = await open(client(), batch);
    for (let empty = 0; iterator !== undefined && empty < PATIENCE; ) {
      const page = await client().send(new GetRecordsCommand({ ShardIterator: iterator }));
      const found = page.Records ?? [];
      empty = found.length === 0 ? empty + 1 : 0;
      for (const record of found) {
        const number = BigInt(record.dynamodb?.SequenceNumber ?? 0);
        if (number > end) return records;
        if (number >= BigInt(batch.startSequenceNumber)) records.push(asDelivered(record));
        if (number === end) return records;
      }
      iterator = page.NextShardIterator;
    }
    return records;
  };
}

/** At the batch's first record, or at the oldest that is left; undefined when there is no such shard any more. */
async function open(
  client: Pick<DynamoDBStreamsClient, "send">,
  { streamArn: StreamArn, shardId: ShardId, startSequenceNumber: SequenceNumber }: BatchInfo,
): Promise<string | undefined> {
  const shard = { StreamArn, ShardId };
  const at = new GetShardIteratorCommand({
    ...shard,
    ShardIteratorType: "AT_SEQUENCE_NUMBER",
    SequenceNumber,
  });
  const oldest = new GetShardIteratorCommand({ ...shard, ShardIteratorType: "TRIM_HORIZON" });
  try {
    return (await client.send(at)).ShardIterator;
  } catch (error) {
    if (isNamed(error, "ResourceNotFoundException")) return undefined;
    if (!isNamed(error, "TrimmedDataAccessException")) throw error;
    return (await client.send(oldest)).ShardIterator;
  }
}

const isNamed = (error: unknown, name: string) => error instanceof Error && error.name === name;

/** The SDK's record in the words of Lambda's event, as far as the relay reads it. */
function asDelivered({ eventName, dynamodb, userIdentity }: StreamRecord): DynamoDBRecord {
  return {
    eventName,
    dynamodb: {
      Keys: dynamodb?.Keys as never,
      NewImage: dynamodb?.NewImage as never,
      OldImage: dynamodb?.OldImage as never,
      SequenceNumber: dynamodb?.SequenceNumber,
    },
    ...(userIdentity && {
      userIdentity: { type: userIdentity.Type, principalId: userIdentity.PrincipalId },
    }),
  };
}
