import {
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  type GetRecordsOutput,
  GetShardIteratorCommand,
} from "@aws-sdk/client-dynamodb-streams";

/**
 * The sequence number after which a mapping that starts at LATEST begins, null for the shard's beginning. An iterator
 * of type LATEST would not outlive the process: records that are written while it is down would be skipped on the
 * next start. So the number is looked up once and kept as the first checkpoint.
 */
export async function latestSequenceNumber(
  streams: DynamoDBStreamsClient,
  streamArn: string,
  shardId: string,
  signal: AbortSignal,
): Promise<string | null> {
  const { ShardIterator } = await streams.send(
    new GetShardIteratorCommand({
      StreamArn: streamArn,
      ShardId: shardId,
      ShardIteratorType: "TRIM_HORIZON",
    }),
    { abortSignal: signal },
  );
  let latest: string | null = null;
  let iterator = ShardIterator;
  while (iterator) {
    const page: GetRecordsOutput = await streams.send(
      new GetRecordsCommand({ ShardIterator: iterator }),
      { abortSignal: signal },
    );
    const last = page.Records?.at(-1)?.dynamodb?.SequenceNumber;
    if (last === undefined) break;
    latest = last;
    iterator = page.NextShardIterator;
  }
  return latest;
}
