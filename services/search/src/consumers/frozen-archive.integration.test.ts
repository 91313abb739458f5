import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { newImageId } from "@shoebox/shared/ids";
import { afterAll, beforeAll, expect, it } from "vitest";
import { READ_ALIAS } from "../domain/index-name.ts";
import { startSearch } from "../search.testkit.ts";

/**
 * An archive keeps events as they were published, of every version there ever was. The frozen samples
 * are such an archive: whatever is in it must still become a document of today's index.
 */
const folder = fileURLToPath(new URL("../../../../shared/src/events/samples", import.meta.url));

interface Sample {
  detail: { data: { image?: Record<string, unknown>; imageId?: string } };
}

const archive = readdirSync(folder)
  .filter((file) => /^Image(Cataloged|Updated|Deleted)\.v\d+\.json$/.test(file))
  .flatMap((file) => {
    const samples = JSON.parse(readFileSync(`${folder}/${file}`, "utf8")) as Record<string, Sample>;
    return Object.entries(samples).map(([variant, sample]) => ({ file, variant, sample }));
  });

let search: Awaited<ReturnType<typeof startSearch>>;
beforeAll(async () => {
  search = await startSearch();
});
afterAll(() => search.close());

/** The sample as of an image of its own, replayed. */
function replayed(sample: Sample, imageId: string): Sample {
  const event = { ...structuredClone(sample), "replay-name": "rebuild-1" };
  const { data } = event.detail;
  if (data.image) data.image.imageId = imageId;
  else data.imageId = imageId;
  return event;
}

/** Fields that nobody knows yet, in every object. */
function fromTheFuture(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromTheFuture);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([name, field]) => [name, fromTheFuture(field)]);
  return { ...Object.fromEntries(fields), addedLater: { by: "a newer producer" } };
}

/** The document that becomes of it, without what differs because its image does. */
async function projected(event: unknown, imageId: string): Promise<Record<string, unknown>> {
  expect(await search.deliver(event)).toEqual({ batchItemFailures: [] });
  expect(search.letters).toEqual([]);
  const { body } = await search.client.get({ index: READ_ALIAS, id: imageId });
  const { checksum: _, ...document } = body._source as Record<string, unknown>;
  expect(document.imageId).toBe(imageId);
  return JSON.parse(JSON.stringify(document).replaceAll(imageId, "its id"));
}

it.each(archive)("$file ($variant) still becomes a document of today's index", async (item) => {
  const [now, later] = [newImageId(1), newImageId(2)];
  const document = await projected(replayed(item.sample, now), now);
  expect(document).toMatchObject({ version: expect.any(Number), ownerId: expect.any(String) });
  // What a newer version adds changes nothing for who does not know it, not even by a strict mapping.
  const same = await projected(fromTheFuture(replayed(item.sample, later)), later);
  expect(same).toEqual(document);
});
