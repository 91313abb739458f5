import type { DynamoDBRecord, SQSEvent } from "aws-lambda";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DomainEvent } from "../events/define.ts";
import { rememberingLog } from "../log.testkit.ts";
import { fact, numberOf, scriptedBus, type Verdict } from "./bus.testkit.ts";
import { createPublisher } from "./publish.ts";
import { type Change, createRelay, type DeadLetter } from "./relay.ts";
import { createRelayAgain } from "./relay-again.ts";
import { MAX_RECEIVES } from "./work-queue.ts";

/** A change whose facts have the numbers `first`, `first + 1`, …; no change at all can be read from poison. */
function record(sequence: number, first: number, count = 1, poison = false): DynamoDBRecord {
  return {
    eventName: "INSERT",
    dynamodb: {
      SequenceNumber: String(sequence),
      Keys: { PK: { S: `item#${sequence}` } },
      NewImage: {
        first: { N: String(first) },
        count: { N: String(count) },
        poison: { BOOL: poison },
      },
    },
  };
}

function toEvents({ after }: Change): DomainEvent[] {
  if (after?.poison) throw new Error("this item makes no sense");
  return Array.from({ length: Number(after?.count) }, (_, index) =>
    fact(Number(after?.first) + index),
  );
}

function relayTo(
  decide: (number: number) => Verdict,
  setAside?: (letter: DeadLetter) => Promise<void>,
) {
  const bus = scriptedBus((entry) => decide(numberOf(entry)));
  const { log, lines } = rememberingLog();
  const publisher = createPublisher(bus.client, "shoebox", log);
  const relay = createRelay({ publisher, toEvents, log, setAside });
  return { ...bus, lines, relay: (Records: DynamoDBRecord[]) => relay({ Records }) };
}

const failed = (sequence: number) => ({
  batchItemFailures: [{ itemIdentifier: String(sequence) }],
});
const done = { batchItemFailures: [] };

describe("a change that was set aside", () => {
  const message = (body: unknown, receives = 1) =>
    ({
      Records: [
        {
          messageId: "m-1",
          body: JSON.stringify(body),
          attributes: { ApproximateReceiveCount: String(receives) },
        },
      ],
    }) as SQSEvent;
  const gone: [string, unknown][] = [];
  const againTo = (relay: Parameters<typeof createRelayAgain>[0]["relay"]) =>
    createRelayAgain({
      relay,
      relayBatch: relay,
      readStream: async () => [],
      log: rememberingLog().log,
      deadLetters: {
        setAside: async ({ body }, reason) => void gone.push([reason, JSON.parse(body)]),
      },
    });

  it("is relayed when it is put into its queue, as often as it is", async () => {
    const { relay, taken } = relayTo(() => "take");
    const again = againTo(({ Records }) => relay(Records));
    const letter = { reason: "what it was", record: record(100, 7) };
    expect(await again(message(letter))).toEqual(done);
    expect(await again(message(letter))).toEqual(done);
    expect(taken.map(numberOf)).toEqual([7, 7]);
  });

  it("goes back while it still can't be, and at last is a dead letter of that queue", async () => {
    const { relay } = relayTo(() => "take");
    const again = againTo(({ Records }) => relay(Records));
    const letter = { reason: "what it was", record: record(100, 7, 1, true) };
    const back = { batchItemFailures: [{ itemIdentifier: "m-1" }] };
    expect(await again(message(letter))).toEqual(back);
    expect(await again(message({ DDBStreamBatchInfo: {} }))).toEqual(back);
    expect(gone).toEqual([]);
    expect(await again(message(letter, MAX_RECEIVES))).toEqual(done);
    expect(gone).toEqual([[expect.stringContaining("still can't"), letter]]);
  });
});

describe("the relay", () => {
  it("publishes the facts of all changes in their order", async () => {
    const { relay, taken } = relayTo(() => "take");
    expect(await relay([record(100, 0, 2), record(101, 2, 0), record(102, 2, 3)])).toEqual(done);
    expect(taken.map(numberOf)).toEqual([0, 1, 2, 3, 4]);
  });

  it("answers with the lowest change that is not published in full", async () => {
    const { relay, taken, lines } = relayTo((number) =>
      number === 3 || number === 5 ? "refuse" : "take",
    );
    const records = [record(100, 0, 2), record(101, 2, 2), record(102, 4, 2)];
    expect(await relay(records)).toEqual(failed(101));
    expect(taken.map(numberOf)).toEqual([0, 1, 2, 4]);
    expect(lines.filter((line) => line.msg === "published")).toHaveLength(4);
  });

  it("loses nothing when the bus is down", async () => {
    const { relay } = relayTo(() => "fail");
    expect(await relay([record(100, 0), record(101, 1)])).toEqual(failed(100));
  });

  it("measures how late the facts of each change are, when they are out", async () => {
    const now = 1_795_000_000_000;
    const { log, lines } = rememberingLog();
    const bus = scriptedBus((entry) => (numberOf(entry) === 3 ? "refuse" : "take"));
    const relay = createRelay({
      publisher: createPublisher(bus.client, "shoebox", log),
      toEvents,
      log,
      now: () => now,
    });
    const made = (item: DynamoDBRecord, secondsAgo: number) => ({
      ...item,
      dynamodb: { ...item.dynamodb, ApproximateCreationDateTime: now / 1_000 - secondsAgo },
    });
    const silent = made(record(102, 3, 0), 50);
    await relay({ Records: [made(record(100, 0, 2), 90), made(record(101, 2), 2), silent] });
    await relay({ Records: [made(record(103, 3), 1)] });
    const measured = lines.filter((line) => "RelayLag" in line);
    expect(measured.map((line) => line.RelayLag)).toEqual([[90_000, 2_000]]);
  });

  it("sets a poisonous change aside whole, with the reason, and goes on", async () => {
    const letters: DeadLetter[] = [];
    const { relay, taken, lines } = relayTo(
      () => "take",
      async (letter) => void letters.push(letter),
    );
    const poison = record(101, 1, 1, true);
    expect(await relay([record(100, 0), poison, record(102, 2)])).toEqual(done);
    expect(taken.map(numberOf)).toEqual([0, 2]);
    expect(letters).toEqual([{ reason: "this item makes no sense", record: poison }]);
    expect(lines).toContainEqual(
      expect.objectContaining({ msg: "a change can't be turned into events", level: 50 }),
    );
    expect(lines.filter((line) => line.EventsSetAside === 1)).toHaveLength(1);
  });

  it("sets nothing aside while something before it is not published", async () => {
    const letters: DeadLetter[] = [];
    const { relay } = relayTo(
      (number) => (number === 0 ? "refuse" : "take"),
      async (letter) => void letters.push(letter),
    );
    expect(await relay([record(100, 0), record(101, 1, 1, true)])).toEqual(failed(100));
    expect(letters).toEqual([]);
  });

  it("keeps a poisonous change in its place when it can't be set aside", async () => {
    const records = [record(100, 0), record(101, 1, 1, true), record(102, 2)];
    const nowhere = relayTo(() => "take");
    expect(await nowhere.relay(records)).toEqual(failed(101));
    expect(nowhere.taken.map(numberOf)).toEqual([0]);
    const down = relayTo(
      () => "take",
      () => Promise.reject(new Error("the queue is down")),
    );
    expect(await down.relay(records)).toEqual(failed(101));
  });

  it("sets an event aside that the bus would never take", async () => {
    const letters: DeadLetter[] = [];
    const { log } = rememberingLog();
    const bus = scriptedBus();
    const relay = createRelay({
      publisher: createPublisher(bus.client, "shoebox", log),
      toEvents: ({ after }) => [fact(Number(after?.first), after?.first === 1 ? 1_100_000 : 0)],
      log,
      setAside: async (letter) => void letters.push(letter),
    });
    expect(await relay({ Records: [record(100, 0), record(101, 1), record(102, 2)] })).toEqual(
      done,
    );
    expect(bus.taken.map(numberOf)).toEqual([0, 2]);
    expect(letters.map((letter) => letter.reason)).toEqual([expect.stringMatching(/bytes/)]);
  });

  it("tells a function what was before, what is after, and whether TTL did it", async () => {
    const seen: Change[] = [];
    const { log } = rememberingLog();
    const relay = createRelay({
      publisher: createPublisher(scriptedBus().client, "shoebox", log),
      toEvents: (change) => {
        seen.push(change);
        return [];
      },
      log,
    });
    const dynamodb = { SequenceNumber: "1", OldImage: { PK: { S: "a" }, n: { N: "1" } } };
    const userIdentity = { type: "Service", principalId: "dynamodb.amazonaws.com" };
    await relay({
      Records: [
        { eventName: "REMOVE", dynamodb, userIdentity },
        { eventName: "REMOVE", dynamodb },
      ],
    });
    const before = { PK: "a", n: 1 };
    expect(seen).toEqual([
      { kind: "REMOVE", before, after: undefined, expired: true },
      { kind: "REMOVE", before, after: undefined, expired: false },
    ]);
  });
});

/** Lambda over one shard: from the checkpoint on, again from the lowest failure, never past it. */
async function drain(
  records: DynamoDBRecord[],
  batchSize: number,
  relay: (records: DynamoDBRecord[]) => ReturnType<ReturnType<typeof createRelay>>,
): Promise<void> {
  let checkpoint = 0;
  for (let calls = 0; checkpoint < records.length; calls++) {
    if (calls > 10_000) throw new Error("the relay does not come forward");
    const batch = records.slice(checkpoint, checkpoint + batchSize);
    const { batchItemFailures } = await relay(batch);
    const numbers = batch.map((item) => item.dynamodb?.SequenceNumber);
    const lowest = batchItemFailures.map((item) => numbers.indexOf(item.itemIdentifier));
    checkpoint += lowest.length === 0 ? batch.length : Math.min(...lowest);
  }
}

describe("the relay under Lambda, with a bus and a queue that fail at random", () => {
  const world = fc.record({
    counts: fc.array(fc.nat(3), { minLength: 1, maxLength: 40 }),
    poisonous: fc.func(fc.boolean()),
    verdicts: fc.infiniteStream(
      fc.oneof(
        { weight: 6, arbitrary: fc.constant<Verdict>("take") },
        { weight: 2, arbitrary: fc.constant<Verdict>("refuse") },
        { weight: 1, arbitrary: fc.constant<Verdict>("fail") },
      ),
    ),
    queueUp: fc.infiniteStream(fc.boolean()),
    batchSize: fc.integer({ min: 1, max: 15 }),
  });

  it("every fact goes out at least once, and every poisonous change is set aside", async () => {
    await fc.assert(
      fc.asyncProperty(world, async ({ counts, poisonous, verdicts, queueUp, batchSize }) => {
        let next = 0;
        const records = counts.map((count, index) => {
          const made = record(1_000 + index, next, count, poisonous(index));
          next += count;
          return made;
        });
        const isPoison = (item: DynamoDBRecord) => item.dynamodb?.NewImage?.poison?.BOOL === true;
        const wanted = records.filter((item) => !isPoison(item)).flatMap(factsOf);
        const settled = new Set<DynamoDBRecord>();

        const { relay, taken } = relayTo(
          () => verdicts.next().value ?? "take",
          async (letter) => {
            // Nothing that came before it may still be on its way.
            const before = records.slice(0, records.indexOf(letter.record));
            const out = new Set(taken.map(numberOf));
            for (const item of before) {
              if (isPoison(item) ? !settled.has(item) : !factsOf(item).every((n) => out.has(n))) {
                throw new Error("set aside too early");
              }
            }
            if (!queueUp.next().value) throw new Error("the queue is down");
            settled.add(letter.record);
          },
        );
        await drain(records, batchSize, relay);

        expect([...new Set(taken.map(numberOf))].sort((a, b) => a - b)).toEqual(wanted);
        expect([...settled]).toEqual(records.filter(isPoison));
      }),
      { numRuns: 150 },
    );
  });
});

function factsOf(item: DynamoDBRecord): number[] {
  const { first, count } = item.dynamodb?.NewImage ?? {};
  return Array.from({ length: Number(count?.N) }, (_, index) => Number(first?.N) + index);
}
