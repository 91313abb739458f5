import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { DomainEvent } from "@shoebox/shared/events/define";
import { ImageRejected, ProcessingRequested } from "@shoebox/shared/events/processing";
import { deterministicId } from "@shoebox/shared/ids";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sessionKey } from "../adapters/session-item.ts";
import { onProcessingEnded } from "../consumers/processing-ended.ts";
import type { SessionRef } from "../domain/session.ts";
import { toEvents } from "../publish.ts";
import { DONE, deliver, startUploads, type Uploads } from "../upload.testkit.ts";
import { republishUploads } from "./republish-uploads.ts";

const HOUR = 3_600_000;

let uploads: Uploads;
beforeAll(async () => {
  uploads = await startUploads();
});
afterAll(() => uploads.close());

const run = () => republishUploads({ ...uploads.deps, log: uploads.log });
const item = async (ref: SessionRef) => {
  const Key = sessionKey(ref);
  return (await uploads.tables.send(new GetCommand({ TableName: uploads.table, Key }))).Item;
};

async function uploaded(): Promise<SessionRef> {
  const announcement = { contentType: "image/jpeg", size: 1000 };
  const { body } = await uploads.call("ann", "POST", "/v1/uploads", announcement);
  const ref = { ownerId: "ann", imageId: body.imageId as string };
  const outcome = { status: "uploaded", bucket: "originals", versionId: "v1" } as const;
  await uploads.end(ref, { ...outcome, verifiedAt: uploads.deps.now() });
  return ref;
}

const about = (ref: SessionRef) => ({
  eventId: deterministicId("test", ref.imageId),
  occurredAt: "2026-11-22T12:00:00.000Z",
  correlationId: "c-1",
});
const hearOf = async (event: DomainEvent) => {
  const subscription = onProcessingEnded(uploads.deps).find(
    ({ event: { type } }) => type === event.detailType,
  );
  if (!subscription) throw new Error(`Nobody hears of ${event.detailType}.`);
  expect(await deliver(subscription, event)).toEqual(DONE);
};
/** Processing has ended, after so many retries. */
const hear = (ref: SessionRef, retry?: number) => {
  const reason = { code: "undecodable", message: "It is damaged." };
  return hearOf(ImageRejected.make(about(ref), { ...ref, reason, retry }));
};
const ask = (ref: SessionRef, retry: number) =>
  hearOf(ProcessingRequested.make(about(ref), { ...ref, retry, shown: false }));

describe("the job that publishes uploads again", () => {
  it("does so when nothing of their processing was heard for an hour, then ever more rarely, as the same fact", async () => {
    const ref = await uploaded();
    expect(await run()).toEqual({ republished: 0, overdue: 0 });
    const told = [];
    for (const pause of [1, 2, 4, 8, 16, 24, 24]) {
      uploads.clock.ahead += pause * HOUR - 60_000;
      expect(await run()).toEqual({ republished: 0, overdue: 0 });
      const before = await item(ref);
      uploads.clock.ahead += 60_000;
      told.push(await run());
      const [event] = toEvents({ kind: "MODIFY", before, after: await item(ref), expired: false });
      expect(event).toMatchObject({
        detailType: "ImageUploaded",
        detail: {
          metadata: { eventId: deterministicId("ImageUploaded", ref.imageId) },
          data: { imageId: ref.imageId, versionId: "v1", reminder: told.length },
        },
      });
    }
    expect(told.map(({ overdue }) => overdue)).toEqual([0, 0, 0, 0, 1, 1, 1]);
    await hear(ref);
    uploads.clock.ahead += 48 * HOUR;
    expect(await run()).toEqual({ republished: 0, overdue: 0 });
  });

  it("leaves alone what was processed or deleted, however often and in whatever order that is told", async () => {
    const [processed, deleted] = [await uploaded(), await uploaded()];
    const before = await item(processed);
    await hear(processed);
    await hear(processed);
    expect(
      toEvents({ kind: "MODIFY", before, after: await item(processed), expired: false }),
    ).toEqual([]);
    await uploads.deps.sessions.confirmDeleted(deleted, { at: 1, correlationId: "c-1" });
    await hear(deleted);
    await hear({ ownerId: "bob", imageId: deleted.imageId });
    uploads.clock.ahead += 2 * HOUR;
    expect(await run()).toEqual({ republished: 0, overdue: 0 });
    expect(await item(deleted)).toMatchObject({ status: "deleted" });
    expect(await item({ ownerId: "bob", imageId: deleted.imageId })).toBeUndefined();
  });
});

describe("an upload that processing asks for again", () => {
  it("is published once for each time, and reminded of until that time has ended", async () => {
    const ref = await uploaded();
    await hear(ref);
    const facts = async (before: Awaited<ReturnType<typeof item>>) =>
      toEvents({ kind: "MODIFY", before, after: await item(ref), expired: false });
    for (const retry of [1, 2]) {
      const before = await item(ref);
      await ask(ref, retry);
      expect(await facts(before)).toMatchObject([
        {
          detailType: "ImageUploaded",
          detail: { data: { versionId: "v1", reminder: 2 * retry - 1 } },
        },
      ]);
      const asked = await item(ref);
      await ask(ref, retry);
      // What was told of an earlier time comes late.
      await hear(ref, retry === 1 ? undefined : 1);
      expect(await item(ref)).toEqual(asked);
      uploads.clock.ahead += HOUR;
      expect(await run()).toEqual({ republished: 1, overdue: 0 });
      await hear(ref, retry);
      uploads.clock.ahead += 3 * HOUR;
      expect(await run()).toEqual({ republished: 0, overdue: 0 });
    }
    await ask(ref, 1);
    expect(await item(ref)).not.toHaveProperty("dueAt");
  });

  it("is not, when it is deleted or nobody's", async () => {
    const ref = await uploaded();
    await uploads.deps.sessions.confirmDeleted(ref, { at: 1, correlationId: "c-1" });
    const before = await item(ref);
    await ask(ref, 1);
    expect(await item(ref)).toEqual(before);
    const others = { ...ref, ownerId: "bob" };
    await ask(others, 1);
    expect(await item(others)).toBeUndefined();
  });
});
