import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type Answer, type Image, type Page, signIn, type User, upload } from "./client.ts";
import { eventually } from "./eventually.ts";
import { type Facts, listenToFacts } from "./facts.ts";
import { smallPicture } from "./pictures.ts";

const COUNT = 120;
const AT_ONCE = 8;
const url = inject("url");
let user: User;
let facts: Facts;
/** In the order of their upload. */
let ids: string[];

beforeAll(async () => {
  user = await signIn(url);
  facts = await listenToFacts(url);
  ids = [];
  const numbers = Array.from({ length: COUNT }, (_, n) => n);
  const bytes = await smallPicture(33);
  const worker = async () => {
    for (let n = numbers.shift(); n !== undefined; n = numbers.shift()) {
      const tags = ["all", ...(n % 3 === 0 ? ["third"] : [])];
      ids.push(await upload(user, bytes, { contentType: "image/jpeg", tags }));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  // Image ids are made from the time of the upload: their order is the order of the list.
  ids.sort();
  await Promise.all(ids.map((id) => facts.status(id, "ready")));
});
afterAll(() => facts.close());

/** Every page of a list, by `nextCursor`; checks that `Link` says the same. */
async function pages(path: string, onPage: (page: Image[]) => unknown = () => undefined) {
  const all: string[] = [];
  let next: string | undefined = path;
  while (next) {
    const answer: Answer<Page<Image>> = await user.get(next);
    expect(answer.status).toBe(200);
    const { items, nextCursor } = answer.body;
    all.push(...items.map(({ imageId }) => imageId));
    const link = /^<([^>]+)>; rel="next"$/.exec(answer.headers.get("link") ?? "")?.[1];
    expect(link && new URL(link, `${url}${next}`).searchParams.get("cursor")).toBe(nextCursor);
    next = link && new URL(link, `${url}${next}`).href.slice(url.length);
    await onPage(items);
  }
  return all;
}

describe("a list of 120 pictures", () => {
  it("comes newest first, in pages of 50 when nothing is said", async () => {
    const sizes: number[] = [];
    expect(await pages("/v1/images", (page) => sizes.push(page.length))).toEqual(ids.toReversed());
    expect(sizes).toEqual([50, 50, 20]);
  });

  it.each([7, 40, 100])(
    "comes whole in either order, %i at a time, each picture once",
    async (limit) => {
      expect(await pages(`/v1/images?order=oldest&limit=${limit}`)).toEqual(ids);
      expect(await pages(`/v1/images?order=newest&limit=${limit}`)).toEqual(ids.toReversed());
    },
  );

  it("comes by tag in either order", async () => {
    const third = await eventually(
      () => pages("/v1/images?tag=third&order=oldest&limit=9"),
      (found) => found.length === COUNT / 3,
    );
    expect(third).toEqual(third.toSorted());
    expect(await pages("/v1/images?tag=third&limit=11")).toEqual(third.toReversed());
    expect((await pages("/v1/images?tag=all&limit=50")).length).toBe(COUNT);
  });

  it("comes by date within the range alone", async () => {
    const { body } = await user.get<Image>(`/v1/images/${ids[60]}`);
    const earlier = await pages(`/v1/images?to=${body.uploadedAt}&limit=25&order=oldest`);
    const later = await pages(`/v1/images?from=${body.uploadedAt}&limit=25&order=oldest`);
    expect([...earlier, ...later]).toEqual(ids);
    expect(later.slice(0, 5)).toContain(ids[60]);
  });

  it("goes on where it was when pictures are deleted in the middle, also the one it stands on", async () => {
    const gone: string[] = [];
    const remove = async (id: string) => {
      expect((await user.call("DELETE", `/v1/images/${id}`)).status).toBe(204);
      gone.push(id);
    };
    let page = 0;
    const seen = await pages("/v1/images?order=oldest&limit=20", async (items) => {
      page += 1;
      if (page !== 2) return;
      // The last one of this page, on which the cursor stands, and one before and one behind it.
      for (const id of [items.at(-1)?.imageId, ids[5], ids[70]]) if (id) await remove(id);
    });
    expect(seen).toEqual(ids.filter((id) => id !== ids[70]));
    expect(await pages("/v1/images?order=oldest")).toEqual(ids.filter((id) => !gone.includes(id)));
    expect(await pages("/v1/images?tag=all&order=oldest")).toEqual(
      ids.filter((id) => !gone.includes(id)),
    );
  });
});
