import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { newImageId } from "@shoebox/shared/ids";
import { renditionPrefix } from "@shoebox/shared/image";
import { type Check, type Finding, GRACE } from "@shoebox/shared/reconcile/check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRenditionInventory } from "../adapters/renditions.ts";
import { MAX_RETRIES } from "../domain/retry.ts";
import { quarters } from "../pipeline/pictures.testkit.ts";
import { messages, startProcessing } from "../processing.testkit.ts";
import { jobsInOrder } from "./jobs-in-order.ts";
import { orphanRenditions } from "./orphan-renditions.ts";

let world: Awaited<ReturnType<typeof startProcessing>>;
let jpeg: Buffer;
let orphans: Check;
let inOrder: Check;
// Objects are dated by the store's own clock, jobs by the test's.
let ahead = 0;
beforeAll(async () => {
  world = await startProcessing();
  jpeg = await quarters(40, 30).jpeg().toBuffer();
  const renditions = createRenditionInventory(world.s3, "processed");
  orphans = orphanRenditions({ jobs: world.jobs, renditions, now: () => Date.now() + ahead });
  inOrder = jobsInOrder({ jobs: world.jobs, renditions, now: () => world.clock.now });
});
afterAll(() => world.close());

async function findings(check: Check): Promise<Finding[]> {
  const all: Finding[] = [];
  for (let page = await check.page(undefined); ; page = await check.page(page.next)) {
    all.push(...page.findings);
    if (!page.next) return all;
  }
}
async function processed() {
  const image = await world.upload(jpeg);
  await world.worker()(messages(image.event));
  return image;
}
const repair = async ({ ownerId, imageId }: { ownerId: string; imageId: string }) =>
  inOrder.repair?.({ subject: { ownerId, imageId }, why: "" });
const put = (imageId: string, name = "thumb.webp") =>
  world.s3.send(
    new PutObjectCommand({ Bucket: "processed", Key: renditionPrefix(imageId) + name, Body: "x" }),
  );

describe("renditions", () => {
  it("that no job accounts for are found and removed after a day, page by page, and no others", async () => {
    world.pageSize.value = 3;
    const good = await processed();
    await put(good.imageId, "from-an-old-preset.webp");
    const unknown = newImageId(0);
    await put(unknown);
    const rejected = await world.upload(jpeg.subarray(0, 200));
    await world.worker()(messages(rejected.event));
    await put(rejected.imageId);
    const deleted = await processed();
    await world.deleter(messages(world.deletion(deleted)));
    await put(deleted.imageId);
    const underWay = await world.upload(jpeg);
    await world.worker(async (run) => {
      await run();
      throw new Error("it died");
    })(messages(underWay.event));

    ahead = 0;
    expect(await findings(orphans)).toEqual([]);
    ahead = GRACE + 5_000;
    const found = await findings(orphans);
    expect(found.map(({ subject, why }) => [subject.imageId, why]).sort()).toEqual(
      [
        [good.imageId, "not among its renditions"],
        [unknown, "no job of this image"],
        [rejected.imageId, "the image was rejected"],
        [deleted.imageId, "the image is deleted"],
      ].sort(),
    );
    for (const finding of found) expect(await orphans.repair?.(finding)).toBe(true);
    expect(await findings(orphans)).toEqual([]);
    world.pageSize.value = undefined;
    expect(await world.storedKeys(good.imageId)).toHaveLength(5);
    expect(await world.storedKeys(underWay.imageId)).toHaveLength(5);
    expect(await world.storedKeys(unknown)).toEqual([]);
  });

  it("that were right again before they were removed stay", async () => {
    const image = await world.upload(jpeg);
    const key = `${renditionPrefix(image.imageId)}thumb.webp`;
    const finding = { subject: { imageId: image.imageId }, why: "", keys: [key] };
    await world.worker()(messages(image.event));
    expect(await orphans.repair?.(finding)).toBe(false);
    expect(await world.storedKeys(image.imageId)).toHaveLength(5);
  });

  it("that are missing are made again, a bounded number of times; jobs that do not end are told", async () => {
    const image = await processed();
    expect((await findings(inOrder)).map(({ subject }) => subject.imageId)).not.toContain(
      image.imageId,
    );
    const Key = `${renditionPrefix(image.imageId)}small.webp`;
    await world.s3.send(new DeleteObjectCommand({ Bucket: "processed", Key }));
    const stuck = await world.upload(jpeg);
    await world.worker(() => Promise.reject(new Error("no")))(messages(stuck.event));
    world.clock.now += GRACE + 1;
    const told = (await findings(inOrder)).map(({ subject, why }) => [subject.imageId, why]);
    expect(told).toContainEqual([image.imageId, "not in the bucket: small"]);
    expect(told).toContainEqual([stuck.imageId, "not processed after 1 attempts"]);
    for (let n = 1; n <= MAX_RETRIES; n++) {
      expect(await repair(image)).toBe(true);
      expect(await world.jobs.find(image)).toMatchObject({ status: "processing", retries: n });
      expect(await repair(image)).toBe(false);
      await world.worker()(messages(image.event));
      expect(await world.storedKeys(image.imageId)).toHaveLength(5);
      expect(await repair(image)).toBe(false);
      await world.s3.send(new DeleteObjectCommand({ Bucket: "processed", Key }));
    }
    expect(await repair(image)).toBe(false);
    expect(await repair(stuck)).toBe(false);
    expect(await world.jobs.find(stuck)).toMatchObject({ attempts: 1 });
  });
});
