import { newImageId } from "@shoebox/shared/ids";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Catalog, startCatalog } from "../catalog.testkit.ts";
import { REPUBLISH_AFTER, TOMBSTONE_KEPT } from "../domain/tombstone.ts";
import { facts, NOON, OWNER, uploadedData } from "../facts.testkit.ts";
import { republishTombstones } from "./republish-tombstones.ts";

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startCatalog();
});
afterAll(() => catalog.close());

const MINUTE = 60_000;

async function deletedImage(at: number, uploadedAt = at) {
  const data = uploadedData(newImageId(uploadedAt));
  const key = { ownerId: OWNER, imageId: data.imageId };
  catalog.clock.at = at;
  await catalog.deliver(facts.uploaded(data));
  await catalog.request(`/v1/images/${data.imageId}`, { method: "DELETE" });
  return key;
}

const runAt = (at: number) => {
  catalog.clock.at = at;
  return republishTombstones(catalog);
};

describe("deletions", () => {
  it("are closed by their two confirmations, in any order and repeated", async () => {
    for (const order of [
      [facts.originalDeleted, facts.renditionsDeleted],
      [facts.renditionsDeleted, facts.originalDeleted],
    ]) {
      const key = await deletedImage(NOON);
      const [first = facts.originalDeleted, second = facts.renditionsDeleted] = order;
      await catalog.deliver(first(key));
      await catalog.deliver(first(key));
      expect(await catalog.images.find(key)).not.toHaveProperty("ttl");
      await catalog.deliver(second(key));
      catalog.clock.at += MINUTE;
      await catalog.deliver(second(key), first(key));
      const tombstone = await catalog.images.find(key);
      expect(tombstone).toMatchObject({ ttl: (NOON + TOMBSTONE_KEPT) / 1000, version: 2 });
      expect(tombstone).not.toHaveProperty("awaiting");
    }
    expect(await runAt(NOON + 60 * MINUTE)).toEqual({ republished: 0, overdue: 0 });
  });

  it("are ignored before they happened: a confirmation of a living image changes nothing", async () => {
    const data = uploadedData();
    const key = { ownerId: OWNER, imageId: data.imageId };
    await catalog.deliver(facts.uploaded(data));
    const before = await catalog.images.find(key);
    await catalog.deliver(facts.originalDeleted(key), facts.renditionsDeleted(key));
    expect(await catalog.images.find(key)).toEqual(before);
    const unknown = { ownerId: OWNER, imageId: newImageId(NOON) };
    await catalog.deliver(facts.originalDeleted(unknown));
    expect(await catalog.images.find(unknown)).toBeUndefined();
  });
});

describe("republish-tombstones", () => {
  it("publishes again what was not confirmed in 15 minutes, once, however old the picture", async () => {
    const key = await deletedImage(NOON, NOON - 900 * 86_400_000);
    await catalog.deliver(facts.originalDeleted(key));
    expect(await runAt(NOON + REPUBLISH_AFTER - 1)).toMatchObject({ republished: 0 });
    expect(await runAt(NOON + REPUBLISH_AFTER)).toMatchObject({ republished: 1 });
    expect(await runAt(NOON + REPUBLISH_AFTER)).toMatchObject({ republished: 0 });
    expect(await catalog.images.find(key)).toMatchObject({ republished: 1, version: 2 });
    expect(await runAt(NOON + 2 * REPUBLISH_AFTER)).toMatchObject({ republished: 1 });
    await catalog.deliver(facts.renditionsDeleted(key));
    expect(await runAt(NOON + 3 * REPUBLISH_AFTER)).toMatchObject({ republished: 0 });
  });

  it("publishes each once when two runs overlap", async () => {
    const keys = [];
    for (let n = 0; n < 20; n++) keys.push(await deletedImage(NOON));
    catalog.clock.at = NOON + REPUBLISH_AFTER;
    const runs = await Promise.all([republishTombstones(catalog), republishTombstones(catalog)]);
    expect(runs.reduce((sum, run) => sum + run.republished, 0)).toBe(20);
    for (const key of keys) {
      expect(await catalog.images.find(key)).toMatchObject({ republished: 1 });
    }
    expect((await runAt(NOON + 86_400_001)).overdue).toBe(20);
  });
});
