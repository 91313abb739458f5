import {
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  type Target,
} from "@aws-sdk/client-eventbridge";
import { describe, expect, it } from "vitest";
import { DEAD_LETTERS, newBridge, OTHER_QUEUE, QUEUE, type TestBridge } from "./bridge.testkit.ts";
import { startEventBridge } from "./server.ts";

async function target(bridge: TestBridge, extra: Partial<Target> = {}, rule = "orders") {
  await bridge.client.send(new PutRuleCommand({ Name: rule, EventPattern: '{"source":["shop"]}' }));
  await bridge.client.send(
    new PutTargetsCommand({ Rule: rule, Targets: [{ Id: "q", Arn: QUEUE, ...extra }] }),
  );
}

async function put(bridge: TestBridge, from: number, to: number) {
  for (let first = from; first < to; first += 10) {
    const Entries = Array.from({ length: Math.min(10, to - first) }, (_, at) => ({
      Source: "shop",
      DetailType: "Placed",
      Detail: JSON.stringify({ order: first + at }),
    }));
    await bridge.client.send(new PutEventsCommand({ Entries }));
  }
}

const orders = (events: Record<string, unknown>[]) =>
  events.map((event) => (event.detail as { order: number }).order).sort((a, b) => a - b);
const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);
const down = () => Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
const noQueue = () => Object.assign(new Error("No such queue"), { name: "QueueDoesNotExist" });

describe("delivery", () => {
  it("retries as often as the policy says, then sends to the dead-letter queue with the documented attributes", async () => {
    const bridge = await newBridge();
    bridge.sqs.failure = (queue) => (queue === QUEUE ? down() : undefined);
    await target(bridge, {
      RetryPolicy: { MaximumRetryAttempts: 2 },
      DeadLetterConfig: { Arn: DEAD_LETTERS },
    });
    await put(bridge, 0, 1);
    expect(orders(await bridge.sqs.received(DEAD_LETTERS, 1))).toEqual([0]);
    expect(bridge.sqs.tries).toBe(4);
    const values = Object.entries(bridge.sqs.sent[0]?.attributes ?? {});
    expect(Object.fromEntries(values.map(([name, each]) => [name, each.StringValue]))).toEqual({
      RULE_ARN: "arn:aws:events:us-east-1:000000000000:rule/orders",
      TARGET_ARN: QUEUE,
      ERROR_CODE: "CONNECTION_FAILURE",
      ERROR_MESSAGE: "connect ECONNREFUSED",
      EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
      RETRY_ATTEMPTS: "2",
    });
  });

  it("ends the retries at the event's maximum age", async () => {
    let time = Date.now();
    const bridge = await newBridge({ now: () => time });
    bridge.sqs.failure = (queue) => (queue === QUEUE ? down() : undefined);
    await target(bridge, {
      RetryPolicy: { MaximumEventAgeInSeconds: 60 },
      DeadLetterConfig: { Arn: DEAD_LETTERS },
    });
    await put(bridge, 0, 1);
    await bridge.sqs.tried(1);
    time += 59_000;
    await bridge.sqs.tried(2);
    expect(bridge.sqs.sent).toEqual([]);
    time += 1_000;
    await bridge.sqs.received(DEAD_LETTERS, 1);
    expect(bridge.sqs.sent[0]?.attributes?.EXHAUSTED_RETRY_CONDITION?.StringValue).toBe(
      "MaximumEventAgeInSeconds",
    );
  });

  it("does not retry what cannot succeed: a queue that does not exist", async () => {
    const bridge = await newBridge();
    bridge.sqs.failure = (queue) => (queue === QUEUE ? noQueue() : undefined);
    await target(bridge, { DeadLetterConfig: { Arn: DEAD_LETTERS } });
    await put(bridge, 0, 1);
    await bridge.sqs.received(DEAD_LETTERS, 1);
    expect(bridge.sqs.tries).toBe(2);
    const { attributes } = bridge.sqs.sent[0] ?? {};
    expect(attributes?.ERROR_CODE?.StringValue).toBe("NO_RESOURCE");
    expect(attributes).not.toHaveProperty("EXHAUSTED_RETRY_CONDITION");
  });

  it("drops an event with a warning when its target has no dead-letter queue", async () => {
    const bridge = await newBridge();
    bridge.sqs.failure = noQueue;
    await target(bridge);
    await put(bridge, 0, 1);
    await bridge.sqs.tried(1);
    await expect.poll(() => bridge.warnings).toEqual(["an event was dropped"]);
  });

  it("holds everything through an outage of the queue, delivers to others meanwhile, and catches up after it", async () => {
    const bridge = await newBridge();
    let broken = true;
    bridge.sqs.failure = (queue) => (broken && queue === QUEUE ? down() : undefined);
    await target(bridge);
    await target(bridge, { Arn: OTHER_QUEUE }, "others");
    await put(bridge, 0, 500);
    expect(orders(await bridge.sqs.received(OTHER_QUEUE, 500))).toEqual(upTo(500));
    expect(bridge.sqs.sent.filter((each) => each.queueArn === QUEUE)).toEqual([]);
    broken = false;
    expect(orders(await bridge.sqs.received(QUEUE, 500))).toEqual(upTo(500));
  });

  it("retries at once what waits for its own time, when a retry of another shows that the queue is back", async () => {
    let time = Date.now();
    const bridge = await newBridge({ now: () => time });
    bridge.sqs.failure = down;
    await target(bridge);
    await put(bridge, 0, 1);
    for (const tries of [1, 2, 3, 4, 5]) {
      await bridge.sqs.tried(tries);
      if (tries < 5) time += 1000;
    }
    await put(bridge, 1, 2);
    await bridge.sqs.tried(6);
    bridge.sqs.failure = () => undefined;
    // The second message waits for at most 100 ms, the first for at least 800.
    time += 100;
    expect(orders(await bridge.sqs.received(QUEUE, 2))).toEqual([0, 1]);
  });

  it("lets one refused message pass by without holding up or losing its neighbours", async () => {
    const bridge = await newBridge();
    bridge.sqs.failure = (queue, body) =>
      queue === QUEUE && body.includes('"order":7}') ? noQueue() : undefined;
    await target(bridge, { DeadLetterConfig: { Arn: DEAD_LETTERS } });
    await put(bridge, 0, 20);
    expect(orders(await bridge.sqs.received(DEAD_LETTERS, 1))).toEqual([7]);
    expect(orders(await bridge.sqs.received(QUEUE, 19))).toEqual(upTo(20).filter((n) => n !== 7));
  });

  it("sends batches of at most 10 and 1 MiB, and again those that failed", async () => {
    const batches: string[][] = [];
    const arrived: string[] = [];
    // Nothing is answered until all is put, so that a backlog builds up behind the first batches.
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const bridge = await newBridge({
      sqs: {
        send: () => Promise.reject(new Error("unexpected")),
        sendBatch: async (_queue, bodies) => {
          batches.push(bodies);
          const failing = batches.length === 1;
          await gate;
          if (failing) throw down();
          arrived.push(...bodies);
        },
      },
    });
    await target(bridge);
    const Detail = JSON.stringify({ filler: "x".repeat(400_000) });
    const big = { Source: "shop", DetailType: "Placed", Detail };
    await put(bridge, 0, 35);
    await bridge.client.send(new PutEventsCommand({ Entries: [big, big] }));
    await bridge.client.send(new PutEventsCommand({ Entries: [big, big] }));
    open();
    await expect.poll(() => new Set(arrived).size).toBe(39);
    expect(arrived).toHaveLength(39);
    for (const batch of batches) {
      expect(batch.length).toBeLessThanOrEqual(10);
      expect(batch.join("").length).toBeLessThanOrEqual(1_048_576);
    }
  });

  it("sends singly what a batch was refused for, so that only the message at fault becomes a dead letter", async () => {
    const bridge = await newBridge();
    const atFault = (body: string) => body.includes('"order":3}');
    const refusal = () => Object.assign(new Error("Invalid characters"), { status: 400 });
    bridge.sqs.failure = (queue, body) =>
      queue === QUEUE && atFault(body) ? refusal() : undefined;
    bridge.sqs.sendBatch = async (queue, bodies) => {
      if (bodies.some(atFault)) throw refusal();
      for (const body of bodies) await bridge.sqs.send(queue, body);
    };
    await target(bridge, { DeadLetterConfig: { Arn: DEAD_LETTERS } });
    await put(bridge, 0, 20);
    expect(orders(await bridge.sqs.received(DEAD_LETTERS, 1))).toEqual([3]);
    expect(orders(await bridge.sqs.received(QUEUE, 19))).toEqual(upTo(20).filter((n) => n !== 3));
  });

  it("goes on after a restart with what was waiting", async () => {
    const bridge = await newBridge();
    bridge.sqs.failure = down;
    await target(bridge);
    await put(bridge, 0, 30);
    await bridge.server.close();
    bridge.sqs.failure = () => undefined;
    const again = await startEventBridge({ dataDir: bridge.dataDir, sqs: bridge.sqs });
    expect(orders(await bridge.sqs.received(QUEUE, 30))).toEqual(upTo(30));
    await again.close();
    expect(bridge.sqs.sent).toHaveLength(30);
  });

  it("delivers once what is under way while it closes", async () => {
    let finish: () => void = () => undefined;
    const sent: string[] = [];
    const sqs = {
      send: (_queue: string, body: string) =>
        new Promise<void>((resolve) => {
          sent.push(body);
          finish = resolve;
        }),
    };
    const bridge = await newBridge({ sqs });
    await target(bridge);
    await put(bridge, 0, 1);
    await expect.poll(() => sent).toHaveLength(1);
    const closing = bridge.server.close();
    finish();
    await closing;
    const again = await startEventBridge({ dataDir: bridge.dataDir, sqs });
    await again.close();
    expect(sent).toHaveLength(1);
  });
});
