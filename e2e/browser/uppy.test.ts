import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { type Image, signIn, type User } from "../client.ts";
import { eventually } from "../eventually.ts";
import { scene, smallPicture } from "../pictures.ts";
import { launchChromium, missing } from "./chromium.ts";
import { bundle, openUppyPage, type UppyPage } from "./uppy-page.ts";

const PART = 5 * 1024 ** 2;
/** Bytes a second: the large picture takes a few seconds, so that something can happen meanwhile. */
const SLOW = 25_000_000;

const url = inject("url");
const origin = inject("origin");
let folder: string;
let small: string;
let large: string;
let parts: number;
let browser: Browser;

if (missing) it.skip(missing, () => undefined);

describe.skipIf(missing).each(["v5", "v6"] as const)("Uppy %s, as it is published", (version) => {
  let program: string;
  let user: User;
  let uppy: UppyPage;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "shoebox-browser-"));
    small = join(folder, "small.png");
    large = join(folder, "large.png");
    await writeFile(small, await smallPicture(120, "png"));
    // 35 megapixels that are not compressed: above Uppy's own limit for a single form.
    const picture = scene(6000, 5900, 40).removeAlpha().png({ compressionLevel: 0 });
    const { size } = await picture.toFile(large);
    expect(size).toBeGreaterThan(104_857_600);
    parts = Math.ceil(size / PART);
    [browser, program] = await Promise.all([launchChromium(), bundle(version)]);
  });
  afterAll(async () => {
    await browser?.close();
    if (folder) await rm(folder, { recursive: true });
  });

  beforeEach(async () => {
    user = await signIn(url);
    const { body } = await user.call<{ endpoint: string }>("POST", "/v1/uploads/uppy");
    uppy = await openUppyPage(browser, origin, program, `${url}${body.endpoint}`);
  });
  afterEach(() => uppy?.close());

  const ready = (imageId: string) =>
    eventually(
      () => user.get<Image>(`/v1/images/${imageId}`),
      ({ body }) => body.status === "ready",
    );
  const idOf = (key: unknown) => /([^/]+)\.\w+$/.exec(String(key))?.[1] ?? "";
  const upload = (imageId: string) =>
    user.get<{ status: string; partCount: number }>(`/v1/uploads/${imageId}`);
  const sentParts = async (imageId: string) =>
    (await user.get<{ parts: unknown[] }>(`/v1/uploads/${imageId}/parts`)).body.parts;
  /** Begins with the large picture and waits until some of its parts are there. */
  async function underway(): Promise<string> {
    await uppy.throttle(SLOW);
    await uppy.choose(large);
    await uppy.press("uppy.upload()");
    await uppy.until("seen.parts >= 2");
    return String(await uppy.page.evaluate("uppy.getFiles()[0].s3Multipart.uploadId"));
  }

  it("uploads a small picture by one form, and it becomes an image with its metadata", async () => {
    await uppy.choose(small);
    await uppy.press('uppy.setMeta({ tags: "sea,evening", caption: "From Uppy" })');
    await uppy.press("uppy.upload()");
    const { succeeded, errors } = await uppy.until("seen.complete === 1");
    expect(errors).toEqual([]);
    const { body } = await ready(idOf(succeeded[0]?.body.key));
    expect(body).toMatchObject({ tags: ["sea", "evening"], caption: "From Uppy", width: 64 });
    expect(uppy.puts).toEqual([]);
  });

  it("uploads a picture of more than 100 MB in parts, and it becomes an image with its renditions", async () => {
    await uppy.choose(large);
    await uppy.press("uppy.upload()");
    const { succeeded, errors, parts: sent } = await uppy.until("seen.complete === 1");
    expect(errors).toEqual([]);
    expect(sent).toBe(parts);
    const imageId = idOf(succeeded[0]?.body.key);
    expect(succeeded[0]?.uploadURL).toBe(`/v1/images/${imageId}`);
    const { body } = await ready(imageId);
    expect([body.width, body.height]).toEqual([6000, 5900]);
    const widest = body.renditions.find(({ name }) => name === "large");
    const rendition = await fetch(widest?.url ?? "");
    expect(await sharp(await rendition.bytes()).metadata()).toMatchObject({ width: 1080 });
  });

  it("cancels: the upload is called off, its parts are gone and no more are taken", async () => {
    const imageId = await underway();
    await uppy.press("uppy.cancelAll()");
    await eventually(
      () => upload(imageId),
      ({ body }) => body.status === "aborted",
    );
    const late = await fetch(uppy.puts[0] ?? url, { method: "PUT", body: Buffer.alloc(PART) });
    expect([late.status, await late.text()]).toEqual([
      404,
      expect.stringContaining("NoSuchUpload"),
    ]);
    expect((await user.get(`/v1/images/${imageId}`)).status).toBe(404);
  });

  it("pauses and resumes, without sending again what has arrived", async () => {
    const imageId = await underway();
    await uppy.press("uppy.pauseAll()");
    const before = await sentParts(imageId);
    const begun = uppy.puts.length;
    expect(before.length).toBeGreaterThanOrEqual(2);
    expect(before.length).toBeLessThan(parts);
    await uppy.throttle(0);
    await uppy.press("uppy.resumeAll()");
    const { errors } = await uppy.until("seen.complete === 1");
    expect(errors).toEqual([]);
    expect(uppy.puts.length - begun).toBeLessThanOrEqual(parts - before.length);
    await ready(imageId);
  });

  it("goes on after the page was loaded anew, when the same file is chosen again", async () => {
    const imageId = await underway();
    await uppy.untilKept(imageId);
    await uppy.reload();
    const before = await sentParts(imageId);
    const begun = uppy.puts.length;
    expect(before.length).toBeLessThan(parts);
    await uppy.throttle(0);
    await uppy.until("uppy.getFiles().length === 1");
    if (await uppy.page.evaluate("uppy.getFiles()[0].isGhost")) await uppy.choose(large);
    await uppy.press('uppy.emit("restore-confirmed")');
    const { succeeded, errors } = await uppy.until("seen.complete === 1");
    expect(errors).toEqual([]);
    expect(idOf(succeeded[0]?.body.key)).toBe(imageId);
    // What was under way at the reload may have arrived after all.
    expect(uppy.puts.length - begun).toBeLessThanOrEqual(parts - before.length);
    await ready(imageId);
  });

  it("tries a part again by itself when the line breaks", async () => {
    let broken = 0;
    await uppy.page.route(/partNumber=3&/, async (route) => {
      if (route.request().method() !== "PUT" || broken > 0) return route.continue();
      broken += 1;
      return route.abort("connectionreset");
    });
    await uppy.choose(large);
    await uppy.press("uppy.upload()");
    const { succeeded, errors } = await uppy.until("seen.complete === 1");
    expect([broken, errors]).toEqual([1, []]);
    await ready(idOf(succeeded[0]?.body.key));
  });

  it("fails with a part that is refused, and succeeds when the user retries", async () => {
    let refused = 0;
    await uppy.page.route(/partNumber=3&/, async (route) => {
      if (route.request().method() !== "PUT" || refused > 0) return route.continue();
      refused += 1;
      return route.fulfill({ status: 403, headers: { "Access-Control-Allow-Origin": origin } });
    });
    await uppy.choose(large);
    await uppy.press("uppy.upload()");
    const failed = await uppy.until("seen.complete === 1");
    expect([refused, failed.errors.length, failed.succeeded]).toEqual([1, 1, []]);
    await uppy.press("uppy.retryAll()");
    const { succeeded } = await uppy.until("seen.succeeded.length === 1");
    await ready(idOf(succeeded[0]?.body.key));
  });

  it("of a page that may not use the system uploads nothing, and learns nothing", async () => {
    const foreign = origin.replace("127.0.0.1", "localhost");
    const { body } = await user.call<{ endpoint: string }>("POST", "/v1/uploads/uppy");
    const other = await openUppyPage(browser, foreign, program, `${url}${body.endpoint}`);
    try {
      await other.choose(small);
      await other.choose(large);
      await other.press("uppy.upload()");
      const { errors, succeeded } = await other.until("seen.complete === 1");
      expect([errors.length, succeeded, other.puts]).toEqual([2, [], []]);
      const token = JSON.stringify({ headers: { Authorization: `Bearer ${user.token}` } });
      for (const asked of [`"${url}/v1/images", ${token}`, `"${url}/v1/uploads/quota", ${token}`]) {
        await expect(other.page.evaluate(`fetch(${asked})`)).rejects.toThrow("Failed to fetch");
      }
    } finally {
      await other.close();
    }
  });
});
