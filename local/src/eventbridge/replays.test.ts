import {
  CancelReplayCommand,
  CreateArchiveCommand,
  DeleteArchiveCommand,
  DescribeArchiveCommand,
  DescribeReplayCommand,
  ListArchivesCommand,
  ListReplaysCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  StartReplayCommand,
  type StartReplayCommandInput,
  UpdateArchiveCommand,
} from "@aws-sdk/client-eventbridge";
import { describe, expect, it } from "vitest";
import {
  ACCOUNT,
  clientOf,
  DEFAULT_BUS_ARN,
  newBridge,
  OTHER_QUEUE,
  QUEUE,
  type TestBridge,
} from "./bridge.testkit.ts";
import { startEventBridge } from "./server.ts";

const ARCHIVE_ARN = `arn:aws:events:us-east-1:${ACCOUNT}:archive/all`;
const REBUILD_RULE = `arn:aws:events:us-east-1:${ACCOUNT}:rule/rebuild`;
const START = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;

/** A live rule to QUEUE that ignores replays, a rebuild rule to OTHER_QUEUE for replays only, and an archive. */
async function liveAndRebuild(bridge: TestBridge) {
  const rules = [
    { name: "live", queue: QUEUE, exists: false },
    { name: "rebuild", queue: OTHER_QUEUE, exists: true },
  ];
  for (const { name, queue, exists } of rules) {
    const EventPattern = JSON.stringify({ source: ["shop"], "replay-name": [{ exists }] });
    await bridge.client.send(new PutRuleCommand({ Name: name, EventPattern }));
    const Targets = [{ Id: "q", Arn: queue }];
    await bridge.client.send(new PutTargetsCommand({ Rule: name, Targets }));
  }
  await bridge.client.send(
    new CreateArchiveCommand({ ArchiveName: "all", EventSourceArn: DEFAULT_BUS_ARN }),
  );
}

/** Puts events one second apart, the first at START. */
async function putEvents(bridge: TestBridge, count: number) {
  const entries = Array.from({ length: count }, (_, order) => ({
    Source: "shop",
    DetailType: "Placed",
    Detail: JSON.stringify({ order }),
    Time: new Date(START + order * 1000),
  }));
  for (let at = 0; at < count; at += 10) {
    await bridge.client.send(new PutEventsCommand({ Entries: entries.slice(at, at + 10) }));
  }
}

function replay(name: string, change: Partial<StartReplayCommandInput> = {}) {
  return new StartReplayCommand({
    ReplayName: name,
    EventSourceArn: ARCHIVE_ARN,
    EventStartTime: new Date(START),
    EventEndTime: new Date(START + DAY),
    Destination: { Arn: DEFAULT_BUS_ARN, FilterArns: [REBUILD_RULE] },
    ...change,
  });
}

async function replayIn(bridge: TestBridge, name: string, state: string) {
  await expect
    .poll(async () => {
      const { State } = await bridge.client.send(new DescribeReplayCommand({ ReplayName: name }));
      return State;
    })
    .toBe(state);
  return bridge.client.send(new DescribeReplayCommand({ ReplayName: name }));
}

describe("an archive that lags", () => {
  it("replays an event only when it is in the archive, and later without having lost it", async () => {
    let now = START + DAY;
    const bridge = await newBridge({ now: () => now, archiveLag: 60_000 });
    await liveAndRebuild(bridge);
    await putEvents(bridge, 2);
    await bridge.client.send(replay("early"));
    await replayIn(bridge, "early", "COMPLETED");
    expect(bridge.sqs.sent.filter(({ queueArn }) => queueArn === OTHER_QUEUE)).toEqual([]);
    now += 60_000;
    await bridge.client.send(replay("late"));
    expect(await bridge.sqs.received(OTHER_QUEUE, 2)).toHaveLength(2);
  });
});

describe("StartReplay", () => {
  it("sends the archived events of the time range to the rules in FilterArns, with replay-name and all else kept", async () => {
    const bridge = await newBridge();
    await liveAndRebuild(bridge);
    await putEvents(bridge, 6);
    const live = await bridge.sqs.received(QUEUE, 6);
    const started = await bridge.client.send(
      replay("again", {
        EventStartTime: new Date(START + 1000),
        EventEndTime: new Date(START + 4000),
      }),
    );
    expect(started).toMatchObject({
      State: "STARTING",
      ReplayArn: `arn:aws:events:us-east-1:${ACCOUNT}:replay/again`,
    });
    expect(await replayIn(bridge, "again", "COMPLETED")).toMatchObject({
      EventLastReplayedTime: new Date(START + 3000),
      Destination: { Arn: DEFAULT_BUS_ARN, FilterArns: [REBUILD_RULE] },
      ReplayEndTime: expect.any(Date),
    });
    const expected = live.slice(1, 4).map((event) => ({ ...event, "replay-name": "again" }));
    expect(await bridge.sqs.received(OTHER_QUEUE, 3)).toEqual(expected);
    expect(bridge.sqs.sent).toHaveLength(9);
  });

  it("leaves live rules alone that ask for events without replay-name, even when no rules are named", async () => {
    const bridge = await newBridge();
    await liveAndRebuild(bridge);
    await putEvents(bridge, 3);
    await bridge.sqs.received(QUEUE, 3);
    await bridge.client.send(replay("all", { Destination: { Arn: DEFAULT_BUS_ARN } }));
    await bridge.sqs.received(OTHER_QUEUE, 3);
    await replayIn(bridge, "all", "COMPLETED");
    expect(bridge.sqs.sent).toHaveLength(6);
  });

  it("does not archive what it replays", async () => {
    const bridge = await newBridge();
    await liveAndRebuild(bridge);
    await putEvents(bridge, 3);
    await bridge.client.send(replay("once"));
    await replayIn(bridge, "once", "COMPLETED");
    const archive = await bridge.client.send(new DescribeArchiveCommand({ ArchiveName: "all" }));
    expect(archive.EventCount).toBe(3);
  });

  it("can be cancelled while it runs, but not afterwards, and ten at most run at a time", async () => {
    const bridge = await newBridge();
    await liveAndRebuild(bridge);
    const emitted = { source: "shop", detailType: "Placed", detail: {}, time: START };
    for (let count = 0; count < 2000; count += 1) await bridge.server.emit(emitted);
    const names = Array.from({ length: 10 }, (_, at) => `replay-${at}`);
    await Promise.all(names.map((name) => bridge.client.send(replay(name))));
    await expect(bridge.client.send(replay("eleventh"))).rejects.toMatchObject({
      name: "LimitExceededException",
    });
    const cancel = (ReplayName: string) =>
      bridge.client.send(new CancelReplayCommand({ ReplayName }));
    const cancelled = await Promise.all(names.map(cancel));
    expect(new Set(cancelled.map((each) => each.State))).toEqual(new Set(["CANCELLING"]));
    for (const name of names) await replayIn(bridge, name, "CANCELLED");
    await expect(cancel("replay-0")).rejects.toMatchObject({ name: "IllegalStatusException" });
    await bridge.client.send(replay("eleventh", { EventEndTime: new Date(START + 1) }));
  });

  it("goes on after a restart where it stopped", async () => {
    const bridge = await newBridge();
    await liveAndRebuild(bridge);
    await putEvents(bridge, 700);
    await bridge.sqs.received(QUEUE, 700);
    await bridge.client.send(replay("long"));
    await bridge.server.close();
    const again = await startEventBridge({ dataDir: bridge.dataDir, sqs: bridge.sqs });
    const client = clientOf(again.url);
    const events = await bridge.sqs.received(OTHER_QUEUE, 700);
    await replayIn({ ...bridge, client }, "long", "COMPLETED");
    expect(new Set(events.map((event) => event.id)).size).toBe(700);
    expect(bridge.sqs.sent).toHaveLength(1400);
    client.destroy();
    await again.close();
  });

  it("refuses other buses, unknown archives and rules, empty ranges and used names", async () => {
    const bridge = await newBridge();
    await liveAndRebuild(bridge);
    await putEvents(bridge, 10);
    const refused = async (change: Partial<StartReplayCommandInput>, error: object) =>
      expect(bridge.client.send(replay("bad", change))).rejects.toMatchObject(error);
    await refused(
      { Destination: { Arn: `${DEFAULT_BUS_ARN}2` } },
      { name: "ValidationException", message: /Cross event bus replay/ },
    );
    await refused(
      { Destination: { Arn: DEFAULT_BUS_ARN, FilterArns: [`${REBUILD_RULE}2`] } },
      { name: "ValidationException", message: /FilterArns/ },
    );
    await refused({ EventSourceArn: `${ARCHIVE_ARN}2` }, { name: "ResourceNotFoundException" });
    await refused({ EventSourceArn: DEFAULT_BUS_ARN }, { name: "ValidationException" });
    await refused({ EventEndTime: new Date(START) }, { name: "ValidationException" });
    await bridge.client.send(replay("bad"));
    await refused({}, { name: "ResourceAlreadyExistsException" });
    const { Replays } = await bridge.client.send(new ListReplaysCommand({ NamePrefix: "b" }));
    expect(Replays?.map((each) => each.ReplayName)).toEqual(["bad"]);
  });
});

describe("archives", () => {
  it("keep the bus's events that match their pattern, and can be described, listed, changed and deleted", async () => {
    const bridge = await newBridge();
    const { ArchiveArn } = await bridge.client.send(
      new CreateArchiveCommand({
        ArchiveName: "some",
        EventSourceArn: DEFAULT_BUS_ARN,
        EventPattern: '{"detail":{"order":[1]}}',
        RetentionDays: 7,
      }),
    );
    expect(ArchiveArn).toBe(`arn:aws:events:us-east-1:${ACCOUNT}:archive/some`);
    await putEvents(bridge, 3);
    const ArchiveName = "some";
    const update = { ArchiveName, RetentionDays: 9, Description: "d" };
    await bridge.client.send(new UpdateArchiveCommand(update));
    const described = await bridge.client.send(new DescribeArchiveCommand({ ArchiveName }));
    expect(described).toMatchObject({
      ...update,
      ArchiveArn,
      EventSourceArn: DEFAULT_BUS_ARN,
      EventPattern: '{"detail":{"order":[1]}}',
      State: "ENABLED",
      EventCount: 1,
    });
    expect(described.SizeBytes).toBeGreaterThan(100);
    await expect(
      bridge.client.send(
        new CreateArchiveCommand({ ArchiveName, EventSourceArn: DEFAULT_BUS_ARN }),
      ),
    ).rejects.toMatchObject({ name: "ResourceAlreadyExistsException" });
    await bridge.client.send(new DeleteArchiveCommand({ ArchiveName }));
    const { Archives } = await bridge.client.send(new ListArchivesCommand({}));
    expect(Archives).toEqual([]);
  });

  it("forget events once their retention is over", async () => {
    let time = START;
    const bridge = await newBridge({ now: () => time });
    await bridge.client.send(
      new CreateArchiveCommand({
        ArchiveName: "short",
        EventSourceArn: DEFAULT_BUS_ARN,
        RetentionDays: 1,
      }),
    );
    const count = async () => {
      const archive = await bridge.client.send(
        new DescribeArchiveCommand({ ArchiveName: "short" }),
      );
      return [archive.EventCount, Number(archive.SizeBytes) > 0];
    };
    await putEvents(bridge, 2);
    time += DAY;
    await putEvents(bridge, 3);
    expect(await count()).toEqual([5, true]);
    time += 1;
    await expect.poll(count).toEqual([3, true]);
    time += DAY;
    await expect.poll(count).toEqual([0, false]);
  });
});
