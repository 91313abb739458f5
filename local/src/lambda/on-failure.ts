import { randomUUID } from "node:crypto";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { GetQueueUrlCommand, SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { StreamRecord } from "./stream-event.ts";

/** A batch of stream records that is given up. */
export interface DiscardedBatch {
  records: [StreamRecord, ...StreamRecord[]];
  shardId: string;
  streamArn: string;
  functionArn: string;
  requestId: string;
  condition: "RetryAttemptsExhausted" | "RecordAgeExceeded";
  invocations: number;
}

export type SendToDestination = (batch: DiscardedBatch, now: Date) => Promise<void>;

/**
 * The way to an on-failure destination. A queue gets the metadata only, a bucket gets the whole event as well.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 *
 * @throws Error naming a destination that is neither a queue nor a bucket
 */
export function onFailureDestination(
  arn: string,
  sourceId: string,
  clients: { sqs: SQSClient; s3: S3Client },
): SendToDestination {
  const [, , service, , , resource = ""] = arn.split(":");
  if (service === "sqs") {
    return async (batch, now) => {
      const { QueueUrl } = await clients.sqs.send(new GetQueueUrlCommand({ QueueName: resource }));
      const MessageBody = JSON.stringify(invocationRecord(batch, now));
      await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    };
  }
  if (service === "s3") {
    return async (batch, now) => {
      const payload = JSON.stringify({ Records: batch.records });
      await clients.s3.send(
        new PutObjectCommand({
          Bucket: resource,
          Key: objectKey(sourceId, batch.shardId, now),
          Body: JSON.stringify({ ...invocationRecord(batch, now), payload }),
          ContentType: "application/json",
        }),
      );
    };
  }
  throw new Error(`The on-failure destination ${arn} is neither an SQS queue nor an S3 bucket.`);
}

function invocationRecord(batch: DiscardedBatch, now: Date): object {
  const first = batch.records[0];
  const last = batch.records.at(-1) ?? first;
  return {
    requestContext: {
      requestId: batch.requestId,
      functionArn: batch.functionArn,
      condition: batch.condition,
      approximateInvokeCount: batch.invocations,
    },
    ...(batch.invocations > 0 && {
      responseContext: {
        statusCode: 200,
        executedVersion: "$LATEST",
        functionError: "Unhandled",
      },
    }),
    version: "1.0",
    timestamp: now.toISOString(),
    DDBStreamBatchInfo: {
      shardId: batch.shardId,
      startSequenceNumber: first.dynamodb.SequenceNumber,
      endSequenceNumber: last.dynamodb.SequenceNumber,
      approximateArrivalOfFirstRecord: arrival(first),
      approximateArrivalOfLastRecord: arrival(last),
      batchSize: batch.records.length,
      streamArn: batch.streamArn,
    },
  };
}

function arrival(record: StreamRecord): string {
  return new Date(record.dynamodb.ApproximateCreationDateTime * 1000).toISOString();
}

/** `aws/lambda/<mapping>/<shard>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<uuid>`, as documented. */
function objectKey(sourceId: string, shardId: string, now: Date): string {
  const [date = "", time = ""] = now.toISOString().split("T");
  const moment = `${date}T${time.slice(0, 8).replaceAll(":", ".")}`;
  return `aws/lambda/${sourceId}/${shardId}/${date.replaceAll("-", "/")}/${moment}-${randomUUID()}`;
}
