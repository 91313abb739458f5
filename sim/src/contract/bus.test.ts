import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateArchiveCommand,
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { recordingSqs } from "@shoebox/local/eventbridge/recording-sqs.testkit";
import { startEventBridge } from "@shoebox/local/eventbridge/server";
import { onTestFinished } from "vitest";
import { ARCHIVE, BUS, type Delivered, describeBus, RULES, ruleArn } from "./bus.contract.ts";
import { goingOn, simulatedStores } from "./simulated.ts";

type RuleName = keyof typeof RULES;

const queueArn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const names = Object.keys(RULES) as RuleName[];
const byRule = (of: (name: RuleName) => Delivered[]) =>
  Object.fromEntries(names.map((name) => [name, of(name)])) as Record<RuleName, Delivered[]>;

describeBus("simulated", async () => {
  const world = simulatedStores({
    queues: names.map((name) => ({
      name,
      arn: queueArn(name),
      url: `http://sqs.sim/${name}`,
      visibilityTimeout: 30_000,
      retention: 86_400_000,
      maxReceiveCount: undefined,
      deadLetterArn: undefined,
    })),
    rules: names.map((name) => ({
      name,
      arn: ruleArn(name),
      bus: BUS.name,
      pattern: JSON.stringify(RULES[name]),
      schedule: undefined,
      queueArn: queueArn(name),
      deadLetterArn: undefined,
      input: undefined,
    })),
    archives: [
      {
        arn: ARCHIVE.arn,
        busArn: BUS.arn,
        pattern: JSON.stringify(ARCHIVE.pattern),
        retention: ARCHIVE.retentionDays * 86_400_000,
      },
    ],
  });
  onTestFinished(world.close);
  return {
    client: goingOn<EventBridgeClient>(world.clients.events, world),
    now: world.scheduler.now,
    pass: (seconds) => world.scheduler.pass(seconds * 1_000),
    async delivered() {
      await world.scheduler.settle();
      return byRule((name) =>
        world
          .queue(name)
          .messages()
          .map(({ body }) => JSON.parse(body) as Delivered),
      );
    },
  };
});

describeBus("embedded", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "contract-"));
  const sqs = recordingSqs();
  let clock = Date.parse("2026-11-22T12:00:00.000Z");
  const server = await startEventBridge({ dataDir, sqs, now: () => clock, heartbeat: 10 });
  const client = new EventBridgeClient({
    endpoint: server.url,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  onTestFinished(async () => {
    client.destroy();
    await server.close();
    await rm(dataDir, { recursive: true });
  });
  await client.send(new CreateEventBusCommand({ Name: BUS.name }));
  for (const name of names) {
    const EventPattern = JSON.stringify(RULES[name]);
    await client.send(new PutRuleCommand({ Name: name, EventBusName: BUS.name, EventPattern }));
    const Targets = [{ Id: "queue", Arn: queueArn(name) }];
    await client.send(new PutTargetsCommand({ Rule: name, EventBusName: BUS.name, Targets }));
  }
  await client.send(
    new CreateArchiveCommand({
      ArchiveName: ARCHIVE.name,
      EventSourceArn: BUS.arn,
      EventPattern: JSON.stringify(ARCHIVE.pattern),
      RetentionDays: ARCHIVE.retentionDays,
    }),
  );
  return {
    client,
    now: () => clock,
    async pass(seconds) {
      clock += seconds * 1_000;
      await new Promise((resolve) => setImmediate(resolve));
    },
    async delivered(total) {
      await sqs.tried(total);
      return byRule((name) =>
        sqs.sent
          .filter((sent) => sent.queueArn === queueArn(name))
          .map(({ body }) => JSON.parse(body) as Delivered),
      );
    },
  };
});
