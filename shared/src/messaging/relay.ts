import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import type { DomainEvent } from "../events/define.ts";
import type { Logger } from "../log.ts";
import type { Publisher } from "./publish.ts";

/** One change of one item, as the table's stream reports it. */
export interface Change {
  kind: "INSERT" | "MODIFY" | "REMOVE";
  before: Record<string, unknown> | undefined;
  after: Record<string, unknown> | undefined;
  /** True when DynamoDB's TTL removed the item, not a caller. */
  expired: boolean;
}

/**
 * The one way out for events: turns a table's stream into facts on the bus. A service gives a pure
 * function from a change to the facts it means; everything that can go wrong is here. Answers with
 * the lowest sequence number that was not published, from which Lambda starts again: some facts go
 * out twice, none is lost and none is skipped.
 */
export function createRelay(options: {
  publisher: Publisher;
  toEvents: (change: Change) => DomainEvent[];
  log: Logger;
}): (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse> {
  return async (event) => {
    const pending: { record: number; event: DomainEvent }[] = [];
    let firstFailure = event.Records.length;
    for (const [index, record] of event.Records.entries()) {
      try {
        for (const fact of options.toEvents(toChange(record))) {
          pending.push({ record: index, event: fact });
        }
      } catch (error) {
        options.log.error(
          { err: error, eventID: record.eventID },
          "a change can't be turned into events",
        );
        firstFailure = index;
        break;
      }
    }
    const refused = await options.publisher.publish(pending.map((item) => item.event));
    const [firstRefused] = refused;
    if (firstRefused !== undefined) {
      options.log.warn({ refused: refused.length }, "the bus refused events; the batch is retried");
      firstFailure = Math.min(firstFailure, pending[firstRefused]?.record ?? 0);
    }
    for (const item of pending) {
      options.log.debug(
        {
          type: item.event.detailType,
          eventId: item.event.detail.metadata.eventId,
          correlationId: item.event.detail.metadata.correlationId,
        },
        "published",
      );
    }
    const failed = event.Records[firstFailure]?.dynamodb?.SequenceNumber;
    return { batchItemFailures: failed === undefined ? [] : [{ itemIdentifier: failed }] };
  };
}

function toChange(record: DynamoDBRecord): Change {
  const { NewImage, OldImage } = record.dynamodb ?? {};
  return {
    kind: record.eventName ?? "MODIFY",
    before: OldImage && unmarshall(OldImage as Record<string, AttributeValue>),
    after: NewImage && unmarshall(NewImage as Record<string, AttributeValue>),
    expired: record.userIdentity?.principalId === "dynamodb.amazonaws.com",
  };
}
