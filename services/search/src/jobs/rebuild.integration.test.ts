import type { ImageState } from "@shoebox/shared/events/catalog";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { takeSnapshotPages } from "../consumers/snapshot-pages.ts";
import { READ_ALIAS } from "../domain/index-name.ts";
import type { Job } from "../domain/job.ts";
import { createCatalog } from "../rebuild.testkit.ts";
import { cataloged, deleted, picture, sqsEvent, startSearch, updated } from "../search.testkit.ts";
import type { JobDeps } from "./job-deps.ts";
import { takeSteps } from "./take-step.ts";

type Search = Awaited<ReturnType<typeof startSearch>>;
let search: Search;
let catalog: ReturnType<typeof createCatalog>;
let world: ReturnType<typeof createWorld>;
beforeAll(async () => {
  search = await startSearch();
});
afterAll(() => search.close());
beforeEach(async () => {
  for (const job of await search.jobs.active()) {
    await search.jobs.write({ ...job, status: "cancelled", phase: "done" });
  }
  await search.client.indices.delete({ index: "images-v*" });
  search.asked.length = 0;
  catalog = createCatalog();
  world = createWorld();
});

/** Steps and pages as the queues would bring them, with whatever may come in between. */
function createWorld() {
  let now = Date.now();
  search.clock.now = () => now;
  const pages: unknown[] = [];
  const hooks: { beforeStep?: (job: Job) => Promise<void>; pages: (all: unknown[]) => unknown[] } =
    { pages: (all) => all };
  const snapshots: JobDeps["snapshots"] = {
    ...search.snapshots,
    request: async (request) => {
      const known = await search.snapshots.requested(request.snapshotId);
      await search.snapshots.request(request);
      if (!known) pages.push(...hooks.pages(catalog.pages(request)));
    },
  };
  const deps = {
    ...search,
    snapshots,
    steps: search.queue,
    replayed: { depth: async () => 0 },
    limits: { archiveLag: 0 },
    archive: {
      from: async () => 0,
      replay: async () => undefined,
      state: async () => ({ state: "completed" as const }),
      cancel: async () => undefined,
    },
  };
  const step = takeSteps(deps);
  const take = takeSnapshotPages(deps);
  return {
    hooks,
    pages,
    step,
    take,
    /** Until nothing is asked for any more. */
    async run() {
      for (let turn = 0; turn < 200; turn += 1) {
        while (pages.length > 0) {
          const batch = pages.splice(0, 3);
          expect((await take(sqsEvent(batch))).batchItemFailures).toEqual([]);
        }
        const due = search.asked.shift();
        if (!due) return;
        now += due.delaySeconds * 1_000;
        for (const job of await search.jobs.active()) await hooks.beforeStep?.(job);
        await step(sqsEvent([due.message]));
      }
      throw new Error("It does not end.");
    },
    advance: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

const start = async (body: object = {}) => {
  const answer = await search.call("POST", "/v1/search/rebuilds", body);
  expect(answer.status).toBe(202);
  return String(answer.body.rebuildId);
};
const rebuild = async (id: string) => (await search.call("GET", `/v1/search/rebuilds/${id}`)).body;
const found = async (query = "") => {
  await search.client.indices.refresh({ index: READ_ALIAS });
  const { body } = await search.get(`/v1/search?scope=all&limit=100${query}`);
  return body.items.map(({ imageId, version }) => `${imageId} ${version}`).toSorted();
};
/** A page as if a picture had been left out of it. */
const without = (page: unknown, { imageId }: ImageState) => {
  const { detail } = page as { detail: { data: { images?: ImageState[] } } };
  const images = detail.data.images?.filter((image) => image.imageId !== imageId);
  return { ...(page as object), detail: { ...detail, data: { ...detail.data, images } } };
};
/** Events while there may be nothing to be searched yet. */
const live = async (...bodies: unknown[]) => {
  expect((await search.project(sqsEvent(bodies))).batchItemFailures).toEqual([]);
  await search.client.indices.refresh({ index: "images-v*" });
};
const expected = () =>
  [...catalog.images.values()]
    .filter(({ ownerId, visibility }) => ownerId === "ann" || visibility === "public")
    .map(({ imageId, version }) => `${imageId} ${version}`)
    .toSorted();
const several = (count: number, changes: Parameters<typeof picture>[0] = {}) =>
  Array.from({ length: count }, (_, n) =>
    picture({ ownerId: `owner-${n % 5}`, visibility: "public", ...changes }),
  );

describe("a rebuild from the catalog", () => {
  it("fills a new index, proves it and exchanges it for the old one", async () => {
    const images = several(12);
    catalog.has(...images);
    await search.deliver(...images.slice(0, 3).map(cataloged));
    const old = await search.admin.readIndex();
    const id = await start();
    expect(await rebuild(id)).toMatchObject({ status: "pending", progress: 0 });
    await world.run();
    expect(await rebuild(id)).toMatchObject({
      status: "completed",
      progress: 1,
      images: 12,
      owners: 5,
      previousIndex: old,
      disagreements: { missing: 0, stale: 0, resurrected: 0 },
    });
    expect(await search.admin.readIndex()).not.toBe(old);
    expect(await found()).toEqual(expected());
  });

  it("takes what happens meanwhile, at every step, and brings nothing back", async () => {
    const images = several(20);
    catalog.has(...images);
    await search.deliver(...images.map(cataloged));
    const [first, second] = images;
    let turn = 0;
    world.hooks.beforeStep = async () => {
      turn += 1;
      const image = images[turn % images.length] ?? picture();
      if (turn % 3 === 0 && catalog.images.has(image.imageId)) {
        catalog.deletes(image);
        await search.deliver(deleted(image, image.version + 1));
      } else if (catalog.images.has(image.imageId)) {
        const next = { ...image, version: (catalog.images.get(image.imageId)?.version ?? 0) + 1 };
        catalog.has(next);
        await search.deliver(updated(next));
      }
      const fresh = picture({ ownerId: `owner-${turn % 7}`, visibility: "public" });
      catalog.has(fresh);
      await search.deliver(cataloged(fresh));
    };
    const id = await start();
    await world.run();
    expect(await rebuild(id)).toMatchObject({ status: "completed" });
    expect(first && second && turn).toBeGreaterThan(3);
    expect(await found()).toEqual(expected());
  });

  it("takes pages that come twice and in any order", async () => {
    catalog.has(...several(15));
    world.hooks.pages = (all) => [...all, ...all].toReversed();
    const id = await start();
    await world.run();
    expect(await rebuild(id)).toMatchObject({ status: "completed", indexed: 15 });
    expect(await found()).toEqual(expected());
  });

  it("finds and repairs what the fill has lost, has in an old version, or should not have", async () => {
    const images = several(10);
    const [lost, old, gone, forgotten] = images as [ImageState, ImageState, ImageState, ImageState];
    catalog.has(...images);
    const id = await start();
    world.hooks.pages = (all) => (spoilt ? all : all.map((page) => without(page, lost)));
    let spoilt = false;
    world.hooks.beforeStep = async (job) => {
      if (job.phase !== "filling" || spoilt) return;
      spoilt = true;
      // Events that were lost; a picture was left out of the pages already.
      catalog.has({ ...old, version: 7 });
      catalog.deletes(gone);
      catalog.images.delete(forgotten.imageId);
    };
    await world.run();
    expect(await rebuild(id)).toMatchObject({
      status: "completed",
      disagreements: { missing: 1, stale: 1, resurrected: 2 },
    });
    expect(await found()).toEqual(expected());
  });

  it("does not take a picture for forgotten that is only newer than the snapshot", async () => {
    const images = several(5);
    catalog.has(...images);
    const id = await start();
    const late = picture({ ownerId: "owner-1", visibility: "public" });
    world.hooks.beforeStep = async (job) => {
      if (job.phase === "filling")
        for (const image of images) catalog.has({ ...image, version: 2 });
      // In the index by its event, and not in the pages that were read before.
      if (job.phase !== "proving" || job.round !== 1 || !job.snapshotId) return;
      catalog.has(late);
      await live(cataloged(late));
    };
    await world.run();
    expect(await rebuild(id)).toMatchObject({
      status: "completed",
      disagreements: { resurrected: 0 },
    });
    expect(await found()).toEqual(expected());
  });

  it("finds an owner that the catalog does not know at all", async () => {
    catalog.has(...several(5));
    const ghost = picture({ ownerId: "zoe", visibility: "public" });
    const id = await start();
    world.hooks.beforeStep = async (job) => {
      if (job.phase === "filling") await live(cataloged(ghost));
    };
    await world.run();
    expect(await rebuild(id)).toMatchObject({
      status: "completed",
      disagreements: { resurrected: 1 },
    });
    expect(await found()).toEqual(expected());
  });

  it("fails, with the engine's reason, when the new index does not take a picture", async () => {
    const bad = picture({ ownerId: "ann", tags: ["x".repeat(40_000)] });
    catalog.has(...several(5));
    const id = await start();
    world.hooks.pages = (all) => {
      const [page] = all as { detail: { data: { images?: unknown[]; owners: object[] } } }[];
      if (page?.detail.data.images)
        page.detail.data.images.push({ ...bad, tags: ["ok"], ownerId: "o".repeat(40_000) });
      page?.detail.data.owners.push({ ownerId: "ann", images: 1, checksum: 1 });
      return all;
    };
    await search.writer.liveTargets();
    const before = await search.admin.readIndex();
    await world.run();
    expect(await rebuild(id)).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("immense"),
    });
    expect(await search.admin.readIndex()).toBe(before);
    expect(await search.writer.liveTargets()).toHaveLength(1);
  });

  it("that fails loses nothing that came meanwhile, also when there was no index at all", async () => {
    const image = picture({ ownerId: "ann" });
    catalog.has(image);
    // The catalog does not answer.
    world.hooks.pages = () => [];
    world.hooks.beforeStep = async () => world.advance(600_000);
    const id = await start();
    await world.step(sqsEvent([search.asked.shift()?.message]));
    await live(cataloged(image));
    await world.run();
    expect(await rebuild(id)).toMatchObject({ status: "failed" });
    expect(await found()).toEqual(expected());
  });

  it("works when there was no index at all", async () => {
    catalog.has(...several(3));
    const id = await start();
    await world.run();
    expect(await rebuild(id)).toMatchObject({ status: "completed" });
    expect(await found()).toEqual(expected());
  });
});

describe("crashes", () => {
  it("at any step only repeat it", async () => {
    const images = several(12);
    catalog.has(...images);
    await search.deliver(...images.slice(0, 6).map(cataloged));
    const id = await start();
    // Every step dies once after its commands and once after its write, and is taken up by the clock.
    const { write } = search.jobs;
    let dying = 0;
    search.jobs.write = async (job) => {
      dying += 1;
      if (dying % 3 === 1) throw new Error("killed before the write");
      const written = await write(job);
      if (dying % 3 === 2) throw new Error("killed after the write");
      return written;
    };
    try {
      for (let turn = 0; turn < 100 && (await search.jobs.active()).length > 0; turn += 1) {
        await world.run();
        world.advance(60_000);
        await world.step(sqsEvent([{ "detail-type": "Scheduled Event" }]));
      }
    } finally {
      search.jobs.write = write;
    }
    expect(dying).toBeGreaterThan(5);
    expect(await rebuild(id)).toMatchObject({ status: "completed" });
    expect(await found()).toEqual(expected());
    expect(await search.writer.liveTargets()).toHaveLength(2);
  });

  it("show themselves as trouble, which goes away with the next step", async () => {
    catalog.has(...several(2));
    const id = await start();
    const { create } = search.admin;
    search.admin.create = async () => {
      throw new Error("the engine is down");
    };
    await world.run();
    search.admin.create = create;
    expect(await rebuild(id)).toMatchObject({ status: "pending", trouble: "the engine is down" });
    world.advance(60_000);
    await world.step(sqsEvent([{ "detail-type": "Scheduled Event" }]));
    await world.run();
    expect(await rebuild(id)).toMatchObject({ status: "completed" });
    expect(await rebuild(id)).not.toHaveProperty("trouble");
  });
});

describe("who may, and what else", () => {
  it.each([
    ["POST", "/v1/search/rebuilds"],
    ["GET", "/v1/search/rebuilds"],
    ["GET", "/v1/search/rebuilds/019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55"],
    ["DELETE", "/v1/search/rebuilds/019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55"],
    ["POST", "/v1/search/rebuilds/019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55/rollback"],
    ["POST", "/v1/search/comparisons"],
    ["GET", "/v1/search/comparisons/019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55"],
  ])("%s %s is for administrators", async (method, path) => {
    const body = method === "POST" ? {} : undefined;
    const answer = await search.call(method, path, body, {}, false);
    expect([answer.status, answer.body.type]).toEqual([403, "urn:shoebox:problem:forbidden"]);
  });

  it("answers 404 to a rebuild that there is not", async () => {
    for (const id of ["nonsense", "019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55"]) {
      for (const method of ["GET", "DELETE"]) {
        expect((await search.call(method, `/v1/search/rebuilds/${id}`)).status).toBe(404);
      }
      expect((await search.call("GET", `/v1/search/comparisons/${id}`)).status).toBe(404);
    }
  });

  it.each([
    [{ source: "tape" }, "source"],
    [{ from: "2026-01-01" }, "from"],
    [{ source: "archive", from: "2026-01-02", to: "2026-01-01" }, "to"],
    [{ source: "archive", from: "yesterday" }, "from"],
    [{ sauce: "archive" }, "sauce"],
  ])("refuses %j, naming %s", async (body, field) => {
    const answer = await search.call("POST", "/v1/search/rebuilds", body);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(field);
  });

  it("runs one at a time, and says which; the same key is the same rebuild", async () => {
    const key = { "Idempotency-Key": crypto.randomUUID() };
    const first = await search.call("POST", "/v1/search/rebuilds", {}, key);
    const again = await search.call("POST", "/v1/search/rebuilds", {}, key);
    expect(again.body).toEqual(first.body);
    expect(first.headers.get("location")).toBe(`/v1/search/rebuilds/${first.body.rebuildId}`);
    const second = await search.call("POST", "/v1/search/rebuilds", {});
    expect(second).toMatchObject({ status: 409, body: { activeId: first.body.rebuildId } });
  });

  it("lists rebuilds, the newest first, page by page", async () => {
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      ids.unshift(await start());
      await world.run();
    }
    const page = await search.call("GET", "/v1/search/rebuilds?limit=2");
    const items = page.body.items as { rebuildId: string }[];
    expect(items.map(({ rebuildId }) => rebuildId)).toEqual(ids.slice(0, 2));
    const rest = await search.call(
      "GET",
      `/v1/search/rebuilds?limit=1&cursor=${page.body.nextCursor}`,
    );
    expect((rest.body.items as { rebuildId: string }[])[0]?.rebuildId).toBe(ids[2]);
    expect((await search.call("GET", "/v1/search/rebuilds?cursor=abc")).status).toBe(400);
  });
});

describe("cancelling", () => {
  it.each(["creating", "filling", "comparing"])(
    "while %s leaves search as it was",
    async (phase) => {
      const images = several(6);
      catalog.has(...images);
      await search.deliver(...images.map(cataloged));
      const before = await search.admin.readIndex();
      const id = await start();
      let answer: number | undefined;
      world.hooks.beforeStep = async (job) => {
        if (job.phase !== phase || answer) return;
        answer = (await search.call("DELETE", `/v1/search/rebuilds/${id}`)).status;
      };
      await world.run();
      expect(answer).toBe(204);
      expect((await search.call("DELETE", `/v1/search/rebuilds/${id}`)).status).toBe(204);
      expect(await rebuild(id)).toMatchObject({ status: "cancelled" });
      expect(await search.admin.readIndex()).toBe(before);
      expect(await search.writer.liveTargets()).toHaveLength(1);
      expect(await found()).toEqual(expected());
      await start();
    },
  );

  it("is refused when it has completed", async () => {
    const id = await start();
    await world.run();
    expect((await search.call("DELETE", `/v1/search/rebuilds/${id}`)).status).toBe(409);
  });
});

describe("rolling back", () => {
  it("searches the previous index again, which has every change since, and forward again", async () => {
    const images = several(5);
    catalog.has(...images);
    await search.deliver(...images.map(cataloged));
    const old = await search.admin.readIndex();
    const id = await start();
    await world.run();
    const path = `/v1/search/rebuilds/${id}/rollback`;
    const fresh = picture({ visibility: "public" });
    catalog.has(fresh);
    await search.deliver(cataloged(fresh));

    expect((await search.call("POST", path, {})).body).toMatchObject({
      searched: old,
      rolledBack: true,
    });
    expect(await search.admin.readIndex()).toBe(old);
    expect(await found()).toEqual(expected());
    expect((await search.call("POST", path, {})).status).toBe(200);
    const forward = await search.call("POST", path, { to: "rebuilt" });
    expect(forward.body).toMatchObject({
      searched: expect.stringContaining(id),
      rolledBack: false,
    });
    expect(await found()).toEqual(expected());
  });

  it("keeps one previous index, and drops it when the next rebuild has completed", async () => {
    await search.deliver(cataloged(picture()));
    const first = await start();
    await world.run();
    const between = await search.admin.readIndex();
    const second = await start();
    await world.run();
    const targets = await search.writer.liveTargets();
    expect(targets).toHaveLength(2);
    expect(await rebuild(second)).toMatchObject({ previousIndex: between });
    expect((await search.call("POST", `/v1/search/rebuilds/${first}/rollback`, {})).status).toBe(
      409,
    );
  });
});

describe("a comparison", () => {
  const compare = async () => {
    const answer = await search.call("POST", "/v1/search/comparisons");
    expect(answer.status).toBe(202);
    await world.run();
    return (await search.call("GET", `/v1/search/comparisons/${answer.body.comparisonId}`)).body;
  };

  it("finds nothing when there is nothing", async () => {
    const images = several(8);
    catalog.has(...images);
    await search.deliver(...images.map(cataloged));
    expect(await compare()).toMatchObject({
      status: "completed",
      images: 8,
      owners: 5,
      disagreementCount: 0,
      disagreements: [],
    });
  });

  it("names what is missing, stale or resurrected, and changes nothing", async () => {
    const images = several(8);
    catalog.has(...images);
    await search.deliver(...images.slice(1).map(cataloged));
    const [missing, stale, gone, forgotten] = images as [
      ImageState,
      ImageState,
      ImageState,
      ImageState,
    ];
    catalog.has({ ...stale, version: 2 });
    catalog.deletes(gone);
    catalog.images.delete(forgotten.imageId);
    const answer = await compare();
    const of = ({ imageId, ownerId }: { imageId: string; ownerId: string }) => ({
      imageId,
      ownerId,
    });
    expect(answer).toMatchObject({ status: "completed", disagreementCount: 4 });
    const found = answer.disagreements as { kind: string; imageId: string }[];
    expect(found.toSorted((a, b) => (a.imageId + a.kind < b.imageId + b.kind ? -1 : 1))).toEqual(
      [
        { kind: "missing", ...of(missing), catalogVersion: 1 },
        { kind: "stale", ...of(stale), catalogVersion: 2, indexVersion: 1 },
        { kind: "resurrected", ...of(gone), catalogVersion: 2, indexVersion: 1 },
        { kind: "resurrected", ...of(forgotten), indexVersion: 1 },
      ].toSorted((a, b) => (a.imageId + a.kind < b.imageId + b.kind ? -1 : 1)),
    );
    expect((await compare()).disagreementCount).toBe(4);
  });

  it("gives what is on its way time to arrive", async () => {
    const images = several(6);
    catalog.has(...images);
    await search.deliver(...images.slice(2).map(cataloged));
    let arrived = false;
    world.hooks.beforeStep = async (job) => {
      if (job.round !== 2 || arrived) return;
      arrived = true;
      await search.deliver(...images.slice(0, 2).map(cataloged));
    };
    expect(await compare()).toMatchObject({ status: "completed", disagreementCount: 0 });
    expect(arrived).toBe(true);
  });
});
