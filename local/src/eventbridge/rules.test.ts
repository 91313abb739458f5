import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  ListEventBusesCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  type Target,
  TestEventPatternCommand,
} from "@aws-sdk/client-eventbridge";
import { describe, expect, it } from "vitest";
import { ACCOUNT, newBridge, QUEUE, type TestBridge } from "./bridge.testkit.ts";

const EventPattern = '{"source":["shop"]}';

const put = (bridge: TestBridge, detail: object) =>
  bridge.client.send(
    new PutEventsCommand({
      Entries: [{ Source: "shop", DetailType: "Placed", Detail: JSON.stringify(detail) }],
    }),
  );

async function ruleWith(bridge: TestBridge, target: Partial<Target>) {
  await bridge.client.send(new PutRuleCommand({ Name: "orders", EventPattern }));
  const Targets = [{ Id: "q", Arn: QUEUE, ...target }];
  return bridge.client.send(new PutTargetsCommand({ Rule: "orders", Targets }));
}

describe("buses", () => {
  it("are made once, listed with the default one, and deleted when they have no rules", async () => {
    const { client } = await newBridge();
    const create = new CreateEventBusCommand({ Name: "shop" });
    await client.send(create);
    await expect(client.send(create)).rejects.toMatchObject({
      name: "ResourceAlreadyExistsException",
    });
    const { EventBuses } = await client.send(new ListEventBusesCommand({}));
    expect(EventBuses?.map((bus) => bus.Name)).toEqual(["default", "shop"]);
    await client.send(new PutRuleCommand({ Name: "r", EventBusName: "shop", EventPattern }));
    const remove = new DeleteEventBusCommand({ Name: "shop" });
    await expect(client.send(remove)).rejects.toThrow(/still has rules/);
    await client.send(new DeleteRuleCommand({ Name: "r", EventBusName: "shop" }));
    await client.send(remove);
    await client.send(remove);
    await expect(client.send(new DeleteEventBusCommand({ Name: "default" }))).rejects.toThrow(
      /default/,
    );
  });
});

describe("rules", () => {
  it("can be applied again and again, with their targets, across restarts", async () => {
    const first = await newBridge();
    for (let boot = 0; boot < 2; boot += 1) {
      await ruleWith(first, {
        RetryPolicy: { MaximumRetryAttempts: 5, MaximumEventAgeInSeconds: 60 },
        DeadLetterConfig: { Arn: `${QUEUE}-dlq` },
      });
    }
    await first.server.close();
    const { client } = await newBridge({ dataDir: first.dataDir });
    const { Rules } = await client.send(new ListRulesCommand({}));
    expect(Rules).toEqual([
      {
        Name: "orders",
        Arn: `arn:aws:events:us-east-1:${ACCOUNT}:rule/orders`,
        EventPattern,
        State: "ENABLED",
        EventBusName: "default",
      },
    ]);
    const { Targets } = await client.send(new ListTargetsByRuleCommand({ Rule: "orders" }));
    expect(Targets).toEqual([
      {
        Id: "q",
        Arn: QUEUE,
        RetryPolicy: { MaximumRetryAttempts: 5, MaximumEventAgeInSeconds: 60 },
        DeadLetterConfig: { Arn: `${QUEUE}-dlq` },
      },
    ]);
  });

  it("match by their newest pattern, and not while they are disabled", async () => {
    const bridge = await newBridge();
    await ruleWith(bridge, {});
    await bridge.client.send(new DisableRuleCommand({ Name: "orders" }));
    await put(bridge, { a: 1 });
    await bridge.client.send(new EnableRuleCommand({ Name: "orders" }));
    await put(bridge, { a: 2 });
    const narrower = '{"detail":{"a":[4]}}';
    await bridge.client.send(new PutRuleCommand({ Name: "orders", EventPattern: narrower }));
    await put(bridge, { a: 3 });
    await put(bridge, { a: 4 });
    const events = await bridge.sqs.received(QUEUE, 2);
    expect(events.map((event) => event.detail)).toEqual([{ a: 2 }, { a: 4 }]);
  });

  it("on a custom bus have it in their ARN and take no schedule", async () => {
    const { client } = await newBridge();
    await client.send(new CreateEventBusCommand({ Name: "shop" }));
    const { RuleArn } = await client.send(
      new PutRuleCommand({ Name: "r", EventBusName: "shop", EventPattern }),
    );
    expect(RuleArn).toBe(`arn:aws:events:us-east-1:${ACCOUNT}:rule/shop/r`);
    await expect(
      client.send(
        new PutRuleCommand({ Name: "s", EventBusName: "shop", ScheduleExpression: "rate(1 day)" }),
      ),
    ).rejects.toThrow(/only on the default event bus/);
  });

  it("are refused with a bad pattern or schedule, or without any", async () => {
    const { client } = await newBridge();
    const bad = (rule: object) => client.send(new PutRuleCommand({ Name: "r", ...rule }));
    await expect(bad({ EventPattern: '{"a":"b"}' })).rejects.toMatchObject({
      name: "InvalidEventPatternException",
      message: 'Event pattern is not valid. Reason: "a" must be an object or an array',
    });
    await expect(bad({ ScheduleExpression: "rate(5)" })).rejects.toThrow(/ScheduleExpression/);
    await expect(bad({})).rejects.toThrow(/must be specified/);
    await expect(bad({ EventPattern, EventBusName: "none" })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
    await expect(bad({ EventPattern, RoleArn: "arn:aws:iam::0:role/x" })).rejects.toThrow(
      /RoleArn/,
    );
  });

  it("are deleted only without targets, and described only while they exist", async () => {
    const bridge = await newBridge();
    await ruleWith(bridge, {});
    const remove = new DeleteRuleCommand({ Name: "orders" });
    await expect(bridge.client.send(remove)).rejects.toThrow(/has targets/);
    const { FailedEntries } = await bridge.client.send(
      new RemoveTargetsCommand({ Rule: "orders", Ids: ["q", "unknown"] }),
    );
    expect(FailedEntries?.map((each) => each.TargetId)).toEqual(["unknown"]);
    await bridge.client.send(remove);
    await bridge.client.send(remove);
    await expect(
      bridge.client.send(new DescribeRuleCommand({ Name: "orders" })),
    ).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Rule orders does not exist on EventBus default.",
    });
  });

  it("are listed page by page", async () => {
    const { client } = await newBridge();
    for (const Name of ["c", "a", "b", "other"]) {
      await client.send(new PutRuleCommand({ Name, EventPattern }));
    }
    const first = await client.send(new ListRulesCommand({ Limit: 3 }));
    expect(first.Rules?.map((rule) => rule.Name)).toEqual(["a", "b", "c"]);
    const rest = await client.send(new ListRulesCommand({ NextToken: first.NextToken }));
    expect(rest.Rules?.map((rule) => rule.Name)).toEqual(["other"]);
    expect(rest.NextToken).toBeUndefined();
  });

  it("can be tried out by TestEventPattern, on complete events", async () => {
    const { client } = await newBridge();
    const event = {
      id: "1",
      account: ACCOUNT,
      source: "shop",
      time: "2026-01-01T00:00:00Z",
      region: "us-east-1",
      resources: [],
      "detail-type": "Placed",
    };
    const result = async (pattern: string, tried: object) =>
      (
        await client.send(
          new TestEventPatternCommand({ EventPattern: pattern, Event: JSON.stringify(tried) }),
        )
      ).Result;
    expect(await result(EventPattern, event)).toBe(true);
    expect(await result('{"source":["bank"]}', event)).toBe(false);
    await expect(result(EventPattern, { source: "shop" })).rejects.toThrow(/Event is not valid/);
  });
});

describe("targets", () => {
  it("are at most five, and standard SQS queues", async () => {
    const bridge = await newBridge();
    await ruleWith(bridge, {});
    const five = Array.from({ length: 5 }, (_, at) => ({ Id: `t${at}`, Arn: QUEUE }));
    const Rule = "orders";
    await expect(
      bridge.client.send(new PutTargetsCommand({ Rule, Targets: five })),
    ).rejects.toMatchObject({ name: "LimitExceededException" });
    for (const Arn of ["arn:aws:lambda:us-east-1:000000000000:function:f", `${QUEUE}.fifo`]) {
      await expect(ruleWith(bridge, { Arn })).rejects.toMatchObject({
        $metadata: { httpStatusCode: 501 },
        message: /its targets are standard SQS queues/,
      });
    }
    await expect(ruleWith(bridge, { RetryPolicy: { MaximumRetryAttempts: 186 } })).rejects.toThrow(
      /MaximumRetryAttempts/,
    );
    await expect(ruleWith(bridge, { Input: "{", InputPath: "$" })).rejects.toThrow(/Only one of/);
    await expect(ruleWith(bridge, { Input: "{" })).rejects.toThrow(/JSON syntax error/);
    await expect(ruleWith(bridge, { InputPath: "$.detail[*]" })).rejects.toThrow(/JSON path/);
    await expect(
      ruleWith(bridge, { InputTransformer: { InputTemplate: '"<unknown>"' } }),
    ).rejects.toThrow(/<unknown>/);
  });

  it.each<[string, Partial<Target>, unknown]>([
    ["Input", { Input: '{"fixed":1}' }, { fixed: 1 }],
    ["InputPath", { InputPath: "$.detail" }, { a: "x", list: [{ b: 2 }], "k-1": 'say "hi"' }],
    ["InputPath into a list", { InputPath: "$.detail.list[0]['b']" }, 2],
    ["InputPath to nothing", { InputPath: "$.detail.none" }, null],
    [
      "InputTransformer with a JSON template",
      {
        InputTransformer: {
          InputPathsMap: { a: "$.detail.a", list: "$.detail.list", say: "$.detail.k-1" },
          InputTemplate:
            '{"a": <a>, "list": <list>, "text": "a is <a>, \\"<say>\\"", "rule": <aws.events.rule-name>}',
        },
      },
      { a: "x", list: [{ b: 2 }], text: 'a is x, "say "hi""', rule: "orders" },
    ],
    [
      "InputTransformer with a text template",
      { InputTransformer: { InputPathsMap: { a: "$.detail.a" }, InputTemplate: '"got <a>"' } },
      "got x",
    ],
  ])("get what %s makes of the event", async (_name, target, expected) => {
    const bridge = await newBridge();
    await ruleWith(bridge, target);
    await put(bridge, { a: "x", list: [{ b: 2 }], "k-1": 'say "hi"' });
    expect(await bridge.sqs.received(QUEUE, 1)).toEqual([expected]);
  });
});
