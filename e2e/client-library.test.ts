import {
  createClient,
  deleteImage,
  getImage,
  getQuota,
  imageUrl,
  listImages,
  RejectedError,
  type ShoeboxClient,
  searchPages,
  updateImage,
  uploadImage,
  waitUntilReady,
} from "@shoebox/client";
import { describe, expect, inject, it } from "vitest";
import { signIn } from "./client.ts";
import { generatedPictures, smallPicture } from "./pictures.ts";

const url = inject("url");

/** A client of a new user. */
async function newClient(): Promise<ShoeboxClient> {
  const { token } = await signIn(url);
  return createClient({ url, token: async () => token });
}

const blob = (bytes: Buffer) => new Blob([Uint8Array.from(bytes)]);
async function ids(list: AsyncIterable<{ imageId: string }>): Promise<string[]> {
  const found: string[] = [];
  for await (const { imageId } of list) found.push(imageId);
  return found;
}

describe("a picture", () => {
  it("goes the whole way: uploaded, ready, listed, found, changed, fetched, deleted", async () => {
    const client = await newClient();
    const bytes = await smallPicture(20);
    const sent: number[] = [];
    const { imageId } = await uploadImage(client, blob(bytes), {
      fileName: "sea.jpg",
      tags: ["sea"],
      caption: "Brighton",
      takenAt: new Date("2026-01-02T03:04:05Z"),
      onProgress: ({ loaded }) => sent.push(loaded),
    });
    const image = await waitUntilReady(client, imageId);
    expect(image).toMatchObject({ imageId, tags: ["sea"], fileName: "sea.jpg", width: 64 });
    expect(sent.at(-1)).toBe(bytes.length);
    expect(await ids(listImages(client, { tag: "sea" }))).toEqual([imageId]);

    const params = { path: { imageId } };
    const body = { tags: ["sea", "evening"] };
    const { response } = await client.api.PATCH("/v1/images/{imageId}", { params, body });
    const after = response.headers.get("Version-Token") ?? "";
    for await (const page of searchPages(client, { tag: "evening", after, facets: "tags" })) {
      expect(page).toMatchObject({ total: 1, caughtUp: true, items: [{ imageId }] });
    }
    const stale = updateImage(client, imageId, { caption: "x" }, { ifVersion: image.version });
    await expect(stale).rejects.toMatchObject({ status: 412, code: "precondition-failed" });

    const signed = await imageUrl(client, imageId);
    expect(Buffer.from(await (await fetch(signed.url)).arrayBuffer())).toEqual(bytes);
    expect((await getQuota(client)).images.used).toBe(1);
    expect([await deleteImage(client, imageId), await deleteImage(client, imageId)]).toEqual([
      true,
      false,
    ]);
    await expect(getImage(client, imageId)).rejects.toMatchObject({ code: "not-found" });
    await expect(waitUntilReady(client, imageId)).rejects.toMatchObject({ status: 404 });
  });

  it("is sent once for the same bytes when that is asked for", async () => {
    const client = await newClient();
    const file = blob(await smallPicture(21));
    const first = await uploadImage(client, file, { ifDuplicate: "return" });
    await waitUntilReady(client, first.imageId);
    const again = await uploadImage(client, file, { ifDuplicate: "return" });
    expect(again).toEqual({ imageId: first.imageId, duplicate: true });
  });

  it("is listed over all pages", async () => {
    const client = await newClient();
    const uploads = [30, 31, 32].map(async (hue) => {
      const { imageId } = await uploadImage(client, blob(await smallPicture(hue)));
      await waitUntilReady(client, imageId);
      return imageId;
    });
    const uploaded = await Promise.all(uploads);
    expect(await ids(listImages(client, { limit: 1 }))).toEqual(uploaded.toSorted().reverse());
  });

  it("that can't be shown is told with the reason, before processing and after", async () => {
    const client = await newClient();
    const pictures = await generatedPictures();
    const damaged = pictures.find((picture) => picture.damaged)?.bytes ?? Buffer.alloc(0);
    const end = async (file: Blob, contentType: string) => {
      const { imageId } = await uploadImage(client, file, { contentType });
      return waitUntilReady(client, imageId).catch((error: unknown) => error);
    };
    const broken = await end(blob(damaged), "image/jpeg");
    expect(broken).toBeInstanceOf(RejectedError);
    expect(broken).toMatchObject({ stage: "processing", reason: { code: "undecodable" } });
    const disguised = await end(new Blob(["GIF89a, and not a PNG"]), "image/png");
    expect(disguised).toMatchObject({ stage: "upload", reason: { code: "type-mismatch" } });
  });

  it("of another kind is refused with the service's words, field by field", async () => {
    const client = await newClient();
    const refused = uploadImage(client, new Blob(["GIF89a"], { type: "image/gif" }));
    await expect(refused).rejects.toMatchObject({
      status: 415,
      code: "unsupported-media-type",
      detail: "Pictures can be JPEG, PNG or WebP.",
      errors: [{ field: "contentType" }],
      requestId: expect.stringMatching(/./),
    });
  });
});
