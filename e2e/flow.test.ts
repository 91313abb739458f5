import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type Image, type Page, type SearchPage, signIn, type User, upload } from "./client.ts";
import { eventually } from "./eventually.ts";
import { type Facts, listenToFacts } from "./facts.ts";
import { generatedPictures, type Picture, photosFolder, picturesOf } from "./pictures.ts";

const photos = picturesOf(photosFolder);
const pictures: Picture[] = [...photos, ...(await generatedPictures())];
const good = pictures.filter(({ damaged }) => !damaged);
const damaged = pictures.filter(({ damaged }) => damaged);
if (photos.length === 0) {
  it.skip(`no photographs in ${photosFolder} (set SHOEBOX_PHOTOS): generated pictures only`, () =>
    undefined);
}

/** Pixels; `thumb` is exactly square. */
const widths: Record<string, number> = { thumb: 150, small: 320, medium: 640, large: 1080 };
const url = inject("url");
const ids = new Map<string, string>();
let user: User;
let facts: Facts;
const idOf = ({ name }: Picture): string => ids.get(name) ?? "";
const imageOf = async (picture: Picture): Promise<Image> =>
  (await user.get<Image>(`/v1/images/${idOf(picture)}`)).body;

/** The picture in 12×12 pixels, upright, in sRGB. */
const pixels = async (bytes: Buffer): Promise<number[]> => {
  const image = sharp(bytes, { failOn: "none" }).autoOrient().resize(12, 12, { fit: "fill" });
  return [...(await image.flatten().toColorspace("srgb").raw().toBuffer())];
};

beforeAll(async () => {
  user = await signIn(url);
  facts = await listenToFacts(url);
  for (const [index, { name, contentType, bytes }] of pictures.entries()) {
    const tags = [index % 2 === 0 ? "even" : "odd", `n${index}`];
    ids.set(
      name,
      await upload(user, bytes, { contentType, fileName: name, tags, caption: `Number ${index}` }),
    );
  }
  await Promise.all([...ids.values()].map((id) => facts.status(id, "ready", "rejected")));
});
afterAll(() => facts.close());

describe.each(good)("$name", (picture) => {
  it("is taken, verified, processed and cataloged, each exactly once", async () => {
    const { body: session } = await user.get(`/v1/uploads/${idOf(picture)}`);
    expect(session).toMatchObject({ status: "uploaded", size: picture.bytes.length });
    const { body: job } = await user.get(`/v1/processing/${idOf(picture)}`);
    expect(job).toMatchObject({ status: "processed", attempts: 1 });
    expect(await imageOf(picture)).toMatchObject({
      imageId: idOf(picture),
      ownerId: user.id,
      status: "ready",
      contentType: picture.contentType,
      size: picture.bytes.length,
      fileName: picture.name,
      visibility: "private",
      version: 2,
      thumbHash: expect.any(String),
      color: expect.stringMatching(/^#[0-9a-f]{6}$/),
    });
    const types = facts.of(idOf(picture)).map(({ type }) => type);
    expect(types.toSorted()).toEqual([
      "ImageCataloged",
      "ImageProcessed",
      "ImageUpdated",
      "ImageUploaded",
      "Object Created",
    ]);
  });

  it("has the size in which it is seen, turned upright", async () => {
    const { width, height, autoOrient } = await sharp(picture.bytes, { failOn: "none" }).metadata();
    const seen = autoOrient ?? { width, height };
    expect(await imageOf(picture)).toMatchObject({ width: seen.width, height: seen.height });
  });

  it("has every rendition, of its type, never wider than announced, never enlarged, without metadata", async () => {
    const image = await imageOf(picture);
    expect(image.renditions.map(({ name, format }) => `${name}.${format}`).toSorted()).toEqual([
      "large.jpeg",
      "large.webp",
      "medium.webp",
      "small.webp",
      "thumb.webp",
    ]);
    for (const rendition of image.renditions) {
      const response = await fetch(rendition.url);
      const bytes = Buffer.from(await response.arrayBuffer());
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toBe(`image/${rendition.format}`);
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      expect(bytes.length).toBe(rendition.size);
      const found = await sharp(bytes).metadata();
      expect(found).toMatchObject({
        format: rendition.format,
        width: rendition.width,
        height: rendition.height,
      });
      const { exif, xmp, iptc, orientation } = found;
      expect({ exif, xmp, iptc, orientation }).toEqual({});
      expect(rendition.width).toBeLessThanOrEqual(widths[rendition.name] ?? 0);
      expect(rendition.width).toBeLessThanOrEqual(image.width ?? 0);
    }
  });

  it("looks in its renditions as it does when it is held upright", async () => {
    const image = await imageOf(picture);
    const small = image.renditions.find(({ name }) => name === "small");
    const rendition = Buffer.from(await (await fetch(small?.url ?? "")).arrayBuffer());
    const [seen, original] = await Promise.all([pixels(rendition), pixels(picture.bytes)]);
    const differences = seen.map((value, index) => Math.abs(value - (original[index] ?? 0)));
    expect(differences.reduce((sum, value) => sum + value, 0) / seen.length).toBeLessThan(8);
    const { width = 0, height = 0 } = await sharp(rendition).metadata();
    const expected = (width * (image.height ?? 0)) / (image.width ?? 1);
    expect(Math.abs(height - expected)).toBeLessThanOrEqual(1);
  });

  it("gives back the original byte for byte", async () => {
    const path = `/v1/images/${idOf(picture)}/url?rendition=original`;
    const { body } = await user.get<{ url: string }>(path);
    const response = await fetch(body.url);
    expect(response.headers.get("content-type")).toBe(picture.contentType);
    expect(Buffer.from(await response.arrayBuffer()).equals(picture.bytes)).toBe(true);
  });
});

describe.each(damaged)("$name", (picture) => {
  it("is rejected with its reason after exactly one attempt, and never served", async () => {
    const { body: job } = await user.get(`/v1/processing/${idOf(picture)}`);
    expect(job).toMatchObject({ status: "rejected", attempts: 1, reason: { code: "undecodable" } });
    const image = await imageOf(picture);
    expect(image).toMatchObject({ status: "rejected", renditions: [] });
    expect(image.reason?.message).toMatch(/^\w.*\.$/);
    for (const rendition of ["original", "thumb", "large"]) {
      const path = `/v1/images/${idOf(picture)}/url?rendition=${rendition}`;
      expect((await user.get(path)).status).toBe(409);
    }
  });
});

describe("all of them", () => {
  it("are listed once each, newest first", async () => {
    const { body } = await user.get<Page<Image>>("/v1/images?limit=100");
    expect(body.items.map(({ imageId }) => imageId)).toEqual(pictures.map(idOf).toReversed());
  });

  it("are found by tag", async () => {
    const { items } = await eventually(
      async () => (await user.get<Page<Image>>("/v1/images?tag=even&limit=100")).body,
      ({ items }) => items.length === Math.ceil(pictures.length / 2),
    );
    expect(items.every(({ tags }) => tags.includes("even"))).toBe(true);
  });

  it("are found by date, from inclusive and to exclusive, to the millisecond", async () => {
    const { uploadedAt, imageId } = await imageOf(good[2] as Picture);
    const next = new Date(Date.parse(uploadedAt) + 1).toISOString();
    const list = async (query: string) =>
      (await user.get<Page<Image>>(`/v1/images?limit=100&${query}`)).body.items;
    expect((await list(`from=${uploadedAt}&to=${next}`)).map((image) => image.imageId)).toEqual([
      imageId,
    ]);
    const before = await list(`to=${uploadedAt}`);
    const after = await list(`from=${next}`);
    expect([...before, ...after].map((image) => image.imageId)).not.toContain(imageId);
    expect(before.length + 1 + after.length).toBe(pictures.length);
  });

  it("are searchable when they are ready, and only then", async () => {
    const { items } = await eventually(
      async () => (await user.get<SearchPage>("/v1/search?limit=100")).body,
      ({ total }) => total >= good.length,
    );
    expect(new Set(items.map(({ imageId }) => imageId))).toEqual(new Set(good.map(idOf)));
  });
});
