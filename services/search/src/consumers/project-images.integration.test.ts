import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cataloged, deleted, picture, sqsEvent, startSearch, updated } from "../search.testkit.ts";

let search: Awaited<ReturnType<typeof startSearch>>;
beforeAll(async () => {
  search = await startSearch();
});
afterAll(() => search.close());

const none = { batchItemFailures: [] };
const found = async (word: string) => (await search.get(`/v1/search?q=${word}`)).body.items;

describe("the projector", () => {
  it("makes a cataloged picture searchable", async () => {
    const image = picture({ caption: "albatross" });
    expect(await search.deliver(cataloged(image))).toEqual(none);
    expect((await found("albatross")).map((item) => item.imageId)).toEqual([image.imageId]);
  });

  it("lets the newest version win, whatever order the versions come in", async () => {
    const image = picture({ caption: "bittern one" });
    const newer = { ...image, version: 3, caption: "bittern three" };
    await search.deliver(updated(newer));
    expect(await search.deliver(cataloged(image))).toEqual(none);
    expect((await found("bittern"))[0]?.caption).toBe("bittern three");
  });

  it("lets the newest version win within one batch too", async () => {
    const image = picture({ caption: "curlew one" });
    const newer = { ...image, version: 2, caption: "curlew two" };
    expect(await search.deliver(updated(newer), cataloged(image), updated(newer))).toEqual(none);
    expect((await found("curlew")).map((item) => item.caption)).toEqual(["curlew two"]);
  });

  it("never brings a deleted picture back, even by an event that comes after its deletion", async () => {
    const image = picture({ caption: "dunlin" });
    await search.deliver(cataloged(image));
    await search.deliver(deleted(image, 2));
    expect(await found("dunlin")).toEqual([]);
    expect(await search.deliver(cataloged(image))).toEqual(none);
    expect(await found("dunlin")).toEqual([]);
  });

  it("takes a deletion that comes before the picture", async () => {
    const image = picture({ caption: "egret" });
    await search.deliver(deleted(image, 2));
    await search.deliver(cataloged(image));
    expect(await found("egret")).toEqual([]);
  });

  it("sends back only the messages it can't read", async () => {
    const image = picture({ caption: "fulmar" });
    const answer = await search.deliver("not json", cataloged(image), { id: "1" });
    expect(answer.batchItemFailures.map((item) => item.itemIdentifier)).toEqual([
      "message-0",
      "message-2",
    ]);
    expect(await found("fulmar")).toHaveLength(1);
  });

  it("sends back only the document that the engine refuses", async () => {
    const good = picture({ caption: "gannet" });
    const bad = picture({ caption: "goshawk", takenAt: "2026-11-22T12:00:00.000Z" });
    const broken = JSON.stringify(cataloged(bad)).replace(
      '"version":1',
      '"version":9223372036854775808',
    );
    const answer = await search.project(sqsEvent([cataloged(good), broken]));
    expect(answer.batchItemFailures.map((item) => item.itemIdentifier)).toEqual(["message-1"]);
  });
});
