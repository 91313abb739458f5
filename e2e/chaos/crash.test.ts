import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  askForForm,
  type Form,
  type Image,
  type Page,
  type SearchPage,
  sendForm,
  signIn,
  type User,
  upload,
} from "../client.ts";
import { eventually } from "../eventually.ts";
import { type Facts, listenToFacts } from "../facts.ts";
import { scene } from "../pictures.ts";
import {
  newDataFolder,
  removeDataFolder,
  type System,
  startSystem,
  stillRunning,
} from "../system.ts";

const COUNT = 12;
const folder = newDataFolder();
let system: System;
let user: User;
/** Of the time before the kill. */
let before: {
  facts: Facts;
  ids: string[];
  done: Image;
  original: string;
  form: Form;
  children: number[];
};
let late: Buffer;

/**
 * One story in three acts: twelve pictures are on their way, some of them done, when the main process is
 * killed; then the system starts again on the same folder.
 */
beforeAll(async () => {
  system = await startSystem(folder);
  const facts = await listenToFacts(system.url);
  user = await signIn(system.url);
  const pictures = await Promise.all(
    Array.from({ length: COUNT }, (_, n) =>
      scene(1800 + n, 1200, n * 30)
        .jpeg()
        .toBuffer(),
    ),
  );
  late = await scene(300, 200, 5).jpeg().toBuffer();
  const form = await askForForm(user, {
    contentType: "image/jpeg",
    size: late.length,
    tags: ["late"],
  });

  const ids: string[] = [];
  const firstDone = new Promise<string>((resolve) => {
    for (const bytes of pictures) {
      upload(user, bytes, { contentType: "image/jpeg", tags: ["twelve"] }).then(async (id) => {
        ids.push(id);
        await facts.status(id, "ready", "rejected");
        resolve(id);
      });
    }
  });
  const [id] = await Promise.all([
    firstDone,
    eventually(
      () => ids.length,
      (n) => n === COUNT,
    ),
  ]);
  const done = (await user.get<Image>(`/v1/images/${id}`)).body;
  const original = (await user.get<{ url: string }>(`/v1/images/${id}/url`)).body.url;
  const children = await system.kill();
  facts.close();
  before = { facts, ids, done, original, form, children };
  await eventually(
    () => stillRunning(children),
    (running) => running.length === 0,
  );
  system = await startSystem(folder);
  // The same token, the same front door: a client notices nothing but a pause.
}, 120_000);
afterAll(async () => {
  await system?.stop();
  removeDataFolder(folder);
});

const images = async () =>
  (await user.get<Page<Image>>("/v1/images?tag=twelve&limit=100")).body.items;

describe("a kill -9 in the middle of twelve pictures", () => {
  it("really was in the middle: some were ready, some not", () => {
    const ready = before.ids.filter((id) =>
      before.facts.of(id).some(({ image }) => image?.status === "ready"),
    );
    expect(ready.length).toBeGreaterThan(0);
    expect(ready.length).toBeLessThan(COUNT);
  });

  it("left no process behind: those that had been started end by themselves", () => {
    expect(before.children.length).toBeGreaterThanOrEqual(4);
    expect(stillRunning(before.children)).toEqual([]);
  });

  it("lost none: all twelve become ready, each once, with every rendition", async () => {
    const all = await eventually(
      images,
      (items) => items.length === COUNT && items.every(({ status }) => status !== "processing"),
      25_000,
    );
    expect(all.map(({ imageId }) => imageId).toSorted()).toEqual(before.ids.toSorted());
    for (const image of all) {
      expect(image).toMatchObject({ status: "ready", version: 2 });
      expect(image.renditions).toHaveLength(5);
      for (const rendition of image.renditions)
        expect((await fetch(rendition.url)).status).toBe(200);
    }
    const { body } = await user.get<Page<Image>>("/v1/images?limit=100");
    expect(body.items.filter(({ tags }) => tags.includes("twelve"))).toHaveLength(COUNT);
  });

  it("lost none in the index either, and none is there twice", async () => {
    const { items } = await eventually(
      async () => (await user.get<SearchPage>("/v1/search?tag=twelve&limit=100")).body,
      ({ total }) => total >= COUNT,
    );
    expect(items.map(({ imageId }) => imageId).toSorted()).toEqual(before.ids.toSorted());
  });

  it("left what was ready as it was", async () => {
    const { body } = await user.get<Image>(`/v1/images/${before.done.imageId}`);
    const { renditions: _, ...now } = body;
    const { renditions: __, ...then } = before.done;
    expect(now).toEqual(then);
  });

  it("left every URL valid that was given out before: pictures, original, form", async () => {
    const addresses = [before.original, ...before.done.renditions.map(({ url }) => url)];
    for (const address of addresses) expect((await fetch(address)).status).toBe(200);
    const facts = await listenToFacts(system.url);
    expect((await sendForm(before.form, late)).status).toBe(201);
    await facts.status(before.form.imageId, "ready");
    facts.close();
  });
});

describe("a kill -9 of one service's process while pictures are on their way", () => {
  it.each(["upload", "catalog", "processing", "search"])(
    "loses none and holds none up: %s goes on where it was",
    async (service) => {
      const facts = await listenToFacts(system.url);
      const tag = `killed-${service}`;
      const pictures = await Promise.all(
        Array.from({ length: 4 }, (_, n) =>
          scene(1200 + n, 800, n * 40)
            .jpeg()
            .toBuffer(),
        ),
      );
      const ids = await Promise.all(
        pictures.map((bytes) => upload(user, bytes, { contentType: "image/jpeg", tags: [tag] })),
      );
      process.kill(system.services[service] ?? 0, "SIGKILL");
      await Promise.all(ids.map((id) => facts.status(id, "ready")));
      facts.close();
      // The process that was killed may be the one that answers this.
      const { items } = await eventually(
        async () => (await user.get<SearchPage>(`/v1/search?tag=${tag}`)).body,
        (body) => body.total === ids.length,
      );
      expect(items.map(({ imageId }) => imageId).toSorted()).toEqual(ids.toSorted());
    },
    60_000,
  );
});
