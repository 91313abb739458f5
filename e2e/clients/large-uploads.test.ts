import { openAsBlob } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, getUpload, uploadImage, waitUntilReady } from "@shoebox/client";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { signIn } from "../client.ts";
import { writeLargeFile } from "./large-file.ts";

const url = inject("url");

async function newClient() {
  const { token } = await signIn(url);
  return createClient({ url, token });
}

describe("a picture of more than 100 MB", () => {
  const size = 101 * 1024 ** 2;
  let folder: string;
  let file: Blob;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "shoebox-client-"));
    const path = join(folder, "panorama.jpg");
    await writeLargeFile(path, size, 40);
    file = await openAsBlob(path);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("is aborted after some parts, goes on with the rest, and becomes ready", async () => {
    const client = await newClient();
    const controller = new AbortController();
    let left = "";
    const aborted = uploadImage(client, file, {
      signal: controller.signal,
      keepOnAbort: true,
      concurrency: 2,
      onBegun: ({ imageId }) => {
        left = imageId;
      },
      // Two parts on their way are never more than what two parts hold: one is there then.
      onProgress: ({ loaded }) => loaded > 34 * 1024 ** 2 && controller.abort(new Error("enough")),
    });
    await expect(aborted).rejects.toThrow("enough");
    const progress: number[] = [];
    const { imageId } = await uploadImage(client, file, {
      resume: left,
      onProgress: ({ loaded }) => progress.push(loaded),
    });
    expect(imageId).toBe(left);
    expect(progress[0]).toBeGreaterThanOrEqual(16 * 1024 ** 2);
    expect(progress.at(-1)).toBe(size);
    const image = await waitUntilReady(client, imageId);
    expect(image).toMatchObject({ size, width: 64 });
    // Complete is complete: nothing is sent again.
    expect(await uploadImage(client, file, { resume: left })).toMatchObject({ imageId });
  });

  it("is deleted as far as it was sent when it is aborted for good", async () => {
    const client = await newClient();
    const controller = new AbortController();
    let left = "";
    const aborted = uploadImage(client, file, {
      signal: controller.signal,
      onBegun: ({ imageId }) => {
        left = imageId;
      },
      onProgress: () => controller.abort(new Error("enough")),
    });
    await expect(aborted).rejects.toThrow("enough");
    expect(await getUpload(client, left)).toMatchObject({ status: "aborted" });
  });
});
