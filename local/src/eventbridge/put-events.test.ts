import {
  CreateEventBusCommand,
  DescribeEventBusCommand,
  PutEventsCommand,
  type PutEventsRequestEntry,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { describe, expect, it } from "vitest";
import {
  DEFAULT_BUS_ARN,
  newBridge,
  OTHER_QUEUE,
  QUEUE,
  type TestBridge,
} from "./bridge.testkit.ts";

const entry: PutEventsRequestEntry = {
  Source: "shop",
  DetailType: "Placed",
  Detail: '{"order":1}',
};

async function ruleTo(bridge: TestBridge, queue: string, pattern: object, bus?: string) {
  const name = `to-${queue.split(":").at(-1)}`;
  await bridge.client.send(
    new PutRuleCommand({ Name: name, EventBusName: bus, EventPattern: JSON.stringify(pattern) }),
  );
  await bridge.client.send(
    new PutTargetsCommand({ Rule: name, EventBusName: bus, Targets: [{ Id: "q", Arn: queue }] }),
  );
}

describe("PutEvents", () => {
  it("delivers the documented envelope to the queue of the rule that matches, and to no other", async () => {
    const bridge = await newBridge();
    await ruleTo(bridge, QUEUE, { source: ["shop"] });
    await ruleTo(bridge, OTHER_QUEUE, { source: ["bank"] });
    const answer = await bridge.client.send(
      new PutEventsCommand({
        Entries: [
          { ...entry, Time: new Date("2026-01-02T03:04:05.678Z"), Resources: ["arn:one"] },
          { ...entry, Source: "bank" },
        ],
      }),
    );
    const [event] = await bridge.sqs.received(QUEUE, 1);
    await bridge.sqs.received(OTHER_QUEUE, 1);
    expect(answer.FailedEntryCount).toBe(0);
    expect(event).toEqual({
      version: "0",
      id: answer.Entries?.[0]?.EventId,
      "detail-type": "Placed",
      source: "shop",
      account: "000000000000",
      time: "2026-01-02T03:04:05Z",
      region: "us-east-1",
      resources: ["arn:one"],
      detail: { order: 1 },
    });
    expect(bridge.sqs.sent).toHaveLength(2);
  });

  it("keeps the detail's text: no number loses a digit", async () => {
    const bridge = await newBridge();
    await ruleTo(bridge, QUEUE, { source: ["shop"] });
    const Detail = '{ "big": 12345678901234567890, "text": "<é>" }';
    await bridge.client.send(new PutEventsCommand({ Entries: [{ ...entry, Detail }] }));
    await bridge.sqs.received(QUEUE, 1);
    expect(bridge.sqs.sent[0]?.body).toContain(`"detail":${Detail}}`);
  });

  it("fails bad entries one by one and accepts the others", async () => {
    const bridge = await newBridge();
    await ruleTo(bridge, QUEUE, { detail: { order: [1] } });
    const { Entries, FailedEntryCount } = await bridge.client.send(
      new PutEventsCommand({
        Entries: [
          { ...entry, Source: "aws.s3" },
          { ...entry, Detail: "{" },
          { ...entry, Detail: "[1]" },
          { ...entry, Source: undefined },
          { ...entry, EventBusName: "nowhere" },
          entry,
        ],
      }),
    );
    expect(FailedEntryCount).toBe(5);
    expect(Entries?.map((each) => each.ErrorCode)).toEqual([
      "NotAuthorizedForSourceException",
      "MalformedDetail",
      "MalformedDetail",
      "InvalidArgument",
      "InvalidArgument",
      undefined,
    ]);
    expect(await bridge.sqs.received(QUEUE, 1)).toHaveLength(1);
  });

  it("refuses a detail that is nested too deeply to be read, and nothing else of the request", async () => {
    const bridge = await newBridge();
    await ruleTo(bridge, QUEUE, { detail: { a: [1] } });
    const Detail = `{"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
    const { Entries } = await bridge.client.send(
      new PutEventsCommand({
        Entries: [
          { ...entry, Detail },
          { ...entry, Detail: '{"a":1}' },
        ],
      }),
    );
    expect(Entries?.map((each) => each.ErrorCode)).toEqual(["MalformedDetail", undefined]);
  });

  it("takes 1 to 10 entries of less than 1 MiB by the documented computation", async () => {
    const { client } = await newBridge();
    const put = (Entries: PutEventsRequestEntry[]) =>
      client.send(new PutEventsCommand({ Entries }));
    const sized = (bytes: number) => ({
      Source: "é",
      DetailType: "dt",
      Detail: JSON.stringify({ x: "y".repeat(bytes - 14 - 2 - 2 - 4 - 8) }),
      Resources: ["four"],
      Time: new Date(),
    });
    await expect(put(Array(11).fill(entry))).rejects.toThrow(/less than or equal to 10/);
    await expect(put([])).rejects.toThrow(/greater than or equal to 1/);
    await expect(put([sized(1_048_576)])).rejects.toMatchObject({
      name: "ValidationException",
      message: "Total size of the entries in the request is over the limit.",
    });
    expect((await put([sized(1_048_575)])).FailedEntryCount).toBe(0);
  });

  it("reaches a bus by its name or ARN, and only the rules of that bus", async () => {
    const bridge = await newBridge();
    const { EventBusArn } = await bridge.client.send(new CreateEventBusCommand({ Name: "custom" }));
    await ruleTo(bridge, QUEUE, { source: ["shop"] }, "custom");
    await ruleTo(bridge, OTHER_QUEUE, { source: ["shop"] });
    await bridge.client.send(
      new PutEventsCommand({
        Entries: [
          { ...entry, EventBusName: "custom" },
          { ...entry, EventBusName: EventBusArn },
          { ...entry, EventBusName: DEFAULT_BUS_ARN },
        ],
      }),
    );
    expect(await bridge.sqs.received(QUEUE, 2)).toHaveLength(2);
    expect(await bridge.sqs.received(OTHER_QUEUE, 1)).toHaveLength(1);
  });
});

describe("emit", () => {
  it("carries aws.* events over the default bus, and the tap sees every accepted event", async () => {
    const bridge = await newBridge();
    await ruleTo(bridge, QUEUE, { source: ["aws.s3"] });
    const seen: string[] = [];
    const stop = bridge.server.tap(({ busName, body }) => seen.push(`${busName} ${body}`));
    const emitted = { source: "aws.s3", detailType: "Object Created", detail: { a: 1 } };
    const { eventId } = await bridge.server.emit(emitted);
    const [event] = await bridge.sqs.received(QUEUE, 1);
    expect(event).toMatchObject({ id: eventId, source: "aws.s3", detail: { a: 1 } });
    await bridge.client.send(new PutEventsCommand({ Entries: [entry] }));
    expect(seen).toHaveLength(2);
    expect(seen[0]).toContain(`default {"version":"0","id":"${eventId}"`);
    stop();
    await bridge.client.send(new PutEventsCommand({ Entries: [entry] }));
    expect(seen).toHaveLength(2);
    await expect(bridge.server.emit({ ...emitted, eventBusName: "nowhere" })).rejects.toThrow(
      /does not exist/,
    );
  });
});

describe("the wire", () => {
  it("refuses unsigned requests, unknown actions and unknown members", async () => {
    const { client, server } = await newBridge();
    const unsigned = await fetch(server.url, {
      method: "POST",
      headers: { "x-amz-target": "AWSEvents.ListEventBuses" },
      body: "{}",
    });
    expect(unsigned.status).toBe(400);
    expect(await unsigned.json()).toMatchObject({ __type: "MissingAuthenticationTokenException" });
    const unknown = await fetch(server.url, {
      method: "POST",
      headers: {
        "x-amz-target": "AWSEvents.CreateConnection",
        authorization: "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=c",
      },
      body: "{}",
    });
    expect(unknown.status).toBe(501);
    expect(await unknown.json()).toMatchObject({ message: /does not support .*CreateConnection/ });
    await expect(
      client.send(new CreateEventBusCommand({ Name: "x", KmsKeyIdentifier: "key" })),
    ).rejects.toMatchObject({ $metadata: { httpStatusCode: 501 }, message: /KmsKeyIdentifier/ });
    await expect(client.send(new DescribeEventBusCommand({ Name: "x" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });
});
