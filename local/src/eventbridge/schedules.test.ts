import {
  DisableRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  type Target,
} from "@aws-sdk/client-eventbridge";
import { describe, expect, it } from "vitest";
import { ACCOUNT, newBridge, QUEUE, type TestBridge } from "./bridge.testkit.ts";
import { parseSchedule } from "./schedule-expression.ts";

const START = Date.UTC(2026, 0, 1, 12, 0, 30);
const MINUTE = 60_000;

async function schedule(bridge: TestBridge, expression: string, extra: Partial<Target> = {}) {
  const rule = { Name: "sweep", ScheduleExpression: expression };
  await bridge.client.send(new PutRuleCommand(rule));
  const Targets = [{ Id: "q", Arn: QUEUE, ...extra }];
  await bridge.client.send(new PutTargetsCommand({ Rule: "sweep", Targets }));
}

describe("schedules", () => {
  it("fire by the clock, with the documented envelope, once when they come due", async () => {
    let time = START;
    const bridge = await newBridge({ now: () => time });
    await schedule(bridge, "rate(5 minutes)");
    time += 5 * MINUTE - 1;
    await bridge.server.runSchedule("sweep");
    await bridge.sqs.received(QUEUE, 1);
    time += 1;
    const [, event] = await bridge.sqs.received(QUEUE, 2);
    expect(event).toEqual({
      version: "0",
      id: expect.any(String),
      "detail-type": "Scheduled Event",
      source: "aws.events",
      account: ACCOUNT,
      time: "2026-01-01T12:05:30Z",
      region: "us-east-1",
      resources: [`arn:aws:events:us-east-1:${ACCOUNT}:rule/sweep`],
      detail: {},
    });
    time += 5 * MINUTE;
    await bridge.sqs.received(QUEUE, 3);
    expect(bridge.sqs.sent).toHaveLength(3);
  });

  it("deliver the target's Input instead when it has one, also when run by hand", async () => {
    const bridge = await newBridge();
    await schedule(bridge, "cron(0 3 * * ? *)", { Input: '{"dryRun":true}' });
    await bridge.server.runSchedule("sweep");
    expect(await bridge.sqs.received(QUEUE, 1)).toEqual([{ dryRun: true }]);
    await expect(bridge.server.runSchedule("nothing")).rejects.toThrow(/does not exist/);
  });

  it("keep their beat through restarts and re-application, and do not make up for what they missed", async () => {
    let time = START;
    const now = () => time;
    const first = await newBridge({ now });
    await schedule(first, "rate(10 minutes)");
    await first.server.close();
    time += 25 * MINUTE;
    const second = await newBridge({ now, dataDir: first.dataDir });
    await schedule(second, "rate(10 minutes)");
    time += 5 * MINUTE - 1;
    await second.server.runSchedule("sweep");
    await second.sqs.received(QUEUE, 1);
    time += 1;
    const events = await second.sqs.received(QUEUE, 2);
    expect(events[1]?.time).toBe("2026-01-01T12:30:30Z");
    expect(second.sqs.sent).toHaveLength(2);
  });

  it("do not fire while their rule is disabled", async () => {
    let time = START;
    const bridge = await newBridge({ now: () => time });
    await schedule(bridge, "rate(1 minute)");
    await bridge.client.send(new DisableRuleCommand({ Name: "sweep" }));
    await bridge.client.send(
      new PutRuleCommand({ Name: "witness", ScheduleExpression: "rate(1 minute)" }),
    );
    const Targets = [{ Id: "q", Arn: QUEUE, Input: '"witness"' }];
    await bridge.client.send(new PutTargetsCommand({ Rule: "witness", Targets }));
    time += MINUTE;
    expect(await bridge.sqs.received(QUEUE, 1)).toEqual(["witness"]);
  });
});

describe("parseSchedule", () => {
  const after = (expression: string, from: string) => {
    const next = parseSchedule(expression).next(0, Date.parse(from));
    return next === undefined ? undefined : new Date(next).toISOString().slice(0, 16);
  };

  it.each([
    ["cron(0 10 * * ? *)", "2026-01-01T10:00:00Z", "2026-01-02T10:00"],
    ["cron(15 12 * * ? *)", "2026-01-01T10:00:30Z", "2026-01-01T12:15"],
    ["cron(0 18 ? * MON-FRI *)", "2026-01-02T18:00:00Z", "2026-01-05T18:00"],
    ["cron(0 8 1 * ? *)", "2026-01-31T00:00:00Z", "2026-02-01T08:00"],
    ["cron(0/15 * * * ? *)", "2026-01-01T10:16:00Z", "2026-01-01T10:30"],
    ["cron(0/5 8-17 ? * 2-6 *)", "2026-01-02T17:55:00Z", "2026-01-05T08:00"],
    ["cron(0 0 L * ? *)", "2026-02-01T00:00:00Z", "2026-02-28T00:00"],
    ["cron(0 0 15W * ? *)", "2026-02-01T00:00:00Z", "2026-02-16T00:00"],
    ["cron(0 0 1W * ? *)", "2026-07-31T12:00:00Z", "2026-08-03T00:00"],
    ["cron(0 0 ? * 6L *)", "2026-01-01T00:00:00Z", "2026-01-30T00:00"],
    ["cron(0 0 ? * TUE#2 *)", "2026-01-01T00:00:00Z", "2026-01-13T00:00"],
    ["cron(0 0 29 FEB ? *)", "2026-01-01T00:00:00Z", "2028-02-29T00:00"],
    ["cron(59 23 31 12 ? 2027-2028)", "2026-01-01T00:00:00Z", "2027-12-31T23:59"],
    ["cron(0 0 1 1 ? 2025)", "2026-01-01T00:00:00Z", undefined],
  ])("%s after %s is due %s", (expression, from, due) => {
    expect(after(expression, from)).toBe(due);
  });

  it.each([
    "rate(1 minutes)",
    "rate(2 minute)",
    "rate(0 minutes)",
    "rate(1 second)",
    "cron(* * * * *)",
    "cron(0 0 * * * *)",
    "cron(0 0 ? * ? *)",
    "cron(60 0 * * ? *)",
    "cron(0 0 * * ? 1900)",
    "cron(0 0 ? * MON#6 *)",
    "cron(5-1 0 * * ? *)",
    "at(2026-01-01T00:00:00)",
    "",
  ])("refuses %j", (expression) => {
    expect(() => parseSchedule(expression)).toThrow(/ScheduleExpression is not valid/);
  });
});
