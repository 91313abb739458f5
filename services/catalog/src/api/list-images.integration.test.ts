import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { newImageId } from "@shoebox/shared/ids";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { linkItem } from "../adapters/image-item.ts";
import { type Catalog, startCatalog } from "../catalog.testkit.ts";
import { facts, NOON, processedData, uploadedData } from "../facts.testkit.ts";

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startCatalog();
});
afterAll(() => catalog.close());

interface Page {
  items: { imageId: string; tags: string[] }[];
  nextCursor?: string;
}

let owners = 0;
const newOwner = () => `owner-${owners++}`;

/** Images of one owner, a second apart; newest last. */
async function someImages(ownerId: string, count: number, tags = ["beach"]): Promise<string[]> {
  const uploads = Array.from({ length: count }, (_, n) =>
    uploadedData(newImageId(NOON + n * 1000), { ownerId, tags }),
  );
  await catalog.deliver(...uploads.map(facts.uploaded));
  return uploads.map(({ imageId }) => imageId);
}

async function page(
  as: string,
  query: Record<string, string> = {},
): Promise<Page & { link: string | null }> {
  const answer = await catalog.request(`/v1/images?${new URLSearchParams(query)}`, { as });
  expect(answer.status).toBe(200);
  return { ...((await answer.json()) as Page), link: answer.headers.get("link") };
}

async function all(as: string, query: Record<string, string>): Promise<string[][]> {
  const pages: string[][] = [];
  for (let cursor: string | undefined; ; ) {
    const { items, nextCursor } = await page(as, { ...query, ...(cursor && { cursor }) });
    pages.push(items.map(({ imageId }) => imageId));
    if (nextCursor === undefined) return pages;
    cursor = nextCursor;
  }
}

const remove = (as: string, imageId: string) =>
  catalog.request(`/v1/images/${imageId}`, { as, method: "DELETE" });

for (const tag of [undefined, "beach"]) {
  const given: Record<string, string> = tag === undefined ? {} : { tag };

  describe(tag === undefined ? "a list without a tag" : "a list with a tag", () => {
    it("is the owner's images and nobody else's, newest first, each once", async () => {
      const owner = newOwner();
      const ids = await someImages(owner, 7);
      await someImages(newOwner(), 3);
      expect(await all(owner, { ...given, limit: "3" })).toEqual([
        [ids[6], ids[5], ids[4]],
        [ids[3], ids[2], ids[1]],
        [ids[0]],
      ]);
      expect((await all(owner, { ...given, order: "oldest", limit: "100" })).flat()).toEqual(ids);
      expect(await page(newOwner(), given)).toMatchObject({ items: [] });
    });

    it("has a next page exactly when there is more", async () => {
      const owner = newOwner();
      await someImages(owner, 4);
      expect(await page(owner, { ...given, limit: "4" })).not.toHaveProperty("nextCursor");
      const { link, nextCursor } = await page(owner, { ...given, limit: "3" });
      const reference = /^<(\?[^>]+)>; rel="next"$/.exec(link ?? "")?.[1] ?? "";
      expect(new URLSearchParams(reference).get("cursor")).toBe(nextCursor);
      const next = await catalog.request(`/v1/images${reference}`, { as: owner });
      expect(((await next.json()) as Page).items).toHaveLength(1);
      expect(next.headers.get("link")).toBeNull();
    });

    it("takes from inclusively and to exclusively, to the millisecond", async () => {
      const owner = newOwner();
      const at = (offset: number) => new Date(NOON + offset).toISOString();
      const uploads = [-1, 0, 0, 999, 1000].map((offset) =>
        uploadedData(newImageId(NOON + offset), { ownerId: owner }),
      );
      await catalog.deliver(...uploads.map(facts.uploaded));
      const count = async (query: Record<string, string>) =>
        (await page(owner, { ...given, ...query })).items.length;
      expect(await count({ from: at(0), to: at(1000) })).toBe(3);
      expect(await count({ from: at(0), to: at(1) })).toBe(2);
      expect(await count({ from: at(0) })).toBe(4);
      expect(await count({ to: at(0) })).toBe(1);
      expect(await count({ from: "2026-05-01T14:00:00+02:00", to: at(999) })).toBe(2);
      expect(await count({ from: "2026-05-01", to: "2026-05-02" })).toBe(5);
    });

    it("fills its pages although most of the images were deleted", async () => {
      const owner = newOwner();
      const ids = await someImages(owner, 60);
      const gone = ids.filter((_, n) => n > 4 && n < 57);
      await Promise.all(gone.map((id) => remove(owner, id)));
      expect(await all(owner, { ...given, limit: "5" })).toEqual([
        [ids[59], ids[58], ids[57], ids[4], ids[3]],
        [ids[2], ids[1], ids[0]],
      ]);
    });

    it("goes on behind a page whose images were all deleted meanwhile", async () => {
      const owner = newOwner();
      const ids = await someImages(owner, 6);
      const { nextCursor = "" } = await page(owner, { ...given, limit: "2" });
      for (const id of ids.slice(2)) await remove(owner, id);
      const rest = await page(owner, { ...given, limit: "2", cursor: nextCursor });
      expect(rest.items.map(({ imageId }) => imageId)).toEqual([ids[1], ids[0]]);
      expect(rest).not.toHaveProperty("nextCursor");
    });

    it("refuses cursors of others, of other queries, and damaged ones", async () => {
      const owner = newOwner();
      await someImages(owner, 3);
      const { nextCursor = "" } = await page(owner, { ...given, limit: "1" });
      const ask = async (as: string, query: Record<string, string>) =>
        catalog.request(`/v1/images?${new URLSearchParams({ ...given, ...query })}`, { as });
      const flipped = (nextCursor.startsWith("A") ? "B" : "A") + nextCursor.slice(1);
      const refused = [
        await ask("eve", { cursor: nextCursor }),
        await ask(owner, { cursor: nextCursor, order: "oldest" }),
        await ask(owner, { cursor: nextCursor, from: "2026-01-01" }),
        await ask(owner, { cursor: nextCursor, tag: "other" }),
        await ask(owner, { cursor: flipped }),
        await ask(owner, { cursor: nextCursor.slice(0, -2) }),
        await ask(owner, { cursor: "" }),
        await ask(owner, { cursor: "x".repeat(600) }),
      ];
      expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 400));
      expect((await ask(owner, { cursor: nextCursor, limit: "2" })).status).toBe(200);
    });
  });
}

describe("a list", () => {
  it("shows images with their signed renditions, as they are one by one", async () => {
    const owner = newOwner();
    const [imageId = ""] = await someImages(owner, 1);
    await catalog.deliver(facts.processed(processedData({ ownerId: owner, imageId })));
    const { items } = await page(owner);
    const one = (await (
      await catalog.request(`/v1/images/${imageId}`, { as: owner })
    ).json()) as object;
    expect(Object.keys(items[0] ?? {}).sort()).toEqual(Object.keys(one).sort());
    expect(JSON.stringify(items[0])).toContain(
      `https://cdn.example/renditions/${imageId}/thumb.webp?`,
    );
  });

  it("follows the tags as they change", async () => {
    const owner = newOwner();
    const [imageId = ""] = await someImages(owner, 1, ["old", "kept"]);
    const init = { as: owner, method: "PATCH", headers: { "Content-Type": "application/json" } };
    await catalog.request(`/v1/images/${imageId}`, { ...init, body: '{"tags":["kept","new"]}' });
    const found = async (tag: string) => (await page(owner, { tag })).items.length;
    expect([await found("old"), await found("kept"), await found("NEW")]).toEqual([0, 1, 1]);
  });

  it("believes the image and not the index, where the index lags behind", async () => {
    const owner = newOwner();
    const [imageId = ""] = await someImages(owner, 1, ["now"]);
    for (const id of [imageId, newImageId(NOON + 1)]) {
      const stale = linkItem({ ownerId: owner, imageId: id }, "before");
      await catalog.documents.send(new PutCommand({ TableName: catalog.table, Item: stale }));
    }
    expect(await page(owner, { tag: "before" })).toMatchObject({ items: [] });
  });

  it("omits images of which only processing has told", async () => {
    const owner = newOwner();
    await someImages(owner, 1);
    const key = { ownerId: owner, imageId: newImageId(NOON + 5000) };
    await catalog.deliver(facts.processed(processedData(key)));
    expect((await page(owner)).items).toHaveLength(1);
  });

  it("without a tag is one DynamoDB call a page, with one it is two", async () => {
    const owner = newOwner();
    await someImages(owner, 5);
    const calls = await catalog.callsOf(async () => {
      await page(owner, { limit: "3" });
      await page(owner, { limit: "3", tag: "beach" });
    });
    expect(calls).toEqual(["Query consistent", "Query", "BatchGetItem consistent"]);
  });

  it("refuses what it does not understand", async () => {
    const bad = [
      "limit=0",
      "limit=101",
      "limit=ten",
      "limit=1.5",
      "limit=",
      "order=sideways",
      "from=yesterday",
      "to=2026-13-01",
      "from=2026-05-02&to=2026-05-01",
      "from=2026-05-01&to=2026-05-01",
      "to=1960-01-01",
      "tag=not%20a%20tag",
      "tag=a&tag=b",
      "tag=",
      "colour=red",
    ];
    for (const query of bad) {
      const answer = await catalog.request(`/v1/images?${query}`);
      expect(answer.status, query).toBe(400);
      expect(answer.headers.get("content-type"), query).toBe("application/problem+json");
    }
  });
});
