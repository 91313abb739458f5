import { newImageId } from "@shoebox/shared/ids";
import { rememberingLog } from "@shoebox/shared/log.testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { definition, SCHEMA } from "../adapters/index-definition.ts";
import { imageDocument } from "../domain/document.ts";
import { indexName, READ_ALIAS, writeAliasOf } from "../domain/index-name.ts";
import { cataloged, deleted, picture, sqsEvent, startSearch, updated } from "../search.testkit.ts";
import { projectImages } from "./project-images.ts";

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

  it("sets aside what it can't read, with the reason, and holds nothing else up", async () => {
    const image = picture({ caption: "fulmar" });
    const unknown = { ...(cataloged(image) as object), "detail-type": "ImageShared" };
    search.letters.length = 0;
    expect(await search.deliver("not json", cataloged(image), { id: "1" }, unknown)).toEqual(none);
    expect(search.letters).toEqual([
      { body: "not json", reason: expect.stringContaining("not valid JSON") },
      { body: JSON.stringify({ id: "1" }), reason: expect.stringContaining("source") },
      { body: JSON.stringify(unknown), reason: expect.stringContaining("ImageShared") },
    ]);
    expect(await found("fulmar")).toHaveLength(1);
  });

  it("sets aside the document that the engine refuses, with the engine's reason", async () => {
    const good = picture({ caption: "gannet" });
    // Longer than what a keyword may have.
    const bad = cataloged(picture({ ownerId: "o".repeat(40_000), caption: "goshawk" }));
    search.letters.length = 0;
    expect(await search.deliver(bad, cataloged(good))).toEqual(none);
    expect(search.letters).toEqual([
      {
        body: JSON.stringify(bad),
        reason: expect.stringMatching(/refused the document: 400 .*immense/),
      },
    ]);
    expect(await found("gannet")).toHaveLength(1);
  });

  it("keeps a message for another time when it can't even be set aside", async () => {
    search.letters.length = 0;
    search.lettersTaken = false;
    const answer = await search.deliver("not json");
    search.lettersTaken = true;
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: "message-0" }]);
  });
});

describe("what the projector measures", () => {
  const at = Date.parse("2026-11-22T12:00:05.000Z");
  const becameReady = (image: ReturnType<typeof picture>) => {
    const event = updated(image) as { detail: { data: object } };
    return {
      ...event,
      detail: { ...event.detail, data: { ...event.detail.data, becameReady: true } },
    };
  };
  async function measured(...bodies: unknown[]) {
    const { log, lines } = rememberingLog();
    const { writer, deadLetters } = search;
    await projectImages({ writer, deadLetters, log, now: () => at })(sqsEvent(bodies));
    return lines
      .filter((line) => "_aws" in line)
      .map(({ ProjectorLag, TimeToSearchable, EventsSetAside }) => ({
        ProjectorLag,
        TimeToSearchable,
        EventsSetAside,
      }));
  }

  it("is how late each event is, and how long it took until a picture could be found", async () => {
    const image = picture({ imageId: newImageId(at - 12_345), status: "processing" });
    const other = picture({ imageId: newImageId(at - 60_000) });
    expect(await measured(cataloged(image), cataloged(other))).toEqual([
      { ProjectorLag: [5_000, 5_000] },
    ]);
    const ready = becameReady({ ...image, version: 2, status: "ready" });
    expect(await measured(ready)).toEqual([{ ProjectorLag: 5_000, TimeToSearchable: 12_345 }]);
    expect(
      await measured(updated({ ...image, version: 3, status: "ready", caption: "later" })),
    ).toEqual([{ ProjectorLag: 5_000 }]);
    // A duplicate says nothing.
    expect(await measured(ready)).toEqual([]);
  });

  it("is what it set aside", async () => {
    expect(await measured("not json", "neither")).toEqual([
      { EventsSetAside: 1 },
      { EventsSetAside: 1 },
    ]);
  });
});

describe("the indexes that the projector writes to", () => {
  const version = async (index: string, id: string) =>
    (await search.client.get({ index, id }, { ignore: [404] })).body._version;

  it("are all that have a name to write to, and no longer when they lost it", async () => {
    const other = indexName(SCHEMA, "other");
    await search.client.indices.create({
      index: other,
      body: { ...definition, aliases: { [writeAliasOf(other)]: {} } },
    });
    const image = picture({ caption: "heron" });
    await search.deliver(cataloged(image));
    expect(await version(READ_ALIAS, image.imageId)).toBe(1);
    expect(await version(other, image.imageId)).toBe(1);

    const targets = await search.writer.liveTargets();
    await search.client.indices.delete({ index: other });
    const document = imageDocument({ ...image, version: 2 });
    expect(await search.writer.apply(targets, [document])).toEqual([
      { kind: "applied", changed: "updated" },
    ]);
    expect((await search.client.indices.exists({ index: other })).statusCode).toBe(404);
    const gone = await search.writer.apply([writeAliasOf(other)], [document]);
    expect(gone).toEqual([{ kind: "gone" }]);
  });

  it("take of a document what they know, when they were made by an older definition", async () => {
    const older = indexName(SCHEMA - 1, "older");
    const { checksum: _, ...properties } = definition.mappings?.properties ?? {};
    await search.client.indices.create({
      index: older,
      body: {
        ...definition,
        mappings: { ...definition.mappings, properties },
        aliases: { [writeAliasOf(older)]: {} },
      },
    });
    const image = picture({ caption: "ibis" });
    expect(await search.deliver(cataloged(image))).toEqual(none);
    const { body } = await search.client.get({ index: older, id: image.imageId });
    expect(body._source).toMatchObject({ version: 1, ownerId: "ann" });
    expect(body._source).not.toHaveProperty("checksum");
    await search.client.indices.delete({ index: older });
  });
});
