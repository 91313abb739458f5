import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { signIn, type User } from "../client.ts";

/** The gallery of a user of his own, in a window of its own. */
export interface GalleryWindow {
  page: Page;
  user: User;
  /** What the browser complained of: broken policies, errors nobody caught. */
  complaints: string[];
  /** Chooses files as the button does. */
  choose(...files: (string | { name: string; mimeType: string; buffer: Buffer })[]): Promise<void>;
  /** The pictures of the grid. */
  tiles: Locator;
  close(): Promise<void>;
}

export interface GalleryOptions extends BrowserContextOptions {
  user?: User;
  admin?: boolean;
  path?: string;
}

/**
 * A deletion can be taken back for six seconds; on a busy machine a test may need more to get to the
 * button, so here it is half a minute.
 */
const MORE_TIME = `
  const set = window.setTimeout;
  window.setTimeout = (run, ms, ...rest) => set(run, ms === 6000 ? 30000 : ms, ...rest);
`;

/** A page of the same origin that is not the gallery: to prepare something before it is opened. */
export const NOWHERE = "/docs";

/** Opens the gallery; whoever is not given is somebody new. */
export async function openGallery(
  browser: Browser,
  url: string,
  { user, admin = false, path = "/", ...options }: GalleryOptions = {},
): Promise<GalleryWindow> {
  const who = user ?? (await signIn(url));
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  // What its page at the door would remember.
  const person = JSON.stringify(JSON.stringify({ name: who.id, admin }));
  await context.addInitScript(`localStorage.setItem("shoebox-user", ${person})`);
  await context.addInitScript(MORE_TIME);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (message) => {
    if (/content security policy/i.test(message.text())) complaints.push(message.text());
  });
  await page.goto(`${url}${path}`);
  // Before that it has no keys, and takes nothing that is dropped.
  if (path !== NOWHERE) await page.locator(".page").waitFor({ state: "attached" });
  return {
    page,
    user: who,
    complaints,
    choose: (...files) => page.setInputFiles("header input[type=file]", files as string[]),
    tiles: page.getByRole("gridcell").filter({ has: page.locator("a") }),
    close: () => context.close(),
  };
}
