import { newImageId } from "@shoebox/shared/ids";
import { type Check, type Finding, GRACE } from "@shoebox/shared/reconcile/check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Catalog, startCatalog } from "../catalog.testkit.ts";
import { facts, NOON, OWNER, uploadedData } from "../facts.testkit.ts";
import { openTombstones } from "./open-tombstones.ts";
import { unprocessedImages } from "./unprocessed-images.ts";

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startCatalog();
});
afterAll(() => catalog.close());

async function findings(check: Check): Promise<Finding[]> {
  const all: Finding[] = [];
  for (let page = await check.page(undefined); ; page = await check.page(page.next)) {
    all.push(...page.findings);
    if (!page.next) return all;
  }
}
async function uploaded() {
  const data = uploadedData(newImageId(NOON));
  await catalog.deliver(facts.uploaded(data));
  return { ownerId: OWNER, imageId: data.imageId };
}

it("deletions that nobody confirmed and images that nobody processed are told after a day", async () => {
  const waiting = await uploaded();
  const deleted = await uploaded();
  await catalog.request(`/v1/images/${deleted.imageId}`, { method: "DELETE" });
  const checks = [openTombstones(catalog), unprocessedImages(catalog)];
  expect((await Promise.all(checks.map(findings))).flat()).toEqual([]);
  catalog.clock.at += GRACE + 1;
  const found = (await Promise.all(checks.map(findings))).flat();
  expect(found.map(({ subject }) => subject)).toEqual([deleted, waiting]);
  await catalog.deliver(facts.originalDeleted(deleted), facts.renditionsDeleted(deleted));
  expect(await findings(openTombstones(catalog))).toEqual([]);
});
