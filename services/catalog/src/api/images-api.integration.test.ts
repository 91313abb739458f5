import { parseVersionToken } from "@shoebox/shared/http/version-token";
import { newImageId } from "@shoebox/shared/ids";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { z } from "zod";
import { type Catalog, startCatalog } from "../catalog.testkit.ts";
import { facts, NOON, OWNER, processedData, uploadedData } from "../facts.testkit.ts";
import type { ImageView } from "./image-view.ts";

let catalog: Catalog;

beforeAll(async () => {
  catalog = await startCatalog();
});
afterAll(() => catalog.close());

/** A new image of the owner, ready. */
async function readyImage(changes = {}, at = NOON) {
  const data = uploadedData(newImageId(at), changes);
  const key = { ownerId: data.ownerId, imageId: data.imageId };
  await catalog.deliver(facts.uploaded(data));
  await catalog.deliver(facts.processed(processedData(key)));
  return { ...key, path: `/v1/images/${data.imageId}` };
}

/** The body of a 200. */
async function read(path: string): Promise<z.infer<typeof ImageView>> {
  return bodyOf(await catalog.request(path));
}

async function bodyOf(answer: Response): Promise<z.infer<typeof ImageView>> {
  expect(answer.status).toBe(200);
  return (await answer.json()) as z.infer<typeof ImageView>;
}

function patch(path: string, body: unknown, headers: Record<string, string> = {}) {
  return catalog.request(path, {
    method: "PATCH",
    headers: { "Content-Type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

describe("GET /v1/images/{imageId}", () => {
  it("answers with the whole image, its signed renditions and its version as ETag", async () => {
    const { path, imageId } = await readyImage({ caption: "Brighton" });
    const answer = await catalog.request(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("etag")).toBe('"2"');
    const image = await bodyOf(answer);
    expect(image).toMatchObject({
      imageId,
      ownerId: OWNER,
      status: "ready",
      tags: ["beach"],
      caption: "Brighton",
      visibility: "private",
      contentType: "image/jpeg",
      size: 4_500_000,
      width: 4000,
      height: 3000,
      uploadedAt: "2026-05-01T12:00:00.000Z",
      takenAt: "2026-04-30T08:00:00.000Z",
      exif: { cameraMake: "Canon", gps: { latitude: 50.8, longitude: -0.13 } },
      version: 2,
    });
    expect(image.renditions[0]).toMatchObject({ name: "thumb", format: "webp", width: 150 });
    expect(image.renditions[0]).not.toHaveProperty("key");
    expect(image.renditions[0]?.url).toMatch(
      new RegExp(`^https://cdn.example/renditions/${imageId}/thumb.webp\\?Policy=`),
    );
    expect(image).not.toHaveProperty("s3Key");
  });

  it("makes exactly one DynamoDB call, strongly consistent", async () => {
    const { path } = await readyImage();
    const calls = await catalog.callsOf(() => read(path));
    expect(calls).toEqual(["GetItem consistent"]);
  });

  it("answers 304 to who has the version already, and 200 to who has another", async () => {
    const { path } = await readyImage();
    const ask = (tag: string) => catalog.request(path, { headers: { "If-None-Match": tag } });
    const same = await ask('"1", W/"2"');
    expect(same.status).toBe(304);
    expect(same.headers.get("etag")).toBe('"2"');
    expect(await same.text()).toBe("");
    expect((await ask('"1"')).status).toBe(200);
  });

  it("says nothing of an image of which only processing has told", async () => {
    const key = { ownerId: OWNER, imageId: newImageId(NOON) };
    await catalog.deliver(facts.processed(processedData(key)));
    expect((await catalog.request(`/v1/images/${key.imageId}`)).status).toBe(404);
    await catalog.deliver(facts.uploaded(uploadedData(key.imageId)));
    const image = await (await catalog.request(`/v1/images/${key.imageId}`)).json();
    expect(image).toMatchObject({ status: "ready", version: 2, width: 4000 });
  });

  it("shows an image that is processed again: rejected no longer, ready again, whatever comes late", async () => {
    const data = uploadedData(newImageId(NOON));
    const key = { ownerId: data.ownerId, imageId: data.imageId };
    const path = `/v1/images/${data.imageId}`;
    const status = async () => (await read(path)).status;
    await catalog.deliver(facts.uploaded(data), facts.rejected(key));
    expect(await status()).toBe("rejected");
    await catalog.deliver(facts.processingRequested(key, 1));
    expect(await status()).toBe("processing");
    await catalog.deliver(facts.processed({ ...processedData(key), retry: 1 }));
    const { version } = await read(path);
    await catalog.deliver(
      facts.rejected(key),
      facts.processingRequested(key, 1),
      facts.processingRequested(key, 2, true),
    );
    expect(await read(path)).toMatchObject({ status: "ready", version });
    expect((await read(path)).reason).toBeUndefined();
  });
});

describe("whose image it is", () => {
  it("is 404 for everybody else on every route, and nothing happens to it", async () => {
    const { path } = await readyImage();
    const json = { "Content-Type": "application/json" };
    const attempts = [
      catalog.request(path, { as: "eve" }),
      catalog.request(`${path}/url?rendition=thumb`, { as: "eve" }),
      catalog.request(path, { as: "eve", method: "DELETE" }),
      catalog.request(path, { as: "eve", method: "PATCH", headers: json, body: '{"caption":"x"}' }),
    ];
    for (const answer of await Promise.all(attempts)) {
      expect(answer.status).toBe(404);
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
    }
    expect(await read(path)).toMatchObject({ version: 2 });
  });

  it("is 404 for ids that are none", async () => {
    for (const id of ["nothing", "..%2f..", crypto.randomUUID(), newImageId(NOON)]) {
      expect((await catalog.request(`/v1/images/${id}`)).status).toBe(404);
    }
  });
});

describe("PATCH /v1/images/{imageId}", () => {
  it("changes what is given and nothing else", async () => {
    const { path } = await readyImage({ caption: "before" });
    const answer = await patch(path, { tags: ["Sunset", "sunset", "MEER"], visibility: "public" });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("etag")).toBe('"3"');
    const image = await bodyOf(answer);
    expect(image).toMatchObject({
      tags: ["sunset", "meer"],
      visibility: "public",
      caption: "before",
      version: 3,
    });
    // ECDSA signatures differ each time, and with them the URLs.
    const { renditions: _, ...told } = image;
    expect(await read(path)).toMatchObject(told);
  });

  it("clears with null, and then the camera's date counts again", async () => {
    const { path } = await readyImage({ caption: "x", takenAt: "1999-01-01T00:00:00.000Z" });
    const before = await read(path);
    expect(before.takenAt).toBe("1999-01-01T00:00:00.000Z");
    const after = await bodyOf(await patch(path, { caption: null, takenAt: null }));
    expect(after.caption).toBeNull();
    expect(after.takenAt).toBe("2026-04-30T08:00:00.000Z");
  });

  it("makes no new version when nothing changes", async () => {
    const { path } = await readyImage({ caption: "same" });
    const answer = await patch(path, { caption: " same ", tags: ["BEACH"], visibility: "private" });
    expect(await answer.json()).toMatchObject({ version: 2 });
  });

  it("changes only the version that If-Match names", async () => {
    const { path } = await readyImage();
    expect((await patch(path, { caption: "a" }, { "If-Match": '"2"' })).status).toBe(200);
    const late = await patch(path, { caption: "b" }, { "If-Match": '"2"' });
    expect(late.status).toBe(412);
    expect(await late.json()).toMatchObject({ type: "urn:shoebox:problem:precondition-failed" });
    expect((await patch(path, { caption: "b" }, { "If-Match": 'W/"3"' })).status).toBe(412);
    expect((await patch(path, { caption: "b" }, { "If-Match": "*" })).status).toBe(200);
  });

  it("lets exactly one of many edits of the same version through", async () => {
    const { path } = await readyImage();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => patch(path, { caption: `${n}` }, { "If-Match": '"2"' })),
    );
    const statuses = answers.map((answer) => answer.status).sort();
    expect(statuses).toEqual([200, 412, 412, 412, 412, 412, 412, 412]);
  });

  it("loses no update when many edit different things at once", async () => {
    const { path } = await readyImage();
    const edits = [
      { caption: "mine" },
      { visibility: "public" },
      { tags: ["one", "two"] },
      { takenAt: "2020-02-02" },
    ];
    const answers = await Promise.all(edits.map((edit) => patch(path, edit)));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200]);
    const versions = await Promise.all(
      answers.map(async (answer) => (await bodyOf(answer)).version),
    );
    expect(versions.sort()).toEqual([3, 4, 5, 6]);
    expect(await read(path)).toMatchObject({
      caption: "mine",
      visibility: "public",
      tags: ["one", "two"],
      takenAt: "2020-02-02T00:00:00.000Z",
      version: 6,
    });
  });

  it("refuses what it does not understand, field by field", async () => {
    const { path } = await readyImage();
    const bad: [unknown, string][] = [
      [{}, ""],
      [{ colour: "red" }, "colour"],
      [{ imageId: "x" }, "imageId"],
      [{ tags: "beach" }, "tags"],
      [{ tags: ["ok", "not ok"] }, "tags.1"],
      [{ tags: [""] }, "tags.0"],
      [{ tags: Array.from({ length: 31 }, (_, n) => `t${n}`) }, "tags"],
      [{ tags: null }, "tags"],
      [{ caption: "x".repeat(2001) }, "caption"],
      [{ visibility: "friends" }, "visibility"],
      [{ takenAt: "yesterday" }, "takenAt"],
      [{ takenAt: "2026-02-30" }, "takenAt"],
      [[], ""],
    ];
    for (const [body, field] of bad) {
      const answer = await patch(path, body);
      expect(answer.status, JSON.stringify(body)).toBe(400);
      const { errors } = (await answer.json()) as { errors: { field: string }[] };
      const fields = errors.map((error) => error.field);
      expect(fields).toContain(field);
    }
    const malformed = await patch(path, '{"caption":');
    expect(malformed.status).toBe(400);
    expect(await malformed.json()).toMatchObject({ type: "urn:shoebox:problem:malformed-json" });
    expect((await catalog.request(path, { method: "PATCH", body: "caption=x" })).status).toBe(415);
    expect(await read(path)).toMatchObject({ version: 2 });
  });
});

describe("the Version-Token", () => {
  it("of a read, a change and a deletion names the version that a search has to know", async () => {
    const { path, imageId } = await readyImage();
    const named = (answer: Response) =>
      parseVersionToken(answer.headers.get("version-token") ?? "", OWNER, "after");
    expect(named(await catalog.request(path))).toEqual({ imageId, version: 2 });
    expect(named(await patch(path, { caption: "Hove" }))).toEqual({ imageId, version: 3 });
    expect(named(await patch(path, { caption: "Hove" }))).toEqual({ imageId, version: 3 });
    const deletion = await catalog.request(path, { method: "DELETE" });
    expect(named(deletion)).toEqual({ imageId, version: 4 });
  });
});

describe("DELETE /v1/images/{imageId}", () => {
  it("is immediate for every reader, and 404 the second time", async () => {
    const { path, imageId } = await readyImage({ tags: ["gone"] });
    const answer = await catalog.request(path, { method: "DELETE" });
    expect(answer.status).toBe(204);
    expect(await answer.text()).toBe("");
    expect((await catalog.request(path)).status).toBe(404);
    expect((await catalog.request(`${path}/url`)).status).toBe(404);
    expect((await patch(path, { caption: "x" })).status).toBe(404);
    expect((await catalog.request(path, { method: "DELETE" })).status).toBe(404);
    for (const list of ["/v1/images?limit=100", "/v1/images?tag=gone"]) {
      const { items } = (await (await catalog.request(list)).json()) as {
        items: { imageId: string }[];
      };
      expect(items.map((item) => item.imageId)).not.toContain(imageId);
    }
  });

  it("works while the image is being processed, and what comes late changes nothing", async () => {
    const data = uploadedData();
    const key = { ownerId: OWNER, imageId: data.imageId };
    await catalog.deliver(facts.uploaded(data));
    const path = `/v1/images/${data.imageId}`;
    expect((await catalog.request(path, { method: "DELETE" })).status).toBe(204);
    const tombstone = await catalog.images.find(key);
    await catalog.deliver(facts.processed(processedData(key)), facts.uploaded(data));
    await catalog.deliver(facts.rejected(key));
    expect(await catalog.images.find(key)).toEqual(tombstone);
    expect((await catalog.request(path)).status).toBe(404);
  });

  it("succeeds exactly once for many at the same time", async () => {
    const { path } = await readyImage();
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => catalog.request(path, { method: "DELETE" })),
    );
    const statuses = answers.map((answer) => answer.status).sort();
    expect(statuses).toEqual([204, 404, 404, 404, 404, 404]);
  });
});
