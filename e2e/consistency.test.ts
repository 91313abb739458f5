import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import {
  type Form,
  type Image,
  type Page,
  type Problem,
  signIn,
  type User,
  upload,
} from "./client.ts";
import { type Facts, listenToFacts } from "./facts.ts";
import { smallPicture } from "./pictures.ts";

const url = inject("url");
let user: User;
let facts: Facts;
let path: string;
const read = async () => (await user.get<Image>(path)).body;
const patch = (body: object, headers: Record<string, string> = {}) =>
  user.call<Image>("PATCH", path, { body, headers });

beforeAll(async () => {
  user = await signIn(url);
  facts = await listenToFacts(url);
  const id = await upload(user, await smallPicture(150), { contentType: "image/jpeg" });
  await facts.status(id, "ready");
  path = `/v1/images/${id}`;
});
afterAll(() => facts.close());

describe("a picture's description", () => {
  it("reads as it was written, at once, by id and in the list", async () => {
    for (let n = 0; n < 15; n++) {
      const answer = await patch({ caption: `Caption ${n}`, tags: [`t${n}`, "same"] });
      const image = await read();
      expect(image).toMatchObject({ caption: `Caption ${n}`, tags: [`t${n}`, "same"] });
      expect(answer.body.version).toBe(image.version);
      const { body } = await user.get<Page<Image>>("/v1/images");
      expect(body.items[0]).toMatchObject({ caption: `Caption ${n}`, version: image.version });
    }
  });

  it("has an ETag that names its version, for GET and PATCH alike", async () => {
    const patched = await patch({ caption: "Named" });
    const answer = await user.get<Image>(path);
    expect(answer.headers.get("etag")).toBe(`"${answer.body.version}"`);
    expect(patched.headers.get("etag")).toBe(answer.headers.get("etag"));
    const same = await user.get(path, { "If-None-Match": `"0", W/"${answer.body.version}"` });
    expect([same.status, same.body]).toEqual([304, ""]);
    const changed = await user.get(path, { "If-None-Match": `"${answer.body.version - 1}"` });
    expect(changed.status).toBe(200);
  });

  it("changes only the version that If-Match names", async () => {
    const { version } = await read();
    const stale = await user.call<Problem>("PATCH", path, {
      body: { caption: "Stale" },
      headers: { "If-Match": `"${version - 1}"` },
    });
    expect([stale.status, stale.body.type]).toEqual([
      412,
      "urn:shoebox:problem:precondition-failed",
    ]);
    expect((await read()).caption).not.toBe("Stale");
    const right = await patch({ caption: "Right" }, { "If-Match": `"${version}"` });
    expect([right.status, right.body.version]).toEqual([200, version + 1]);
  });

  it("gets no new version when nothing changes", async () => {
    const { version, caption, tags } = await read();
    expect((await patch({ caption, tags })).body.version).toBe(version);
  });

  it("keeps tags in one form, each once, and takes a caption and a date away by null", async () => {
    const { body } = await patch({ tags: [" Sea ", "SEA", "E\u0301vora"], takenAt: "2020-01-01" });
    expect(body).toMatchObject({ tags: ["sea", "évora"], takenAt: "2020-01-01T00:00:00.000Z" });
    const without = (await patch({ caption: null, takenAt: null })).body;
    expect(without.caption).toBeNull();
    expect(without.takenAt).toBeUndefined();
  });
});

describe("twenty changes at the same time", () => {
  it("with If-Match: exactly one wins for each version, the others are told", async () => {
    for (let round = 0; round < 3; round++) {
      const { version } = await read();
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          patch({ caption: `Round ${round}, ${n}` }, { "If-Match": `"${version}"` }),
        ),
      );
      const won = answers.filter(({ status }) => status === 200);
      expect(won).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 412)).toHaveLength(19);
      expect(await read()).toMatchObject({ version: version + 1, caption: won[0]?.body.caption });
    }
  });

  it("that each read, change and retry on 412: none is lost", async () => {
    await patch({ tags: [] });
    const { version } = await read();
    await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        for (;;) {
          const image = await read();
          const answer = await patch(
            { tags: [...image.tags, `c${n}`] },
            { "If-Match": `"${image.version}"` },
          );
          if (answer.status === 200) return;
          expect([409, 412]).toContain(answer.status);
        }
      }),
    );
    const image = await read();
    expect(image.tags.toSorted()).toEqual(Array.from({ length: 20 }, (_, n) => `c${n}`).toSorted());
    expect(image.version).toBe(version + 20);
  });

  it("without If-Match: every answer is a version of its own, and what was refused says to come again", async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => patch({ caption: `Free ${n}` })),
    );
    const versions = answers.filter(({ status }) => status === 200).map(({ body }) => body.version);
    expect(new Set(versions).size).toBe(versions.length);
    for (const answer of answers.filter(({ status }) => status !== 200)) {
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([409, expect.any(String)]);
    }
    const last = answers.find(({ body }) => body.version === Math.max(...versions));
    expect((await read()).caption).toBe(last?.body.caption);
  });

  it("deletions: exactly one succeeds", async () => {
    const id = await upload(user, await smallPicture(151), { contentType: "image/jpeg" });
    await facts.status(id, "ready");
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => user.call("DELETE", `/v1/images/${id}`)),
    );
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(19);
  });
});

describe("an Idempotency-Key", () => {
  const begin = (body: object, key: string, someone = user) =>
    someone.call<Form & Problem>("POST", "/v1/uploads", {
      body,
      headers: { "Idempotency-Key": key },
    });
  const picture = { contentType: "image/png", size: 100 };

  it("gets the same answer for the same request, and 422 with another one", async () => {
    const first = await begin(picture, "key-1");
    const again = await begin(picture, "key-1");
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get("location")).toBe(first.headers.get("location"));
    const other = await begin({ ...picture, size: 101 }, "key-1");
    expect([other.status, other.body.type]).toEqual([
      422,
      "urn:shoebox:problem:idempotency-key-reused",
    ]);
    expect((await begin(picture, "key-2")).body.imageId).not.toBe(first.body.imageId);
  });

  it("is one user's own", async () => {
    const somebody = await signIn(url);
    const [mine, theirs] = [await begin(picture, "key-3"), await begin(picture, "key-3", somebody)];
    expect(theirs.body.imageId).not.toBe(mine.body.imageId);
  });

  it("begins one upload, however many send it at the same time", async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => begin(picture, "key-4")));
    const ids = answers.filter(({ status }) => status === 201).map(({ body }) => body.imageId);
    expect(new Set(ids).size).toBe(1);
    for (const { status } of answers) expect([201, 409]).toContain(status);
  });

  it("of a refused request gets the same refusal", async () => {
    const refused = await begin({ ...picture, size: 0 }, "key-5");
    const again = await begin({ ...picture, size: 0 }, "key-5");
    expect([refused.status, again.status]).toEqual([400, 400]);
  });
});

it("a checksum that is right is taken, in hex as in base64", async () => {
  const bytes = await smallPicture(152);
  for (const encoding of ["hex", "base64"] as const) {
    const sha256 = createHash("sha256").update(bytes).digest(encoding);
    const id = await upload(user, bytes, { contentType: "image/jpeg", sha256 });
    await facts.status(id, "ready");
  }
});
