import {
  CancelReplayCommand,
  DescribeArchiveCommand,
  DescribeReplayCommand,
  type EventBridgeClient,
  PutEventsCommand,
  StartReplayCommand,
} from "@aws-sdk/client-eventbridge";
import { describe, expect, it } from "vitest";

export type Delivered = Record<string, unknown> & { "detail-type": string };

/** A bus with the rules and the archive below; each rule has a queue of its own. */
export interface BusUnderTest {
  client: EventBridgeClient;
  /** What the rules' queues got, once there have been so many deliveries in all. */
  delivered(total: number): Promise<Record<keyof typeof RULES, Delivered[]>>;
  now(): number;
  pass(seconds: number): Promise<void>;
}

const ARN = "arn:aws:events:us-east-1:000000000000";
export const BUS = { name: "pictures", arn: `${ARN}:event-bus/pictures` };
export const ruleArn = (name: string) => `${ARN}:rule/${BUS.name}/${name}`;
export const ARCHIVE = {
  name: "catalog",
  arn: `${ARN}:archive/catalog`,
  pattern: { source: ["test.catalog"] },
  retentionDays: 30,
};
export const RULES = {
  live: { source: ["test.catalog"], "replay-name": [{ exists: false }] },
  rebuild: { source: ["test.catalog"], "replay-name": [{ exists: true }] },
  every: { source: [{ prefix: "test." }], detail: { data: { secret: [{ exists: false }] } } },
};

/** What the services rely on in the bus. */
export function describeBus(kind: string, open: () => Promise<BusUnderTest>): void {
  const entry = (Source: string, DetailType: string, data: object = {}) => ({
    EventBusName: BUS.name,
    Source,
    DetailType,
    Detail: JSON.stringify({ data }),
  });
  const types = (events: Delivered[]) => events.map((event) => event["detail-type"]).toSorted();

  async function opened() {
    const bus = await open();
    return {
      ...bus,
      put: (...Entries: object[]) =>
        bus.client.send(new PutEventsCommand({ Entries: Entries as never })),
      replay: (ReplayName: string, from: number, to: number, FilterArns = [ruleArn("rebuild")]) =>
        bus.client.send(
          new StartReplayCommand({
            ReplayName,
            EventSourceArn: ARCHIVE.arn,
            EventStartTime: new Date(from),
            EventEndTime: new Date(to),
            Destination: { Arn: BUS.arn, FilterArns },
          }),
        ),
      async ended(ReplayName: string) {
        for (;;) {
          const found = await bus.client.send(new DescribeReplayCommand({ ReplayName }));
          if (found.State === "COMPLETED") return;
          await bus.pass(1);
        }
      },
    };
  }

  describe(`the bus (${kind})`, () => {
    it("brings an event to the queue of every rule that matches, as it was published", async () => {
      const { put, delivered } = await opened();
      await put(entry("test.catalog", "Told", { tags: ["sea"] }), entry("test.upload", "Sent"));
      const { live, rebuild, every } = await delivered(3);
      expect([types(live), rebuild, types(every)]).toEqual([["Told"], [], ["Sent", "Told"]]);
      expect(live[0]).toEqual({
        version: "0",
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        "detail-type": "Told",
        source: "test.catalog",
        account: "000000000000",
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        region: "us-east-1",
        resources: [],
        detail: { data: { tags: ["sea"] } },
      });
    });

    it("matches by what is inside, and gives what nobody wants to nobody", async () => {
      const { put, delivered } = await opened();
      await put(
        entry("test.upload", "Hidden", { secret: 1 }),
        entry("other.upload", "Foreign"),
        entry("test.upload", "Plain"),
      );
      expect(types((await delivered(1)).every)).toEqual(["Plain"]);
    });

    it("takes or refuses each entry by itself, and counts what it refused", async () => {
      const { put, delivered } = await opened();
      const answer = await put(
        entry("test.upload", "First"),
        { ...entry("test.upload", "Broken"), Detail: "{" },
        entry("test.upload", "Last"),
      );
      expect(answer.FailedEntryCount).toBe(1);
      expect(answer.Entries?.map(({ EventId, ErrorCode }) => ErrorCode ?? typeof EventId)).toEqual([
        "string",
        "MalformedDetail",
        "string",
      ]);
      expect(types((await delivered(2)).every)).toEqual(["First", "Last"]);
    });
  });

  describe(`the archive (${kind})`, () => {
    it("is replayed to the rules that are named, marked as a replay, for the time that is asked for", async () => {
      const { put, replay, ended, delivered, pass, now } = await opened();
      await put(entry("test.catalog", "Early"));
      await delivered(2);
      await pass(60);
      const from = now();
      await put(entry("test.catalog", "Late"), entry("test.upload", "Unarchived"));
      await delivered(5);
      await pass(60);
      await replay("again", from - 5_000, now());
      const { live, rebuild, every } = await delivered(6);
      await ended("again");
      expect(types(rebuild)).toEqual(["Late"]);
      expect(rebuild[0]).toMatchObject({ "replay-name": "again", detail: { data: {} } });
      expect([live.length, every.length]).toEqual([2, 3]);
    });

    it("can be replayed to everybody, of whom live rules take nothing", async () => {
      const { put, replay, ended, delivered, pass, now } = await opened();
      await put(entry("test.catalog", "Told"));
      await delivered(2);
      await pass(60);
      await replay("all", now() - 3_600_000, now(), []);
      const { live, rebuild, every } = await delivered(4);
      await ended("all");
      expect([live.length, rebuild.length, every.length]).toEqual([1, 1, 2]);
    });

    it("is replayed under a name once, and not without a reason", async () => {
      const { client, replay, ended, pass, now } = await opened();
      await pass(60);
      const [from, to] = [now() - 60_000, now()];
      await replay("once", from, to);
      await expect(replay("once", from, to)).rejects.toMatchObject({
        name: "ResourceAlreadyExistsException",
      });
      await expect(replay("backwards", to, from)).rejects.toMatchObject({
        name: "ValidationException",
      });
      await expect(replay("astray", from, to, [ruleArn("nobody")])).rejects.toMatchObject({
        name: "ValidationException",
      });
      await ended("once");
      const cancel = (ReplayName: string) => client.send(new CancelReplayCommand({ ReplayName }));
      await expect(cancel("once")).rejects.toMatchObject({ name: "IllegalStatusException" });
      await expect(cancel("never")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    });

    it("says how long it keeps what", async () => {
      const { client } = await opened();
      const found = await client.send(new DescribeArchiveCommand({ ArchiveName: ARCHIVE.name }));
      expect(found).toMatchObject({ RetentionDays: 30, CreationTime: expect.any(Date) });
    });
  });
}
