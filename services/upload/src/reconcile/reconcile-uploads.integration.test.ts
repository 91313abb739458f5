import { PutObjectCommand } from "@aws-sdk/client-s3";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { newImageId } from "@shoebox/shared/ids";
import { originalKey } from "@shoebox/shared/image";
import { type Check, type Finding, GRACE } from "@shoebox/shared/reconcile/check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { quotaKey } from "../adapters/quota-item.ts";
import { onObjectCreated } from "../consumers/object-created.ts";
import { deliver, jpeg, sendForm, startUploads, type Uploads } from "../upload.testkit.ts";
import { checks } from "./checks.ts";

let uploads: Uploads;
beforeAll(async () => {
  uploads = await startUploads();
});
afterAll(() => uploads.close());

beforeEach(() => {
  uploads.clock.ahead = 0;
});

const check = (name: string): Check => {
  const found = checks({ ...uploads.deps, log: uploads.log }).find((one) => one.name === name);
  if (!found) throw new Error(`There is no check ${name}.`);
  return found;
};
async function findings(name: string): Promise<Finding[]> {
  const one = check(name);
  const all: Finding[] = [];
  for (let page = await one.page(undefined); ; page = await one.page(page.next)) {
    all.push(...page.findings);
    if (!page.next) return all;
  }
}
async function repairAll(name: string): Promise<void> {
  for (const finding of await findings(name)) await check(name).repair?.(finding);
}
const put = async (key: string) => {
  const object = new PutObjectCommand({ Bucket: uploads.bucket, Key: key, Body: jpeg(1000) });
  const { VersionId: versionId = "" } = await uploads.objects.send(object);
  return { key, versionId };
};

/** An upload whose object has arrived and was accepted. */
async function uploaded(userId = "ann") {
  const announcement = { contentType: "image/jpeg", size: 1000 };
  const { body } = await uploads.call(userId, "POST", "/v1/uploads", announcement);
  await sendForm(body, jpeg(1000));
  const key: string = body.fields.key;
  await deliver(onObjectCreated(uploads.deps), await uploads.reported(key));
  const [versionId = ""] = await uploads.versions(key);
  return { ownerId: userId, imageId: body.imageId as string, key, versionId };
}

describe("originals", () => {
  it("that no session accounts for are found and removed after a day, whatever else is there", async () => {
    const kept = await uploaded();
    const second = await put(kept.key);
    const unknown = await put(originalKey("ann", newImageId(0), "image/jpeg"));
    const deleted = await uploaded();
    await uploads.deps.sessions.confirmDeleted(deleted, {
      at: uploads.deps.now(),
      correlationId: "c",
    });
    const aborted = (
      await uploads.call("ann", "POST", "/v1/uploads", { contentType: "image/jpeg", size: 9 })
    ).body;
    await uploads.call("ann", "DELETE", `/v1/uploads/${aborted.imageId}`);
    const late = await put(aborted.fields.key);
    const awaited = (
      await uploads.call("ann", "POST", "/v1/uploads", { contentType: "image/jpeg", size: 1000 })
    ).body;
    await put(awaited.fields.key);
    const foreign = await put("somebody/elses.txt");

    expect(await findings("orphan-originals")).toEqual([]);
    uploads.clock.ahead = GRACE + 5_000;
    const found = await findings("orphan-originals");
    expect(found.map(({ subject, why }) => [subject.key, subject.versionId, why]).sort()).toEqual(
      [
        [second.key, second.versionId, "a second object on the same key"],
        [unknown.key, unknown.versionId, "unknown upload"],
        [deleted.key, deleted.versionId, "deleted image"],
        [late.key, late.versionId, "aborted upload"],
        [foreign.key, foreign.versionId, "no upload of ours has such a key"],
      ].sort(),
    );
    await repairAll("orphan-originals");
    expect((await findings("orphan-originals")).map(({ subject }) => subject.key)).toEqual([
      foreign.key,
    ]);
    expect(await uploads.versions(kept.key)).toEqual([kept.versionId]);
    expect(await uploads.versions(awaited.fields.key)).toHaveLength(1);
  });

  it("that are missing are told, and nothing is done about them", async () => {
    const lost = await uploaded();
    expect(await findings("missing-originals")).toEqual([]);
    await uploads.deps.originals.discard(lost.key, lost.versionId);
    expect(await findings("missing-originals")).toEqual([
      { subject: expect.objectContaining(lost), why: "the original is not in the bucket" },
    ]);
    expect(check("missing-originals").repair).toBeUndefined();
    await uploads.deps.sessions.confirmDeleted(lost, {
      at: uploads.deps.now(),
      correlationId: "c",
    });
  });
});

describe("quotas", () => {
  const drift = (ownerId: string, bytes: number) =>
    uploads.tables.send(
      new UpdateCommand({
        TableName: uploads.table,
        Key: quotaKey(ownerId),
        UpdateExpression: "ADD #bytes :bytes",
        ExpressionAttributeNames: { "#bytes": "bytes" },
        ExpressionAttributeValues: { ":bytes": bytes },
      }),
    );

  it("that drifted are counted anew", async () => {
    await uploaded("bob");
    await uploaded("bob");
    expect(await findings("quota-drift")).toEqual([]);
    await drift("bob", -1500);
    expect(await findings("quota-drift")).toEqual([
      { subject: { ownerId: "bob" }, why: expect.stringContaining("500 bytes are noted") },
    ]);
    await repairAll("quota-drift");
    expect(await uploads.deps.sessions.usage("bob")).toEqual({ bytes: 2000, images: 2 });
  });

  it("are not set to what was counted before they changed", async () => {
    const image = await uploaded("cy");
    const count = await uploads.deps.sessions.recount("cy");
    // One comes and one goes: the sums are the same, and yet it is not what was counted.
    await uploaded("cy");
    await uploads.deps.sessions.confirmDeleted(image, {
      at: uploads.deps.now(),
      correlationId: "c",
    });
    expect(count && (await uploads.deps.sessions.correctQuota("cy", count))).toBe(false);
  });
});

it("what a job should have ended, or have had processed, a day ago is told", async () => {
  const open = await uploads.call("dan", "POST", "/v1/uploads", {
    contentType: "image/jpeg",
    size: 1000,
  });
  const { imageId } = await uploaded("dan");
  const own = async (name: string) =>
    (await findings(name)).flatMap(({ subject }) =>
      subject.ownerId === "dan" ? subject.imageId : [],
    );
  expect([await own("overdue-sessions"), await own("unprocessed-uploads")]).toEqual([[], []]);
  uploads.clock.ahead = 2 * GRACE;
  expect(await own("overdue-sessions")).toEqual([open.body.imageId]);
  expect(await own("unprocessed-uploads")).toEqual([imageId]);
});
