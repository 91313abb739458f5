import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import type { DomainEvent } from "../events/define.ts";
import type { Logger } from "../log.ts";
import { measure } from "../metrics.ts";
import { tracedSince } from "../trace.ts";
import { type Publisher, refuseTooLarge } from "./publish.ts";

/** One change of one item, as the table's stream reports it. */
export interface Change {
  kind: "INSERT" | "MODIFY" | "REMOVE";
  before: Record<string, unknown> | undefined;
  after: Record<string, unknown> | undefined;
  /** True when DynamoDB's TTL removed the item, not a caller. */
  expired: boolean;
}

/** A change that no attempt can turn into facts, as it is set aside: the whole record and why. */
export interface DeadLetter {
  reason: string;
  record: DynamoDBRecord;
}

/**
 * The one way out for events: turns a table's stream into facts on the bus. A service gives a pure
 * function from a change to the facts it means; everything that can go wrong is here. Answers with
 * the lowest sequence number that was not published, from which Lambda starts again: some facts go
 * out twice, none is lost and none is skipped.
 *
 * A change that can't be turned into facts would hold up all that come after it for a day, until
 * they grow too old together. It is set aside instead, whole and with its reason, once everything
 * before it is published. Without `setAside` it waits in its place for a deployment that can read it.
 */
export function createRelay(options: {
  publisher: Publisher;
  toEvents: (change: Change) => DomainEvent[];
  log: Logger;
  setAside?: (letter: DeadLetter) => Promise<void>;
  now?: () => number;
}): (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse> {
  return async (event) => {
    let rest = event.Records;
    while (rest.length > 0) {
      const { facts, poison } = readUntilPoison(rest, options.toEvents);
      const unpublished = await publish(facts, options);
      if (unpublished) return restartAt(unpublished);
      if (!poison) break;
      if (!(await isSetAside(poison, options))) return restartAt(poison.record);
      rest = rest.slice(rest.indexOf(poison.record) + 1);
    }
    return { batchItemFailures: [] };
  };
}

interface Fact {
  record: DynamoDBRecord;
  event: DomainEvent;
}

interface Poison {
  record: DynamoDBRecord;
  error: unknown;
}

/** The facts of all records up to the first that has none because something is wrong with it. */
function readUntilPoison(
  records: DynamoDBRecord[],
  toEvents: (change: Change) => DomainEvent[],
): { facts: Fact[]; poison?: Poison } {
  const facts: Fact[] = [];
  for (const record of records) {
    try {
      const events = toEvents(toChange(record));
      events.forEach(refuseTooLarge);
      facts.push(...events.map((event) => ({ record, event })));
    } catch (error) {
      return { facts, poison: { record, error } };
    }
  }
  return { facts };
}

/** The first record that the bus would not take all facts of, if any. */
async function publish(
  facts: Fact[],
  { publisher, log, now = Date.now }: { publisher: Publisher; log: Logger; now?: () => number },
): Promise<DynamoDBRecord | undefined> {
  const began = Date.now();
  const refused = new Set(await publisher.publish(facts.map((fact) => fact.event)));
  const published = facts.filter((_, index) => !refused.has(index));
  for (const { event } of published) {
    const { eventId, correlationId } = event.detail.metadata;
    log.debug({ type: event.detailType, eventId, correlationId }, "published");
  }
  await tracedSince(began, "publish", () =>
    published.map(({ event: { detail, detailType } }) => {
      const { eventId, correlationId } = detail.metadata;
      return { annotations: { correlationId, eventId, eventType: detailType } };
    }),
  );
  measure(log, { RelayLag: lags(published, now()) }, { now: now() });
  if (refused.size === 0) return undefined;
  log.warn({ refused: refused.size }, "the bus refused events; they are tried again");
  return facts[Math.min(...refused)]?.record;
}

/** Milliseconds from each change until now, when its facts are out. */
function lags(facts: Fact[], now: number): number[] {
  const changes = [...new Set(facts.map(({ record }) => record))];
  return changes.flatMap(({ dynamodb }) => {
    const seconds = dynamodb?.ApproximateCreationDateTime;
    return seconds === undefined ? [] : [Math.max(0, Math.round(now - seconds * 1_000))];
  });
}

async function isSetAside(
  { record, error }: Poison,
  { setAside, log }: { setAside?: (letter: DeadLetter) => Promise<void>; log: Logger },
): Promise<boolean> {
  const about = { keys: record.dynamodb?.Keys, sequenceNumber: record.dynamodb?.SequenceNumber };
  log.error({ err: error, ...about }, "a change can't be turned into events");
  if (!setAside) return false;
  try {
    await setAside({ reason: error instanceof Error ? error.message : String(error), record });
    measure(log, { EventsSetAside: 1 });
    return true;
  } catch (failure) {
    log.error({ err: failure, ...about }, "a change can't be set aside either; it is tried again");
    return false;
  }
}

function restartAt(record: DynamoDBRecord): DynamoDBBatchResponse {
  // Without a number Lambda takes the whole batch for failed, which is right as well.
  return { batchItemFailures: [{ itemIdentifier: record.dynamodb?.SequenceNumber ?? "" }] };
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
