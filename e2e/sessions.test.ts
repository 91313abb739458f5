import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { askForForm, type Form, type Problem, sendForm, signIn, type User } from "./client.ts";
import { eventually } from "./eventually.ts";
import { type Facts, listenToFacts } from "./facts.ts";
import { smallPicture } from "./pictures.ts";

const url = inject("url");
let facts: Facts;
let user: User;
beforeAll(async () => {
  facts = await listenToFacts(url);
  user = await signIn(url);
});
afterAll(() => facts.close());

interface Upload {
  status: string;
  reason?: { code: string };
}
const look = (imageId: string, wait: number | string = 0) =>
  user.get<Upload & Problem>(`/v1/uploads/${imageId}?wait=${wait}`);
const quota = async () =>
  (await user.get<{ bytes: { used: number }; images: { used: number } }>("/v1/uploads/quota")).body;
const begin = (bytes: Uint8Array, more = {}) =>
  askForForm(user, { contentType: "image/jpeg", size: bytes.length, ...more });

describe("an upload that was called off", () => {
  it("stays so when its form is sent all the same: what arrives is deleted, and takes nothing from the quota", async () => {
    const bytes = await smallPicture(10);
    const before = await quota();
    const form = await begin(bytes);
    expect((await user.call("DELETE", `/v1/uploads/${form.imageId}`)).status).toBe(204);
    expect(await quota()).toEqual(before);
    // S3 knows nothing of our sessions: the form is good until it ends.
    expect((await sendForm(form, bytes)).status).toBe(201);
    await facts.about(form.imageId, ({ type }) => type === "Object Deleted");
    expect((await look(form.imageId)).body.status).toBe("aborted");
    expect((await user.get(`/v1/images/${form.imageId}`)).status).toBe(404);
    expect(await quota()).toEqual(before);
    expect(facts.of(form.imageId).map(({ type }) => type)).not.toContain("ImageUploaded");
  });
});

describe("waiting", () => {
  it("answers as soon as the upload has ended, one way or the other", async () => {
    const good = await smallPicture(30);
    const bad = Buffer.alloc(good.length, "not a picture");
    for (const [bytes, end] of [
      [good, { status: "uploaded" }],
      [bad, { status: "rejected", reason: { code: "type-mismatch" } }],
    ] as const) {
      const form = await begin(bytes);
      const waiting = look(form.imageId, 25);
      expect((await sendForm(form, bytes)).status).toBe(201);
      const asked = performance.now();
      expect((await waiting).body).toMatchObject(end);
      expect(performance.now() - asked).toBeLessThan(15_000);
    }
  });

  it("answers with what is the case when the time is up, and waits no longer than a gateway does", async () => {
    const { imageId } = await begin(await smallPicture(50));
    expect((await look(imageId, 1)).body.status).toBe("awaiting");
    for (const wait of [26, -1, 0.5, "long"]) expect((await look(imageId, wait)).status).toBe(400);
  });
});

describe("a hundred at once", () => {
  it("are answered each by itself: a bad one touches no other, and a hundred and one are none", async () => {
    const good = { contentType: "image/jpeg", size: 1000 };
    const bad = [
      [{ ...good, contentType: "image/gif" }, 415],
      [{ ...good, size: 524_288_001 }, 413],
      [{ ...good, tags: ["two words"] }, 400],
      [5, 400],
    ] as const;
    const uploads = [good, ...bad.map(([upload]) => upload), { ...good, size: 104_857_601 }];
    const before = await quota();
    const answer = await user.call<{ results: ({ status: number } & Form)[] }>(
      "POST",
      "/v1/uploads/batch",
      { body: { uploads } },
    );
    const { results } = answer.body;
    expect(answer.status).toBe(207);
    expect(results.map(({ status }) => status)).toEqual([
      201,
      ...bad.map(([, status]) => status),
      201,
    ]);
    expect(results.at(-1)?.method).toBe("MULTIPART");
    expect((await quota()).images.used).toBe(before.images.used + 2);
    const many = { uploads: Array(101).fill(good) };
    expect((await user.call("POST", "/v1/uploads/batch", { body: many })).status).toBe(400);
  });
});

describe("a user's quota", () => {
  it("is taken as an upload begins and given back when its image is deleted", async () => {
    const bytes = await smallPicture(70);
    const { bytes: before, images } = await quota();
    const form = await begin(bytes);
    const taken = [before.used + bytes.length, images.used + 1];
    const used = async () => {
      const now = await quota();
      return [now.bytes.used, now.images.used];
    };
    expect(await used()).toEqual(taken);
    await sendForm(form, bytes);
    await facts.status(form.imageId, "ready");
    expect(await used()).toEqual(taken);
    await user.call("DELETE", `/v1/images/${form.imageId}`);
    await eventually(used, ([now]) => now === before.used);
    expect(await used()).toEqual([before.used, images.used]);
  });
});

describe("the same content twice", () => {
  it("is two images, unless the first one is asked for by its owner", async () => {
    const bytes = await smallPicture(90);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const first = await begin(bytes, { sha256 });
    await sendForm(first, bytes);
    await facts.status(first.imageId, "ready");
    const body = { contentType: "image/jpeg", size: bytes.length, sha256 };
    const ask = (who: User, more = {}) =>
      who.call<{ imageId: string; duplicate?: boolean }>("POST", "/v1/uploads", {
        body: { ...body, ...more },
      });
    const second = await ask(user);
    expect([second.status, second.body.imageId === first.imageId]).toEqual([201, false]);
    const known = await ask(user, { ifDuplicate: "return" });
    expect([known.status, known.body]).toEqual([200, { imageId: first.imageId, duplicate: true }]);
    const other = await ask(await signIn(url), { ifDuplicate: "return" });
    expect([other.status, other.body.duplicate]).toEqual([201, undefined]);
  });
});
