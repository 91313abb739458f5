import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { replayName } from "../domain/decide.ts";
import { indexName, writeAliasOf } from "../domain/index-name.ts";
import { newRebuild, type Phase } from "../domain/job.ts";
import { cataloged, deleted, picture, sqsEvent, startSearch } from "../search.testkit.ts";
import { projectReplayed } from "./replayed-images.ts";

const id = "019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55";
const index = indexName(2, id);
let search: Awaited<ReturnType<typeof startSearch>>;
let project: ReturnType<typeof projectReplayed>;
beforeAll(async () => {
  search = await startSearch();
  project = projectReplayed(search);
  await search.deliver(cataloged(picture()));
  await search.admin.create(index);
});
afterAll(() => search.close());
beforeEach(() => {
  search.letters.length = 0;
});

const asked = { id, source: "archive", index, correlationId: "c" } as const;
async function rebuildIs(phase: Phase) {
  const active = await search.jobs.get("rebuild", id);
  if (!active) await search.jobs.begin(newRebuild(asked, 0));
  const job = await search.jobs.get("rebuild", id);
  if (job) await search.jobs.write({ ...job, phase });
}
const replayed = (event: unknown, name = replayName({ id }, 1)) => ({
  ...(event as object),
  "replay-name": name,
});
const has = async (imageId: string) => (await search.admin.look(index, [imageId])).get(imageId);
const none = { batchItemFailures: [] };

describe("the projector of replayed events", () => {
  it.each(["filling", "waiting", "catching-up", "draining"] as const)(
    "projects into the index of its rebuild, and no other, while that is %s",
    async (phase) => {
      await rebuildIs(phase);
      const [image, gone] = [picture(), picture()];
      const events = [cataloged(image), deleted(gone, 2), cataloged(gone)];
      expect(await project(sqsEvent(events.map((event) => replayed(event))))).toEqual(none);
      expect(await has(image.imageId)).toEqual({ version: 1, deleted: false });
      expect(await has(gone.imageId)).toEqual({ version: 2, deleted: true });
      const read = (await search.admin.readIndex()) ?? "";
      expect((await search.admin.look(read, [image.imageId])).size).toBe(0);
    },
  );

  it.each(["comparing", "proving", "swapping"] as const)(
    "leaves out what comes late, while the rebuild is %s already",
    async (phase) => {
      await rebuildIs(phase);
      const image = picture();
      expect(await project(sqsEvent([replayed(cataloged(image))]))).toEqual(none);
      expect(await has(image.imageId)).toBeUndefined();
    },
  );

  it("has nothing to do with replays of others, or of rebuilds that there are not", async () => {
    const image = picture();
    const other = replayName({ id: id.replace("019a", "019b") }, 1);
    for (const name of ["by-hand", other]) {
      expect(await project(sqsEvent([replayed(cataloged(image), name)]))).toEqual(none);
    }
    expect(await has(image.imageId)).toBeUndefined();
  });

  it("sets aside what can't be read, and is done when its index is gone", async () => {
    await rebuildIs("filling");
    const unknown = { ...(cataloged(picture()) as object), "detail-type": "ImageShared" };
    expect(await project(sqsEvent([replayed(unknown)]))).toEqual(none);
    expect(search.letters).toEqual([
      { body: JSON.stringify(replayed(unknown)), reason: expect.stringContaining("ImageShared") },
    ]);
    await search.client.indices.delete({ index });
    expect(await project(sqsEvent([replayed(cataloged(picture()))]))).toEqual(none);
    expect((await search.client.indices.exists({ index: writeAliasOf(index) })).statusCode).toBe(
      404,
    );
  });
});
