import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { SQSRecord } from "aws-lambda";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { InvokeResult } from "../lambda/runtime.ts";
import type { EventSource } from "../lambda/spec.ts";
import { type Chaos, createChaos, type Fate } from "./chaos.ts";
import { chaoticSender } from "./chaotic-sender.ts";
import { chaoticSource } from "./chaotic-source.ts";
import { dieAt } from "./die-at.ts";
import { parseChaos, writeChaos } from "./settings.ts";

const calm: Fate = { delay: 0, twice: false, death: undefined, order: 0 };
/** The fates that follow one another, whatever the place; then calm. */
const scripted = (...fates: Partial<Fate>[]): Chaos => ({
  next: () => ({ ...calm, ...fates.shift() }),
});

describe("the settings of a chaos", () => {
  it("need a seed, have defaults, and can be written down to have the same again", () => {
    const settings = parseChaos("seed=7,crash=0.25");
    expect(settings).toMatchObject({ seed: 7, crash: 0.25, duplicate: 0.1 });
    expect(parseChaos(writeChaos(settings))).toEqual(settings);
  });

  it.each([
    ["crash=0.1", /needs a seed/],
    ["seed=one", /not seed=one/],
    ["seed=1,explode=0.1", /not explode=0.1/],
    ["seed=1,crash=0.9", /crash goes up to 0.5/],
    ["seed=1.5", /seed goes in whole numbers/],
    ["", /takes seed=N/],
  ])("%s is refused in a sentence", (text, sentence) => {
    expect(() => parseChaos(text)).toThrow(sentence);
  });
});

describe("a chaos", () => {
  const settings = parseChaos("seed=3,duplicate=0.2,delay=0.3,late=100,crash=0.1");
  const fates = (place: string, seed = 3) => {
    const chaos = createChaos({ ...settings, seed });
    return Array.from({ length: 2_000 }, () => chaos.next(place));
  };

  it("gives the n-th delivery of a place the same fate by the same seed, and others by another", () => {
    expect(fates("a queue")).toEqual(fates("a queue"));
    expect(fates("a queue")).not.toEqual(fates("another queue"));
    expect(fates("a queue")).not.toEqual(fates("a queue", 4));
  });

  it("is as rough as it was told, and not rougher", () => {
    const all = fates("a queue");
    const share = (is: (fate: Fate) => boolean) => all.filter(is).length / all.length;
    expect(share(({ twice }) => twice)).toBeCloseTo(0.2, 1);
    expect(share(({ delay }) => delay > 0)).toBeCloseTo(0.3, 1);
    expect(share(({ death }) => death !== undefined)).toBeCloseTo(0.1, 1);
    expect(Math.max(...all.map(({ delay }) => delay))).toBeLessThanOrEqual(100);
  });
});

it("events reach their queue late and twice, but all of them, with their attributes", async () => {
  const sent: string[] = [];
  const sender = {
    send: async (_arn: string, body: string, attributes?: object) =>
      void sent.push(attributes ? `${body} with attributes` : body),
  };
  const { send } = chaoticSender(sender, scripted({ delay: 20 }, { twice: true }, {}));
  await Promise.all([
    send("q", "late"),
    send("q", "twice"),
    send("q", "plain", { A: { DataType: "String", StringValue: "a" } }),
  ]);
  expect(sent.toSorted()).toEqual(["late", "plain with attributes", "twice", "twice"]);
  expect(sent.at(-1)).toBe("late");
});

describe("a function that dies in the middle", () => {
  let server: Server;
  let port: number;
  let arrived: string[];
  beforeAll(async () => {
    server = createServer((incoming, response) => {
      arrived.push(incoming.url ?? "");
      incoming.resume();
      response.end("{}");
    });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => void server.close());
  beforeEach(() => {
    arrived = [];
  });

  const call = (path: string) =>
    new Promise<void>((resolve, reject) => {
      const outgoing = request({ port, host: "127.0.0.1", path, method: "POST" }, (answer) => {
        answer.resume();
        answer.once("end", resolve);
      });
      outgoing.once("error", reject);
      outgoing.end("body");
    });
  /** Makes three calls; whatever becomes of one, it goes on. */
  let ended: Promise<unknown>;
  const work = () => {
    const calls = async () => {
      for (const path of ["/1", "/2", "/3"]) await call(path).catch(() => undefined);
      return "done";
    };
    const running = calls();
    ended = running;
    return running;
  };

  it("reaches nobody from the call on at which it dies, however long its code goes on", async () => {
    expect(await dieAt({ call: 2, arrives: false }, work)).toBe("died");
    await ended;
    expect(arrived).toEqual(["/1"]);
  });

  it("may die when its call has arrived and before it knows", async () => {
    expect(await dieAt({ call: 2, arrives: true }, work)).toBe("died");
    await ended;
    expect(arrived).toEqual(["/1", "/2"]);
  });

  it("lives when it makes fewer calls, and no other one is touched meanwhile", async () => {
    const [lived, died, untouched] = await Promise.all([
      dieAt({ call: 9, arrives: false }, work),
      dieAt({ call: 1, arrives: false }, work),
      work(),
    ]);
    expect([lived, died, untouched]).toEqual(["done", "died", "done"]);
    expect(arrived.toSorted()).toEqual(["/1", "/1", "/2", "/2", "/3", "/3"]);
  });

  const source = { functionName: "worker", queueUrl: "http://127.0.0.1/q" };
  const records = (receives: number) => ({
    Records: ["a", "b"].map((body) => ({
      body,
      receiptHandle: body,
      attributes: { ApproximateReceiveCount: String(receives) },
    })) as SQSRecord[],
  });
  const start = (type: "sqs" | "stream", chaos: Chaos, invoked: unknown[]) => {
    const sqs = new SQSClient({
      region: "us-east-1",
      endpoint: `http://127.0.0.1:${port}`,
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
    });
    const invoke = async (_name: string, event: unknown): Promise<InvokeResult> => {
      invoked.push(event);
      await work();
      return { outcome: "success", requestId: "r", payload: null };
    };
    const chaotic = { chaos, sqs, log: pino({ enabled: false }) };
    return chaoticSource({ ...source, type } as EventSource, invoke, chaotic);
  };
  const dead: Partial<Fate> = { death: { call: 2, arrives: false } };

  it("has failed for its event source, but not once too often", async () => {
    const queue = start("sqs", { next: () => ({ ...calm, ...dead }) }, []);
    const busy = { whenBusy: "wait" } as const;
    expect((await queue("worker", records(2), busy)).outcome).toBe("function-error");
    expect((await queue("worker", records(3), busy)).outcome).toBe("success");
    const stream = start("stream", { next: () => ({ ...calm, ...dead }) }, []);
    const outcomes = [];
    for (let n = 0; n < 4; n++) outcomes.push((await stream("relay", records(1), busy)).outcome);
    expect(outcomes).toEqual(["function-error", "success", "function-error", "success"]);
  });

  it("is handed a queue's batch twice and in any order, a stream's in its own", async () => {
    const busy = { whenBusy: "wait" } as const;
    const invoked: { Records: SQSRecord[] }[] = [];
    await start("sqs", scripted({ twice: true }, { order: 1 }, { order: 0 }), invoked)(
      "worker",
      records(1),
      busy,
    );
    await start("stream", scripted({ twice: true }, { order: 1 }, { order: 0 }), invoked)(
      "relay",
      records(1),
      busy,
    );
    expect(invoked.map(({ Records }) => Records.map(({ body }) => body).join(""))).toEqual([
      "ba",
      "ba",
      "ab",
      "ab",
    ]);
  });
});
