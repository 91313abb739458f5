import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import type { Image, Page as ImagePage } from "../client.ts";
import { eventually } from "../eventually.ts";
import { generatedPictures, photosFolder, picturesOf, scene, smallPicture } from "../pictures.ts";
import { launchChromium, missing } from "./chromium.ts";
import { type GalleryWindow, openGallery } from "./gallery-page.ts";

/** Bytes a second: the large picture takes some seconds, so that something can happen meanwhile. */
const SLOW = 8_000_000;

const url = inject("url");

if (missing) it.skip(missing, () => undefined);

describe.skipIf(missing)("pictures that are put into the gallery", () => {
  let folder: string;
  let browser: Browser;
  let gallery: GalleryWindow;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "shoebox-gallery-"));
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    if (folder) await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    gallery = await openGallery(browser, url);
  });
  afterEach(async () => {
    expect(gallery.complaints).toEqual([]);
    await gallery.close();
  });

  const images = async () =>
    (await gallery.user.get<ImagePage<Image>>("/v1/images?limit=100")).body.items;
  const file = async (hue: number, name = `picture-${hue}.png`) => ({
    name,
    mimeType: "image/png",
    buffer: await smallPicture(hue, "png"),
  });
  const row = (name: string) => gallery.page.locator(".upload").filter({ hasText: name });
  /** Chooses the large picture on a slow line and waits until some of it is there. */
  async function underway(): Promise<() => Promise<void>> {
    const large = join(folder, "large.png");
    // 40 megapixels that are not compressed: 120 MB.
    const picture = scene(6600, 6100, 40).removeAlpha().png({ compressionLevel: 0 });
    expect((await picture.toFile(large)).size).toBeGreaterThan(120_000_000);
    const network = await gallery.page.context().newCDPSession(gallery.page);
    const throttle = (uploadThroughput: number) =>
      network.send("Network.emulateNetworkConditions", {
        offline: false,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput,
      });
    await throttle(SLOW);
    await gallery.choose(large);
    const sent = 'document.querySelector(".upload progress")?.value ?? 0';
    await eventually(
      () => gallery.page.evaluate<number>(sent),
      (bytes) => bytes > 6_000_000,
    );
    return async () => {
      await throttle(-1);
    };
  }

  it("are shown, photographs of every kind, and what is damaged says so", {
    timeout: 120_000,
  }, async () => {
    const real = picturesOf(photosFolder);
    const pictures = real.length > 0 ? real : await generatedPictures();
    await gallery.choose(
      ...pictures.map(({ name, contentType, bytes }) => ({
        name,
        mimeType: contentType,
        buffer: bytes,
      })),
    );
    const damaged = pictures.filter((picture) => picture.damaged);
    const ended = gallery.page.locator(".upload.done, .upload.rejected");
    await eventually(
      () => ended.count(),
      (count) => count === pictures.length,
      90_000,
    );
    for (const { name } of damaged) {
      expect(await row(name).locator(".upload-reason").textContent()).toMatch(/damaged|can't/);
    }
    const shown = gallery.page.locator(".tile img.loaded");
    await gallery.page.getByRole("button", { name: "Close", exact: true }).click();
    await eventually(
      () => shown.count(),
      (count) => count > 0,
    );
    const stored = await images();
    expect(stored).toHaveLength(pictures.length);
    expect(stored.filter(({ status }) => status === "rejected")).toHaveLength(damaged.length);
    expect(await gallery.page.getByRole("heading", { level: 2 }).first().textContent()).toMatch(
      /\d{4}/,
    );
  });

  it("are dropped anywhere, and a kind that is not taken is told so without being sent", async () => {
    const asked: string[] = [];
    gallery.page.on("request", (request) => {
      if (request.url().includes("/s3/params")) asked.push(request.url());
    });
    const bytes = (await smallPicture(30, "png")).toString("base64");
    await gallery.page.evaluate(`(() => {
      const data = new DataTransfer();
      const bytes = Uint8Array.from(atob(${JSON.stringify(bytes)}), (c) => c.charCodeAt(0));
      data.items.add(new File([bytes], "dropped.png", { type: "image/png" }));
      data.items.add(new File(["GIF89a"], "moving.gif", { type: "image/gif" }));
      const drop = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
      document.body.dispatchEvent(drop);
    })()`);
    await row("dropped.png").and(gallery.page.locator(".done")).waitFor();
    expect(await row("moving.gif").locator(".upload-reason").textContent()).toBe(
      "GIF files are not supported: photos can be JPEG, PNG or WebP.",
    );
    expect(asked).toHaveLength(1);
    await gallery.tiles.first().locator("img.loaded").waitFor();
  });

  it("get the tags and the caption that are written while they are on their way, or just arrived", async () => {
    await gallery.choose(await file(70), await file(71));
    const tags = gallery.page.getByRole("combobox", { name: "Tag these photos" });
    await tags.fill("Harbour");
    await tags.press("Enter");
    await gallery.page.getByLabel("Caption of picture-70.png").fill("The boats");
    await eventually(
      images,
      (all) => all.length === 2 && all.every((one) => one.tags[0] === "harbour"),
    );
    await eventually(
      images,
      (all) => all.filter((one) => one.caption === "The boats").length === 1,
    );
    // When all is there already, too.
    await gallery.page.locator(".upload.done").nth(1).waitFor();
    await tags.fill("evening");
    await tags.press("Enter");
    await eventually(images, (all) => all.every((one) => one.tags.join() === "harbour,evening"));
  });

  it("of more than 100 MB are paused, resumed without sending again what is there, and shown", {
    timeout: 120_000,
  }, async () => {
    const { page, user } = gallery;
    const fast = await underway();
    await page.getByRole("button", { name: "Pause large.png" }).click();
    await row("large.png").and(page.locator(".paused")).waitFor();
    await page.getByRole("button", { name: "Resume large.png" }).waitFor();
    await fast();
    const puts: string[] = [];
    page.on("request", (request) => {
      if (request.method() === "PUT") puts.push(request.url());
    });
    await page.getByRole("button", { name: "Resume large.png" }).click();
    await row("large.png").and(page.locator(".done")).waitFor({ timeout: 90_000 });
    const [image] = await images();
    expect(image).toMatchObject({ status: "ready", width: 6600, height: 6100 });
    const { body } = await user.get<{ size: number }>(`/v1/uploads/${image?.imageId}`);
    expect(puts.length).toBeLessThan(Math.ceil(body.size / (5 * 1024 ** 2)));
  });

  it("are called off: nothing of them stays", async () => {
    await underway();
    const uploads: string[] = [];
    gallery.page.on("request", (request) => {
      if (request.method() === "DELETE") uploads.push(request.url());
    });
    await gallery.page.getByRole("button", { name: "Cancel large.png" }).click();
    await row("large.png").waitFor({ state: "detached" });
    await eventually(
      () => uploads.length,
      (count) => count === 1,
    );
    const imageId = /multipart\/([^?/]+)/.exec(uploads[0] ?? "")?.[1];
    await eventually(
      () => gallery.user.get<{ status: string }>(`/v1/uploads/${imageId}`),
      ({ body }) => body.status === "aborted",
    );
    expect(await images()).toEqual([]);
  });

  it("that did not get through are sent again by a button", async () => {
    const { page } = gallery;
    await page.route("**/s3/params*", (route) => route.abort(), { times: 1 });
    await gallery.choose(await file(90));
    await row("picture-90.png").and(page.locator(".failed")).waitFor();
    expect(await row("picture-90.png").locator(".upload-reason").textContent()).toContain(
      "connection",
    );
    await page.getByRole("button", { name: "Retry picture-90.png" }).click();
    await row("picture-90.png").and(page.locator(".done")).waitFor();
    await gallery.tiles.first().locator("img.loaded").waitFor();
  });

  it("of the same content twice are two, one after the other and at once", async () => {
    const once = await file(15, "again.png");
    await gallery.choose(once, once);
    await eventually(
      () => gallery.page.locator(".upload.done").count(),
      (count) => count === 2,
    );
    await gallery.choose(once);
    await eventually(images, (all) => all.length === 3);
  });
});
