import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { type Image, signIn, type User } from "../client.ts";
import { writeLargeFile } from "../clients/large-file.ts";
import { eventually } from "../eventually.ts";
import { smallPicture } from "../pictures.ts";
import { launchChromium, missing } from "./chromium.ts";

const MB = 1024 ** 2;
const LARGE = 101 * MB;

const url = inject("url");
const origin = inject("origin");

/** The whole client, as a bundler makes it for a page. */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: 'export * from "@shoebox/client";', resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    format: "iife",
    globalName: "shoebox",
    target: "es2022",
  });
  return outputFiles[0]?.text ?? "";
}

if (missing) it.skip(missing, () => undefined);

describe.skipIf(missing)("@shoebox/client in a browser, from a page of another origin", () => {
  let folder: string;
  let browser: Browser;
  let program: string;
  let user: User;
  let page: Page;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "shoebox-browser-client-"));
    await writeFile(join(folder, "small.png"), await smallPicture(200, "png"));
    await writeLargeFile(join(folder, "large.jpg"), LARGE, 201);
    [browser, program] = await Promise.all([launchChromium(), bundle()]);
  });
  afterAll(async () => {
    await browser?.close();
    if (folder) await rm(folder, { recursive: true });
  });

  beforeEach(async () => {
    user = await signIn(url);
    page = await browser.newPage();
    await page.goto(origin);
    await page.addScriptTag({ content: program });
    const options = JSON.stringify({ url, token: user.token });
    await page.evaluate(`
      window.client = shoebox.createClient(${options});
      window.progress = [];
      const input = document.createElement("input");
      input.type = "file";
      document.body.append(input);
    `);
  });
  afterEach(() => page?.close());

  /** Uploads the file that is chosen; `more` are options, as code. */
  const upload = (more: string) =>
    page.evaluate<{
      imageId: string;
    }>(`shoebox.uploadImage(client, document.querySelector("input").files[0], {
      onProgress: ({ loaded }) => progress.push(loaded),
      onBegun: ({ imageId }) => { window.begun = imageId; },
      ${more}
    })`);
  const progress = () => page.evaluate<number[]>("progress");
  const ready = async (imageId: string) => {
    const path = `/v1/images/${imageId}`;
    const answer = await eventually(
      () => user.get<Image>(path),
      ({ body }) => body.status === "ready",
    );
    return answer.body;
  };

  it("sends a form and tells how far it is", async () => {
    await page.setInputFiles("input", join(folder, "small.png"));
    const { imageId } = await upload('tags: ["sea"]');
    expect(await ready(imageId)).toMatchObject({ tags: ["sea"], fileName: "small.png" });
    const told = await progress();
    expect(told.at(-1)).toBe((await user.get<Image>(`/v1/images/${imageId}`)).body.size);
    expect(await page.evaluate("shoebox.getQuota(client)")).toMatchObject({ images: { used: 1 } });
  });

  it("sends parts, is called off in the middle, and goes on with what is there", async () => {
    await page.setInputFiles("input", join(folder, "large.jpg"));
    const stopped = upload(`
      concurrency: 1,
      keepOnAbort: true,
      signal: (window.controller = new AbortController()).signal,
      onProgress: ({ loaded }) => loaded > ${17 * MB} && controller.abort(new Error("enough")),
    `);
    await expect(stopped).rejects.toThrow("enough");
    const { imageId } = await upload("resume: begun");
    expect(imageId).toBe(await page.evaluate("begun"));
    const told = await progress();
    expect(told[0]).toBeGreaterThanOrEqual(16 * MB);
    expect(told.at(-1)).toBe(LARGE);
    expect(await ready(imageId)).toMatchObject({ size: LARGE, width: 64 });
  });

  it("tells the service's problems, field by field, across origins", async () => {
    const told = await page.evaluate(`
      shoebox.uploadImage(client, new Blob(["GIF89a"], { type: "image/gif" }))
        .catch(({ status, code, errors }) => ({ status, code, fields: errors.map(({ field }) => field) }))
    `);
    expect(told).toEqual({ status: 415, code: "unsupported-media-type", fields: ["contentType"] });
  });
});
