import { parseVersionToken } from "@shoebox/shared/http/version-token";
import { newImageId } from "@shoebox/shared/ids";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Catalog, startCatalog } from "../catalog.testkit.ts";
import { facts, NOON, OWNER, uploadedData } from "../facts.testkit.ts";

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startCatalog();
});
afterAll(() => catalog.close());

async function image(tags = ["beach"], ownerId = OWNER): Promise<string> {
  const data = uploadedData(newImageId(NOON), { tags, ownerId });
  await catalog.deliver(facts.uploaded(data));
  return data.imageId;
}

const images = (count: number, tags?: string[]) =>
  Promise.all(Array.from({ length: count }, () => image(tags)));

interface Result {
  imageId: string;
  status: number;
  tags?: string[];
  version?: number;
  versionToken?: string;
  type?: string;
  errors?: { field: string; message: string }[];
}

async function batch(body: unknown, headers: Record<string, string> = {}, as = OWNER) {
  const answer = await catalog.request("/v1/images/batch", {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
    as,
  });
  const { results = [], ...problem } = (await answer.json()) as Partial<{ results: Result[] }> & {
    errors?: { field: string }[];
  };
  return { status: answer.status, results, problem, headers: answer.headers };
}

/** What each was changed to, as a search is told to wait for it. */
const named = (results: Result[]) =>
  results.map(({ versionToken }) => parseVersionToken(versionToken ?? "", OWNER, "after"));
const statuses = (results: Result[]) => results.map(({ status }) => status);
const read = async (id: string) => {
  const answer = await catalog.request(`/v1/images/${id}`);
  return {
    status: answer.status,
    ...((await answer.json()) as { tags: string[]; version: number }),
  };
};
const listed = async (tag: string) => {
  const answer = await catalog.request(`/v1/images?tag=${tag}&limit=100`);
  const { items } = (await answer.json()) as { items: { imageId: string }[] };
  return items.map(({ imageId }) => imageId).sort();
};

describe("POST /v1/images/batch", () => {
  it("deletes many, each with its links and its event to come, in the order asked", async () => {
    const ids = await images(30, ["bulk"]);
    const { status, results } = await batch({ imageIds: ids, action: "delete" });
    expect(status).toBe(207);
    expect(results.map(({ imageId, status }) => ({ imageId, status }))).toEqual(
      ids.map((imageId) => ({ imageId, status: 204 })),
    );
    expect(named(results)).toEqual(ids.map((imageId) => ({ imageId, version: 2 })));
    expect(await listed("bulk")).toEqual([]);
    const [first = ""] = ids;
    expect((await read(first)).status).toBe(404);
    const record = await catalog.images.find({ ownerId: OWNER, imageId: first });
    expect(record).toMatchObject({ deletedAt: expect.any(String), republished: 0 });
  });

  it("changes each for itself: what is another's, deleted, unknown or no id at all is a 404 of its own", async () => {
    const [mine = "", gone = ""] = await images(2);
    const another = await image(["beach"], "bob");
    await catalog.request(`/v1/images/${gone}`, { method: "DELETE" });
    const imageIds = [another, gone, "nonsense", newImageId(NOON), mine];
    const { status, results } = await batch({ imageIds, action: "delete" });
    expect(status).toBe(207);
    expect(results.map(({ imageId }) => imageId)).toEqual(imageIds);
    expect(statuses(results)).toEqual([404, 404, 404, 404, 204]);
    const problems = results.slice(0, 4).map(({ imageId: _, ...problem }) => problem);
    expect(
      new Set(problems.map((problem) => JSON.stringify({ ...problem, requestId: "" }))).size,
    ).toBe(1);
    expect(problems[0]?.type).toBe("urn:shoebox:problem:not-found");
    const theirs = await catalog.images.find({ ownerId: "bob", imageId: another });
    expect(theirs?.deletedAt).toBeUndefined();
  });

  it("adds tags to what each image has, and says what it has now", async () => {
    const one = await image(["beach", "sea"]);
    const other = await image([]);
    const { results } = await batch({
      imageIds: [one, other],
      action: "addTags",
      tags: ["Sea", "sunset "],
    });
    expect(results).toMatchObject([
      { imageId: one, status: 200, tags: ["beach", "sea", "sunset"], version: 2 },
      { imageId: other, status: 200, tags: ["sea", "sunset"], version: 2 },
    ]);
    expect((await read(one)).tags).toEqual(["beach", "sea", "sunset"]);
    expect(named(results).map(({ version }) => version)).toEqual([2, 2]);
    expect(await listed("sunset")).toEqual([one, other].sort());
  });

  it("removes tags where they are, and makes no version where they are not", async () => {
    const one = await image(["dog", "lake"]);
    const other = await image(["lake"]);
    const { results } = await batch({
      imageIds: [one, other],
      action: "removeTags",
      tags: ["dog"],
    });
    expect(results).toMatchObject([
      { imageId: one, status: 200, tags: ["lake"], version: 2 },
      { imageId: other, status: 200, tags: ["lake"], version: 1 },
    ]);
    expect(await listed("dog")).toEqual([]);
  });

  it("refuses the one image that would get too many tags, and says how many it may get", async () => {
    const full = await image(Array.from({ length: 29 }, (_, number) => `tag-${number}`));
    const other = await image(["few"]);
    const { results } = await batch({
      imageIds: [full, other],
      action: "addTags",
      tags: ["a", "b"],
    });
    expect(statuses(results)).toEqual([400, 200]);
    expect(results[0]).toMatchObject({
      type: "urn:shoebox:problem:invalid-request",
      errors: [{ field: "tags", message: "at most 1 more for this image" }],
    });
    expect((await read(full)).version).toBe(1);
  });

  it("loses nothing when the same images are tagged by several requests at once", async () => {
    const imageIds = await images(4, []);
    const tags = ["a", "b", "c"];
    const answers = await Promise.all(
      tags.map((tag) => batch({ imageIds, action: "addTags", tags: [tag] })),
    );
    expect(answers.flatMap(({ results }) => statuses(results))).toEqual(Array(12).fill(200));
    for (const id of imageIds) expect((await read(id)).tags.toSorted()).toEqual(tags);
  });

  it("does the work once for one Idempotency-Key, and repeats its answer", async () => {
    const imageIds = await images(3);
    const headers = { "Idempotency-Key": "batch-1" };
    const first = await batch({ imageIds, action: "delete" }, headers);
    const again = await batch({ imageIds, action: "delete" }, headers);
    expect(statuses(again.results)).toEqual([204, 204, 204]);
    expect(again.results).toEqual(first.results);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect((await batch({ imageIds: ["x"], action: "delete" }, headers)).status).toBe(422);
  });

  it("goes on with the others when the table fails for one", async () => {
    const [one = "", broken = "", other = ""] = await images(3);
    catalog.client.middlewareStack.add(
      (next) => async (args) => {
        if (JSON.stringify(args.input).includes(broken)) throw new Error("the table is down");
        return next(args);
      },
      { step: "initialize", name: "broken" },
    );
    try {
      const { results } = await batch({ imageIds: [one, broken, other], action: "delete" });
      expect(statuses(results)).toEqual([204, 500, 204]);
      expect(JSON.stringify(results[1])).not.toContain("the table is down");
    } finally {
      catalog.client.middlewareStack.remove("broken");
    }
  });

  const id = newImageId(NOON);
  it.each<[why: string, field: string, body: unknown]>([
    ["no images", "imageIds", { imageIds: [], action: "delete" }],
    [
      "too many images",
      "imageIds",
      { imageIds: Array.from({ length: 101 }, String), action: "delete" },
    ],
    ["an image twice", "imageIds", { imageIds: [id, "b", id], action: "delete" }],
    ["what is no list", "imageIds", { imageIds: id, action: "delete" }],
    ["a number for an id", "imageIds.0", { imageIds: [1], action: "delete" }],
    ["another action", "action", { imageIds: [id], action: "explode" }],
    ["no action", "action", { imageIds: [id] }],
    ["tags for a deletion", "tags", { imageIds: [id], action: "delete", tags: ["a"] }],
    ["no tags to add", "tags", { imageIds: [id], action: "addTags" }],
    ["an empty list of tags", "tags", { imageIds: [id], action: "removeTags", tags: [] }],
    ["a tag of two words", "tags.0", { imageIds: [id], action: "addTags", tags: ["two words"] }],
    ["another field", "colour", { imageIds: [id], action: "delete", colour: "red" }],
  ])("refuses %s", async (_why, field, body) => {
    const { status, problem } = await batch(body);
    expect(status).toBe(400);
    expect(problem.errors?.map((error) => error.field)).toContain(field);
  });
});
