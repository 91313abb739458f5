import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Problem, signIn, type User } from "./client.ts";
import { watchMemory } from "./memory.ts";
import { type Begun, beginInParts, largeFile, numbersTo, sendParts } from "./parts.ts";
import { generatedPictures } from "./pictures.ts";
import { newDataFolder, removeDataFolder, type System, startSystem } from "./system.ts";

/** Bytes: enough to be sent in parts, and little enough for a test. */
const SIZE = 120 * 1024 ** 2;

interface Upload {
  status: string;
  partCount: number;
  reason?: { code: string };
}

let folder: string;
let system: System;
let user: User;
const [picture] = await generatedPictures();
const file = largeFile(picture?.bytes ?? Buffer.alloc(0), SIZE);
const announced = { contentType: "image/jpeg", size: SIZE };

beforeAll(async () => {
  folder = newDataFolder();
  system = await startSystem(folder);
  user = await signIn(system.url);
});
afterAll(async () => {
  await system.stop();
  removeDataFolder(folder);
});

const complete = (imageId: string, parts: object[]) =>
  user.call<Upload>("POST", `/v1/uploads/${imageId}/complete`, { body: { parts } });
const look = (imageId: string, wait = 0) => user.get<Upload>(`/v1/uploads/${imageId}?wait=${wait}`);
const quota = async () =>
  (await user.get<{ bytes: { used: number }; images: { used: number } }>("/v1/uploads/quota")).body;

describe("a file of 120 MB", () => {
  it("is sent in parts, gone on with after the system was killed, completed, verified whole, and costs no process 100 MB of memory", async () => {
    const begun = await beginInParts(user, { ...announced, sha256: file.sha256() });
    expect(begun).toMatchObject({ method: "MULTIPART", partSize: 16_777_216, partCount: 8 });
    await sendParts(user, begun, file, [5, 1, 2]);

    await system.kill();
    system = await startSystem(folder);
    user = await signIn(system.url, user.id);

    const memory = await watchMemory(
      [system.pid, ...system.children()].map((pid) => ({ pid, name: String(pid) })),
    );
    const path = `/v1/uploads/${begun.imageId}/parts`;
    const { body } = await user.get<{ parts: { partNumber: number; etag: string }[] }>(path);
    expect(body.parts.map(({ partNumber }) => partNumber)).toEqual([1, 2, 5]);
    const missing = numbersTo(begun.partCount).filter((n) => ![1, 2, 5].includes(n));
    const parts = [
      ...body.parts.map(({ partNumber, etag }) => ({ partNumber, etag })),
      ...(await sendParts(user, begun, file, missing)),
    ];
    expect((await complete(begun.imageId, parts.slice(1))).status).toBe(400);
    expect((await complete(begun.imageId, parts)).status).toBe(200);
    expect((await complete(begun.imageId, parts)).status).toBe(200);
    expect((await look(begun.imageId, 20)).body.status).toBe("uploaded");
    for (const { before, peak } of await memory.stop()) {
      expect((peak - before) / 1e6).toBeLessThan(100);
    }
  }, 60_000);

  it("is rejected when its bytes are not those that were announced", async () => {
    const begun = await beginInParts(user, { ...announced, sha256: "0".repeat(64) });
    const parts = await sendParts(user, begun, file, numbersTo(begun.partCount));
    expect((await complete(begun.imageId, parts)).status).toBe(200);
    expect((await look(begun.imageId, 20)).body).toMatchObject({
      status: "rejected",
      reason: { code: "checksum-mismatch" },
    });
    const again = await complete(begun.imageId, parts);
    expect(again.status).toBe(409);
  }, 60_000);

  it("can be called off, and what it took from the quota is given back", async () => {
    const before = await quota();
    const begun = await beginInParts(user, announced);
    expect((await quota()).bytes.used).toBe(before.bytes.used + SIZE);
    const parts = await sendParts(user, begun, file, [1]);
    expect((await user.call("DELETE", `/v1/uploads/${begun.imageId}`)).status).toBe(204);
    expect(await quota()).toEqual(before);
    expect((await complete(begun.imageId, parts)).status).toBe(409);
  });

  it("is nobody else's to look at, send, complete or call off", async () => {
    const begun: Begun = await beginInParts(user, announced);
    const other = await signIn(system.url);
    const path = `/v1/uploads/${begun.imageId}`;
    const parts = [{ partNumber: 1, etag: "x" }];
    for (const [method, rest, body] of [
      ["GET", "", undefined],
      ["GET", "/parts", undefined],
      ["POST", "/parts", { partNumbers: [1] }],
      ["POST", "/complete", { parts }],
      ["DELETE", "", undefined],
    ] as const) {
      expect((await other.call<Problem>(method, path + rest, { body })).status).toBe(404);
    }
    await user.call("DELETE", path);
  });
});

describe("a hundred at once", () => {
  it("are begun until the quota of the environment is used up, and the rest is told what is left", async () => {
    const hoarder = await signIn(system.url);
    const uploads = Array(100).fill({ contentType: "image/jpeg", size: 500 * 1024 ** 2 });
    const begin = () =>
      hoarder.call<{ results: { status: number; detail?: string }[] }>(
        "POST",
        "/v1/uploads/batch",
        { body: { uploads } },
      );
    const statuses = (await begin()).body.results.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([201]));
    const { results } = (await begin()).body;
    const refused = results.filter(({ status }) => status === 409);
    expect(refused.length).toBeGreaterThan(90);
    expect(refused[0]?.detail).toMatch(
      /^\d+ of 53687091200 bytes and \d+ of 1000000 images are left/,
    );
  });
});
