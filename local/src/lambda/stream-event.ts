import type { _Record, AttributeValue } from "@aws-sdk/client-dynamodb-streams";
import { identityOf } from "../dynamodb/stream-identity.ts";

/** A stream record as Lambda delivers it, with the fields that delivery itself needs made certain. */
export interface StreamRecord {
  eventID: string | undefined;
  eventName: string | undefined;
  eventVersion: string | undefined;
  eventSource: "aws:dynamodb";
  awsRegion: string;
  dynamodb: {
    /** Seconds since the epoch. */
    ApproximateCreationDateTime: number;
    Keys?: Record<string, unknown>;
    NewImage?: Record<string, unknown>;
    OldImage?: Record<string, unknown>;
    SequenceNumber: string;
    SizeBytes: number | undefined;
    StreamViewType: string | undefined;
  };
  /** Present when DynamoDB itself made the change, which means that an item's time to live was over. */
  userIdentity?: { type: string; principalId: string };
  eventSourceARN: string;
}

/** Turns a record of GetRecords into the record of Lambda's event. The region is the stack's, whatever the store says. */
export function streamRecord(record: _Record, streamArn: string, region: string): StreamRecord {
  const change = record.dynamodb;
  if (!change?.SequenceNumber) throw new Error(`${streamArn} gave a record without its number.`);
  const userIdentity = identityOf(record);
  return {
    eventID: record.eventID,
    eventName: record.eventName,
    eventVersion: record.eventVersion,
    eventSource: "aws:dynamodb",
    awsRegion: region,
    dynamodb: {
      ApproximateCreationDateTime: (change.ApproximateCreationDateTime?.getTime() ?? 0) / 1000,
      ...(change.Keys && { Keys: encodeImage(change.Keys) }),
      ...(change.NewImage && { NewImage: encodeImage(change.NewImage) }),
      ...(change.OldImage && { OldImage: encodeImage(change.OldImage) }),
      SequenceNumber: change.SequenceNumber,
      SizeBytes: change.SizeBytes,
      StreamViewType: change.StreamViewType,
    },
    ...(userIdentity && { userIdentity }),
    eventSourceARN: streamArn,
  };
}

function encodeImage(image: Record<string, AttributeValue>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(image).map(([name, value]) => [name, encodeValue(value)]),
  );
}

/** Binary values travel as base64 in an event; everything else is JSON already. */
function encodeValue(value: AttributeValue): unknown {
  if (value.B) return { B: base64(value.B) };
  if (value.BS) return { BS: value.BS.map(base64) };
  if (value.L) return { L: value.L.map(encodeValue) };
  if (value.M) return { M: encodeImage(value.M) };
  return value;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
