import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type Image, type Page, signIn, type User, upload } from "./client.ts";
import { listenToFacts } from "./facts.ts";
import { smallPicture } from "./pictures.ts";
import {
  newDataFolder,
  removeDataFolder,
  type System,
  startRefused,
  startSystem,
  stillRunning,
} from "./system.ts";

const shared = inject("url");
const folder = newDataFolder();
let system: System;
let user: User;
let imageId: string;

beforeAll(async () => {
  system = await startSystem(folder, "--user-rate", "10");
  user = await signIn(system.url, "ann");
  const facts = await listenToFacts(system.url);
  imageId = await upload(user, await smallPicture(90), { contentType: "image/jpeg" });
  await facts.status(imageId, "ready");
  facts.close();
});
afterAll(async () => {
  await system.stop();
  removeDataFolder(folder);
});

const oneSentence = /^[A-Z][^\n]*\.\n$/;
const refused = async (...options: string[]) => {
  const { code, stderr } = await startRefused(...options);
  expect(stderr).toMatch(oneSentence);
  expect(stderr).not.toMatch(/\bat .*:\d+/);
  expect(code).toBeGreaterThan(0);
  return stderr;
};

describe("a user who makes more requests than the environment allows", () => {
  it("is told by every API when to come again, and nobody else is", async () => {
    const eve = await signIn(system.url, "eve");
    for (const path of [
      "/v1/images",
      "/v1/uploads/quota",
      "/v1/processing/presets",
      "/v1/search",
    ]) {
      // To be all allowed at ten a second they would have to take twenty seconds.
      const answers = await Promise.all(Array.from({ length: 220 }, () => eve.get(path)));
      const refused = answers.filter(({ status }) => status === 429);
      expect(refused.length, path).toBeGreaterThan(0);
      expect(answers.filter(({ status }) => status === 200).length, path).toBeGreaterThan(0);
      for (const { headers } of refused) expect(headers.get("retry-after")).toMatch(/^[1-9]\d*$/);
      expect(refused[0]?.body).toMatchObject({ type: "urn:shoebox:problem:too-many-requests" });
      expect((await user.get(path)).status, path).toBe(200);
    }
  });
});

describe("two instances", () => {
  it("on two data folders run side by side and know nothing of each other", async () => {
    const elsewhere = await signIn(shared, "ann");
    expect((await user.get(`/v1/images/${imageId}`)).status).toBe(200);
    expect((await elsewhere.get(`/v1/images/${imageId}`)).status).toBe(404);
    const across = await signIn(shared, "ann");
    expect(
      (
        await fetch(`${system.url}/v1/images`, {
          headers: { Authorization: `Bearer ${across.token}` },
        })
      ).status,
    ).toBe(401);
  });

  it("on one data folder are one too many: the second says so and ends", async () => {
    expect(await refused("--data", folder, "--port", "0")).toContain(folder);
    expect((await user.get("/healthz")).status).toBe(200);
  });
});

describe("a start that can't be", () => {
  it("says that the port is taken", async () => {
    const other = newDataFolder();
    const { port } = new URL(shared);
    expect(await refused("--data", other, "--port", port)).toContain(port);
    removeDataFolder(other);
  });

  it("says that the data folder can't be written when there is a file in its place", async () => {
    const other = newDataFolder();
    const file = join(other, "file");
    writeFileSync(file, "");
    expect(await refused("--data", file, "--port", "0")).toContain(file);
    expect(await refused("--data", join(file, "below"), "--port", "0")).toContain(file);
    removeDataFolder(other);
  });

  it("says what is wrong with an option", async () => {
    const other = newDataFolder();
    const { code, stderr } = await startRefused("--data", other, "--port", "http");
    expect([code, stderr]).toEqual([1, expect.stringMatching(/--port.*\.\n/)]);
    const page = await startRefused("--data", other, "--origin", "http://localhost:5173/");
    expect([page.code, page.stderr]).toEqual([1, expect.stringMatching(/--origin.*\.\n/)]);
    const rate = await startRefused("--data", other, "--user-rate", "0");
    expect([rate.code, rate.stderr]).toEqual([1, expect.stringMatching(/--user-rate.*\.\n/)]);
    const unknown = await startRefused("--data", other, "--nothing");
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining("--nothing")]);
    removeDataFolder(other);
  });
});

describe("SIGINT", () => {
  it("stops everything and exits with 0; with --fresh the next start has forgotten all, but not what is not its own", async () => {
    const { url } = system;
    mkdirSync(join(folder, "mine"));
    writeFileSync(join(folder, "mine", "notes.txt"), "not Shoebox's");
    const children = system.children();
    expect(await system.stop()).toBe(0);
    expect(stillRunning(children)).toEqual([]);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();

    system = await startSystem(folder, "--fresh");
    const again = await signIn(system.url, "ann");
    expect((await again.get<Page<Image>>("/v1/images")).body).toEqual({ items: [] });
    expect((await again.get(`/v1/images/${imageId}`)).status).toBe(404);
  });
});
