import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type Problem, type SearchPage, signIn, type User, upload } from "./client.ts";
import { eventually } from "./eventually.ts";
import { type Facts, listenToFacts } from "./facts.ts";
import { smallPicture } from "./pictures.ts";
import { watchSearches } from "./rebuild-traffic.ts";
import { compare, endOf, getRebuild, startRebuild } from "./rebuilds.ts";

const url = inject("url");
const tag = `r${crypto.randomUUID().slice(0, 8)}`;
let admin: User;
let user: User;
let facts: Facts;
/** Nobody touches these. */
let steady: string[];
const found = async () =>
  (await user.get<SearchPage>(`/v1/search?tag=${tag}&limit=100`)).body.items;
const idsFound = async () => (await found()).map(({ imageId }) => imageId).toSorted();

async function uploadMany(count: number): Promise<string[]> {
  const bytes = await smallPicture(count);
  const options = { contentType: "image/jpeg", tags: [tag] };
  const ids = await Promise.all(Array.from({ length: count }, () => upload(user, bytes, options)));
  await Promise.all(ids.map((id) => facts.status(id, "ready")));
  return ids;
}

beforeAll(async () => {
  [admin, user] = await Promise.all([signIn(url, "root", true), signIn(url)]);
  facts = await listenToFacts(url);
  steady = await uploadMany(12);
  await eventually(found, (items) => items.length === steady.length);
});
afterAll(() => facts.close());

describe("a rebuild while the system is used", () => {
  it.each(["catalog", "archive"])(
    "from the %s: no search fails, misses anything or brings anything back",
    async (source) => {
      const doomed = await uploadMany(4);
      const edited = await uploadMany(2);
      const count = steady.length + doomed.length + edited.length;
      await eventually(found, (items) => items.length === count);
      const watch = watchSearches(user, tag, [...steady, ...edited]);
      const rebuildId = await startRebuild(admin, { source });
      const fresh: string[] = [];
      const busy = async () => {
        for (const [turn, imageId] of doomed.entries()) {
          await user.call("DELETE", `/v1/images/${imageId}`);
          const target = edited[turn % edited.length];
          await user.call("PATCH", `/v1/images/${target}`, { body: { caption: `turn ${turn}` } });
          fresh.push(...(await uploadMany(1)));
        }
      };
      const [rebuild] = await Promise.all([endOf(admin, rebuildId), busy()]);
      const expected = [...steady, ...edited, ...fresh].toSorted();
      await eventually(idsFound, (ids) => ids.join() === expected.join());
      await watch.stop();
      expect(rebuild).toMatchObject({ status: "completed", progress: 1 });
      expect(watch.faults).toEqual([]);
      expect(watch.searches).toBeGreaterThan(20);
      expect(await idsFound()).toEqual(expected);
      steady = expected;
    },
    90_000,
  );

  it("leaves an index that a comparison has nothing to say about", async () => {
    const answer = await compare(admin);
    expect(answer).toMatchObject({ status: "completed", disagreements: [] });
    expect(answer.images).toBeGreaterThanOrEqual(steady.length);
  });

  it("is rolled back by one call, and forward again, without a change being lost", async () => {
    const [last] = (await admin.get<{ items: { rebuildId: string }[] }>("/v1/search/rebuilds")).body
      .items;
    const path = `/v1/search/rebuilds/${last?.rebuildId}/rollback`;
    const [fresh = ""] = await uploadMany(1);
    steady = [...steady, fresh].toSorted();
    await eventually(idsFound, (ids) => ids.includes(fresh));
    for (const to of ["previous", "rebuilt"]) {
      const answer = await admin.call<{ searched: string }>("POST", path, { body: { to } });
      const { index, previousIndex } = await getRebuild(admin, last?.rebuildId ?? "");
      expect(answer.body.searched).toBe(to === "previous" ? previousIndex : index);
      expect(await idsFound()).toEqual(steady);
    }
  });

  it("is one at a time, can be cancelled, and then has changed nothing", async () => {
    const rebuildId = await startRebuild(admin, { source: "archive" });
    const second = await admin.call<Problem & { activeId: string }>("POST", "/v1/search/rebuilds", {
      body: {},
    });
    expect([second.status, second.body.activeId]).toEqual([409, rebuildId]);
    const path = `/v1/search/rebuilds/${rebuildId}`;
    expect((await admin.call("DELETE", path)).status).toBe(204);
    expect(await endOf(admin, rebuildId)).toMatchObject({ status: "cancelled" });
    expect(await idsFound()).toEqual(steady);
  });

  it("is for administrators", async () => {
    for (const [method, path] of [
      ["POST", "/v1/search/rebuilds"],
      ["GET", "/v1/search/rebuilds"],
      ["POST", "/v1/search/comparisons"],
    ] as const) {
      const body = method === "POST" ? {} : undefined;
      expect((await user.call(method, path, { body })).status).toBe(403);
    }
  });
});
