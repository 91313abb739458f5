import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Image, type Page, request, signIn, type User } from "../client.ts";
import { eventually } from "../eventually.ts";
import { compare } from "../rebuilds.ts";
import { newDataFolder, removeDataFolder, type System, startSystem } from "../system.ts";
import { type End, type Story, tellStories } from "./crowd.ts";
import { rampage } from "./rampage.ts";
import { listStores } from "./stores.ts";

/** By default the same in every run; another one, to look for more: `CHAOS_SEED=2 npm run test:chaos`. */
const SEED = Number(process.env.CHAOS_SEED ?? 1);
const UPLOADS = Number(process.env.CHAOS_UPLOADS ?? 500);
/** Each life of the system has a chaos of its own, or the first deliveries of all of them would meet the same fate. */
const options = (life: number) => [
  "--chaos",
  `seed=${SEED * 1_000 + life},duplicate=0.2,delay=0.3,crash=0.1`,
];
/** Milliseconds that everything may take to come to rest: a few deaths and redeliveries one after the other. */
const REST = 240_000;
const OPS = fileURLToPath(new URL("../../ops/src/main.ts", import.meta.url));

const folder = newDataFolder();
let system: System;
let users: User[];
let admin: User;
let stories: Story[];
let images: Map<string, Image>;

const say = (line: string) => void process.stdout.write(`${line}\n`);
const withEnd = (...ends: End[]) => stories.filter(({ end }) => ends.includes(end));

/**
 * Five hundred uploads, edits and deletions by four users, while deliveries are late, doubled and cut
 * short by a seed, and every few seconds all processes are killed; then it comes to rest.
 */
beforeAll(async () => {
  const began = performance.now();
  const seconds = () => ((performance.now() - began) / 1_000).toFixed(0);
  system = await startSystem(folder, ...options(0));
  users = await Promise.all(["ann", "bob", "cleo", "dan"].map((name) => signIn(system.url, name)));
  admin = await signIn(system.url, "root", true);
  const killer = rampage(system, folder, options);
  try {
    stories = await tellStories(UPLOADS, users);
  } finally {
    await killer.end();
    system = killer.system;
  }
  const told = seconds();
  images = await atRest();
  say(
    `chaos seed=${SEED}: ${stories.length} uploads, ${killer.kills} kills; told after ${told} s, at rest after ${seconds()} s`,
  );
});
afterAll(async () => {
  await system?.stop();
  if (process.env.CHAOS_KEEP) say(`kept: ${folder}`);
  else removeDataFolder(folder);
});

/** Waits until no image is being processed and no queue has anything; what was given up meanwhile is tried again, as an operator would. */
async function atRest(): Promise<Map<string, Image>> {
  const deadline = performance.now() + REST;
  for (;;) {
    const { queues, all } = await eventually(
      async () => ({ queues: await filledQueues(), all: await catalog() }),
      ({ queues, all }) =>
        queues.every(({ deadLetters }) => deadLetters) &&
        [...all.values()].every(({ status }) => status !== "processing"),
      deadline - performance.now(),
    );
    if (queues.length === 0) return all;
    await promisify(execFile)(
      process.execPath,
      [OPS, "dlq", "redrive", "all", "--aws-env", join(folder, "aws.env")],
      { env: { PATH: process.env.PATH, SHOEBOX_URL: system.url } },
    );
  }
}

interface Queue {
  queue: string;
  waiting: number;
  inFlight: number;
  deadLetters: boolean;
}

async function filledQueues(): Promise<Queue[]> {
  const { body } = await request<{ items: Queue[] }>("GET", `${system.url}/dev/queues`);
  return body.items.filter(({ waiting, inFlight }) => waiting + inFlight > 0);
}

async function catalog(): Promise<Map<string, Image>> {
  const all = new Map<string, Image>();
  for (const user of users) {
    let cursor: string | undefined;
    do {
      const path = `/v1/images?limit=100${cursor ? `&cursor=${cursor}` : ""}`;
      const { body } = await user.get<Page<Image>>(path);
      for (const image of body.items) all.set(image.imageId, image);
      cursor = body.nextCursor;
    } while (cursor);
  }
  return all;
}

describe("after kills and rough deliveries, every upload that was accepted", () => {
  it("is an image of the catalog, or is none for a reason: once each, and nothing else is there", () => {
    const expected = withEnd("ready", "rejected").map(({ imageId }) => imageId);
    expect([...images.keys()].toSorted()).toEqual(expected.toSorted());
    expect(new Set(stories.map(({ imageId }) => imageId)).size).toBe(UPLOADS);
  });

  it("is ready as its owner last wanted it, or rejected with a reason", () => {
    const wrong = withEnd("ready", "rejected").filter(({ imageId, end, tags, caption }) => {
      const image = images.get(imageId);
      const asWanted = image?.tags.join() === tags.join() && (image?.caption ?? "") === caption;
      const reasoned = (image?.reason?.message ?? "") !== "";
      return !asWanted || image?.status !== end || reasoned !== (end === "rejected");
    });
    expect(wrong.map(({ number, imageId }) => ({ number, now: images.get(imageId) }))).toEqual([]);
  });

  it("is answered for by its upload: refused with a reason, called off, or uploaded", async () => {
    const wanted: Record<End, string> = {
      ready: "uploaded",
      rejected: "uploaded",
      refused: "rejected",
      aborted: "aborted",
      deleted: "gone",
    };
    const wrong: unknown[] = [];
    for (const { user, imageId, end, number } of stories) {
      const { status, body } = await user.get<{ status: string; reason?: object }>(
        `/v1/uploads/${imageId}`,
      );
      const is = status === 404 ? "gone" : body.status;
      if (is === wanted[end] && (end === "refused") === (body.reason !== undefined)) continue;
      wrong.push({ number, end, status, body });
    }
    expect(wrong).toEqual([]);
  });

  it("is in the index exactly as it is in the catalog", async () => {
    expect(await compare(admin)).toMatchObject({
      status: "completed",
      images: images.size,
      disagreements: [],
    });
  });

  it("has the objects that the catalog refers to, and there are no others", async () => {
    const ids = (all: string[]) => all.toSorted();
    const renditions = [...images.values()].flatMap((image) =>
      image.renditions.map(() => image.imageId),
    );
    expect(await listStores(folder)).toEqual({
      originals: ids([...images.keys()]),
      renditions: ids(renditions),
      openUploads: [],
    });
    expect(renditions.length).toBe(withEnd("ready").length * 5);
  });
});
