import { mkdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { launchChromium, missing } from "../browser/chromium.ts";
import { signIn, type User, upload } from "../client.ts";
import { demoPictures } from "../demo/pictures.ts";
import { listenToFacts } from "../facts.ts";
import { type Picture, photosFolder, picturesOf } from "../pictures.ts";
import { newDataFolder, removeDataFolder, startSystem } from "../system.ts";

/**
 * `npm run screenshots`: the pictures of the documentation, taken of a system of its own with real pictures in it
 * (`../shared/photos` or SHOEBOX_PHOTOS, otherwise painted ones), into `docs/images`.
 */

const folder = fileURLToPath(new URL("../../docs/images/", import.meta.url));
/** Bytes of all of them together at most: they are part of every clone. */
const MOST_BYTES = 1_500_000;
/** Test pictures with numbers in them, broken ones, and one with people who were not asked. */
const NOT_SHOWN = /damaged|invalid|orientation|ixus|web-page/;
const WIDE = { width: 1440, height: 900 };
/** Two rows of pictures and what is above them. */
const GALLERY = { width: 1440, height: 640 };
const PHONE = { width: 390, height: 844 };

interface Shot {
  name: string;
  path: string;
  viewport: { width: number; height: number };
  colorScheme: "light" | "dark";
  /** What is done before it is taken; it ends when what shall be seen is there. */
  until(page: Page): Promise<unknown>;
}

const shots: Shot[] = [
  ...(["light", "dark"] as const).flatMap((colorScheme): Shot[] => [
    { name: `gallery-${colorScheme}`, path: "/", viewport: GALLERY, colorScheme, until: pictures },
    { name: `events-${colorScheme}`, path: "/events", viewport: WIDE, colorScheme, until: flow },
  ]),
  { name: "gallery-phone", path: "/", viewport: PHONE, colorScheme: "light", until: pictures },
  { name: "viewer", path: "/", viewport: WIDE, colorScheme: "dark", until: opened },
  { name: "history", path: "/events", viewport: WIDE, colorScheme: "light", until: history },
  { name: "api", path: "/docs", viewport: WIDE, colorScheme: "light", until: documented },
];

if (missing) {
  process.stderr.write(`${missing}\n`);
  process.exit(1);
}
const data = newDataFolder();
const system = await startSystem(data);
const browser = await launchChromium();
try {
  const user = await signIn(system.url, "ann");
  const photos = picturesOf(photosFolder);
  say(`sending ${photos.length > 0 ? photosFolder : "painted pictures"}`);
  await send(user, photos.length > 0 ? photos : await demoPictures());
  mkdirSync(folder, { recursive: true });
  let bytes = 0;
  for (const shot of shots) bytes += await take(shot, browser);
  say(`${(bytes / 1_000).toFixed(0)} kB in docs/images`);
  if (bytes > MOST_BYTES) throw new Error(`More than ${MOST_BYTES} bytes: take fewer, or smaller.`);
} finally {
  await browser.close();
  await system.stop();
  removeDataFolder(data);
}

async function take(shot: Shot, chromium: Browser): Promise<number> {
  const context = await chromium.newContext({
    viewport: shot.viewport,
    // Conditions are evaluated in the page, which its policy would forbid.
    bypassCSP: true,
    colorScheme: shot.colorScheme,
    deviceScaleFactor: shot.viewport === PHONE ? 2 : 1.25,
  });
  try {
    // Who is at the door of the gallery.
    const person = JSON.stringify(JSON.stringify({ name: "ann", admin: false }));
    await context.addInitScript(`localStorage.setItem("shoebox-user", ${person})`);
    const page = await context.newPage();
    await page.goto(`${system.url}${shot.path}`);
    await shot.until(page);
    const image = await sharp(await page.screenshot())
      .webp({ quality: 80, effort: 6 })
      .toBuffer();
    await writeFile(join(folder, `${shot.name}.webp`), image);
    say(`${shot.name} ${(image.length / 1_000).toFixed(0)} kB`);
    return image.length;
  } finally {
    await context.close();
  }
}

/** What can be shown, with its name for tags and a caption. */
async function send(user: User, all: Picture[]): Promise<void> {
  const facts = await listenToFacts(system.url);
  for (const { name, contentType, bytes, damaged } of all) {
    if (damaged || NOT_SHOWN.test(name)) continue;
    const words = name
      .replace(/[.]\w+$/, "")
      .split(/[^a-z]+/i)
      .filter((word) => word.length > 2);
    const caption = words.join(" ").replace(/^./, (first) => first.toUpperCase());
    const imageId = await upload(user, bytes, {
      contentType,
      fileName: name,
      tags: words,
      caption,
    });
    await facts.status(imageId, "ready");
  }
  facts.close();
}

async function pictures(page: Page): Promise<void> {
  await page.getByRole("gridcell").first().waitFor();
  await loaded(page);
}

async function opened(page: Page): Promise<void> {
  await pictures(page);
  await page.getByRole("gridcell").nth(3).getByRole("link").click();
  await page.waitForURL(/\/photos\//);
  await page.getByRole("button", { name: "Details" }).click();
  await page.getByRole("complementary", { name: "Details" }).waitFor();
  await loaded(page);
}

/** No picture is still on its way, and nothing fades in any more. */
async function loaded(page: Page): Promise<void> {
  await page.waitForFunction(
    "[...document.images].every(({ complete, naturalWidth }) => complete && naturalWidth > 0)",
  );
  await page.waitForFunction(
    "document.getAnimations().every(({ playState }) => playState !== 'running')",
  );
}

/** While its dots run. */
async function flow(page: Page): Promise<void> {
  const sender = page.getByRole("button", { name: "Send a picture through" });
  await sender.click();
  await page.getByText("Sent:").waitFor();
  for (const type of ["Object Created", "ImageProcessed"]) {
    await page.getByRole("tabpanel").getByText(type).first().waitFor();
    await sender.click();
  }
  // It can be pressed again once the last one is sent.
  await sender.and(page.locator(":enabled")).waitFor();
}

async function history(page: Page): Promise<void> {
  await flow(page);
  await page.getByRole("tab", { name: /^Images/ }).click();
  await page.getByRole("tabpanel").getByText("ready").first().click();
  const story = page.getByRole("region", { name: "History" });
  await story.getByText("ImageUpdated").first().waitFor();
  await story.getByText("Payload").nth(3).click();
  await story.getByRole("button", { name: /Play it/ }).click();
  // A second of it, so that there is something under way.
  await page.waitForFunction("performance.now() > 0", undefined, { polling: 1_000 });
}

async function documented(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle");
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
