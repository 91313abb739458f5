import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { type Image, type SearchPage, signIn, type User, upload } from "../client.ts";
import { eventually } from "../eventually.ts";
import { scene, smallPicture } from "../pictures.ts";
import { launchChromium, missing } from "./chromium.ts";
import { type GalleryWindow, NOWHERE, openGallery } from "./gallery-page.ts";

const url = inject("url");

if (missing) it.skip(missing, () => undefined);

/** Pictures of a new user, ready and known to the search, the newest first. */
async function libraryOf(...kinds: { tags: string[]; caption?: string }[]) {
  const user = await signIn(url);
  const ids: string[] = [];
  for (const [hue, { tags, caption }] of kinds.entries()) {
    const bytes = await smallPicture(hue * 40);
    ids.unshift(await upload(user, bytes, { contentType: "image/jpeg", tags, caption }));
  }
  await eventually(
    () => user.get<SearchPage>("/v1/search"),
    ({ body }) => body.total === kinds.length,
  );
  return { user, ids };
}

const image = async (user: User, imageId: string) =>
  (await user.get<Image>(`/v1/images/${imageId}`)).body;

describe.skipIf(missing)("the gallery", () => {
  let browser: Browser;
  let gallery: GalleryWindow | undefined;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  beforeEach(() => {
    gallery = undefined;
  });
  afterEach(async () => {
    expect(gallery?.complaints ?? []).toEqual([]);
    await gallery?.close();
  });
  const open = async (options: Parameters<typeof openGallery>[2]) => {
    gallery = await openGallery(browser, url, options);
    return gallery;
  };
  const shown = (window: GalleryWindow, count: number) =>
    eventually(
      () => window.tiles.count(),
      (there) => there === count,
    );

  it("asks who one is, remembers it, and lets one be somebody else", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const name = `visitor-${crypto.randomUUID()}`;
    await page.goto(url);
    await page.getByLabel("Your name").fill(name);
    await page.getByRole("button", { name: "Open my shoebox" }).click();
    await page.getByText("Your shoebox is empty").waitFor();
    await page.reload();
    await page.getByRole("button", { name: `Account of ${name}` }).click();
    await page.getByRole("button", { name: "Switch user" }).click();
    await page.getByLabel("Your name").waitFor();
    await context.close();
  });

  it("finds while one types, by tags from a list, and the address says what is shown", async () => {
    const { user } = await libraryOf(
      { tags: ["sea"], caption: "Sunset over the pier" },
      { tags: ["sea", "boat"], caption: "A fishing boat" },
      { tags: ["alps"], caption: "Sunrise on a summit" },
    );
    const window = await open({ user });
    const { page } = window;
    const field = page.getByRole("combobox", { name: "Search your photos" });
    await shown(window, 3);
    await field.fill("sun");
    await shown(window, 2);
    await field.fill("sunse");
    await shown(window, 1);
    expect(new URL(page.url()).search).toBe("?q=sunse");
    await field.fill("bo");
    await page.getByRole("option", { name: /^boat/ }).click();
    await shown(window, 1);
    expect(new URL(page.url()).search).toBe("?tag=boat");
    await page.getByRole("button", { name: "Search without the tag boat" }).click();
    await shown(window, 3);
    await page.getByRole("button", { name: /^sea 2$/ }).click();
    await shown(window, 2);
    await page.goBack();
    await shown(window, 3);
    await page.goForward();
    await shown(window, 2);
    await page.reload();
    await shown(window, 2);
    expect(await page.getByText("2 photos found").count()).toBe(1);
    await field.fill("nothing-like-it");
    await page.getByText("Nothing like that in the box").waitFor();
    await page.getByRole("button", { name: "Show all photos" }).click();
    await shown(window, 3);
  });

  it("shows one picture by its address, steps to its neighbours, looks closer, and comes back to the grid", async () => {
    const { user, ids } = await libraryOf({ tags: ["c"] }, { tags: ["b"] }, { tags: ["a"] });
    const window = await open({ user, path: `/photos/${ids[1]}` });
    const { page } = window;
    const showing = (imageId: string | undefined) =>
      page.waitForURL((address) => address.pathname === `/photos/${imageId}`);
    await page.locator(".stage img.loaded").waitFor();
    await page.getByText("2 of 3").waitFor();
    await page.keyboard.press("ArrowRight");
    await showing(ids[2]);
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await showing(ids[0]);
    await page.locator(".stage img.loaded").waitFor();
    const scale = async () => {
      const style = await page.locator(".stage-picture").getAttribute("style");
      return Number(/scale\(([\d.]+)\)/.exec(style ?? "")?.[1]);
    };
    expect(await scale()).toBe(1);
    await page.locator(".stage").dblclick();
    await eventually(scale, (value) => value > 2);
    await page.keyboard.press("0");
    await eventually(scale, (value) => value === 1);
    await page.mouse.wheel(0, -400);
    await eventually(scale, (value) => value > 1.5);
    await page.keyboard.press("Escape");
    await page.waitForURL(`${url}/`);
    // From the grid, going back is the same as closing.
    await window.tiles.nth(1).locator("a").click();
    await showing(ids[1]);
    await page.goBack();
    await page.waitForURL(`${url}/`);
    await shown(window, 3);
  });

  it("downloads the original under its name", async () => {
    const { user, ids } = await libraryOf({ tags: ["a"] });
    const { page } = await open({ user, path: `/photos/${ids[0]}` });
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download the original" }).click();
    const download = await downloading;
    expect(await download.failure()).toBeNull();
    expect(download.suggestedFilename()).toMatch(/\.jpg$/);
  });

  it("looks closer than renditions are good for by the original", async () => {
    const user = await signIn(url);
    const bytes = await scene(3000, 2000, 120).jpeg().toBuffer();
    const imageId = await upload(user, bytes, { contentType: "image/jpeg" });
    const { page } = await open({ user, path: `/photos/${imageId}` });
    await page.locator(".stage img.loaded").waitFor();
    expect(await page.locator(".stage img.original").count()).toBe(0);
    await page.locator(".stage").dblclick();
    await page.locator(".stage img.original").waitFor();
  });

  it("saves what is edited, and a search knows it right away", async () => {
    const { user, ids } = await libraryOf({ tags: ["old"] });
    const { page } = await open({ user, path: `/photos/${ids[0]}` });
    await page.keyboard.press("i");
    const panel = page.getByRole("complementary", { name: "Details" });
    await panel.getByLabel("Caption").fill("Grandmother's garden");
    await panel.getByLabel("Caption").press("Enter");
    await panel.getByText("Saved").waitFor();
    const tags = panel.getByRole("combobox", { name: "Add a tag" });
    await tags.fill("Roses");
    await tags.press("Enter");
    await panel.getByRole("button", { name: "Remove the tag old" }).click();
    await panel.getByLabel("Taken").fill("2019-06-01T12:30:00");
    await panel.getByText("Everybody").click();
    await eventually(
      () => image(user, ids[0] ?? ""),
      ({ tags, caption, visibility, takenAt }) =>
        tags.join() === "roses" &&
        caption === "Grandmother's garden" &&
        visibility === "public" &&
        takenAt?.startsWith("2019-06-01") === true,
    );
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Back to the gallery" }).click();
    await page.getByRole("button", { name: /^roses 1$/ }).click();
    await page.getByText("1 photo found").waitFor();
    // A stranger sees it, and may not change it.
    const stranger = await openGallery(browser, url, {
      path: "/?scope=public&tag=roses&q=grandmother",
    });
    await stranger.tiles.first().locator("a").click();
    await stranger.page.keyboard.press("i");
    await stranger.page.getByText("Grandmother's garden").first().waitFor();
    expect(await stranger.page.getByRole("button", { name: "Delete" }).count()).toBe(0);
    expect(await stranger.page.getByLabel("Caption").count()).toBe(0);
    await stranger.close();
  });

  it("tags many at once", async () => {
    const { user, ids } = await libraryOf({ tags: ["x"] }, { tags: ["x"] }, { tags: ["x"] });
    const window = await open({ user });
    const { page, tiles } = window;
    await shown(window, 3);
    await tiles.nth(0).getByRole("checkbox").click();
    await tiles
      .nth(2)
      .getByRole("checkbox")
      .click({ modifiers: ["Shift"] });
    await page.getByText("3 photos selected").waitFor();
    await tiles.nth(1).locator("a").click();
    await page.getByText("2 photos selected").waitFor();
    await page.getByRole("button", { name: "Tags" }).click();
    const field = page.getByRole("combobox", { name: "Add tags" });
    await field.fill("holiday");
    await field.press("Enter");
    await page.getByText("x 2", { exact: true }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Tags of 2 photos changed").waitFor();
    const tagged = await Promise.all(ids.map((imageId) => image(user, imageId)));
    expect(tagged.map(({ tags }) => tags.join())).toEqual(["holiday", "x", "holiday"]);
  });

  it("deletes many, but not before a few seconds are over in which it is taken back", {
    timeout: 150_000,
  }, async () => {
    const { user, ids } = await libraryOf({ tags: ["x"] }, { tags: ["x"] }, { tags: ["x"] });
    const window = await open({ user });
    const { page, tiles } = window;
    const sent: string[] = [];
    page.on("request", (request) => {
      if (request.url().endsWith("/v1/images/batch")) sent.push(request.postData() ?? "");
    });
    const deleteFirstTwo = async () => {
      await shown(window, 3);
      await tiles.nth(0).getByRole("checkbox").click();
      await tiles.nth(1).getByRole("checkbox").click();
      await page.getByRole("button", { name: "Delete" }).click();
      await page.getByText("2 photos deleted").waitFor();
      await shown(window, 1);
    };
    await deleteFirstTwo();
    await page.getByRole("button", { name: "Undo" }).click();
    await shown(window, 3);
    expect(sent).toEqual([]);
    await deleteFirstTwo();
    const statuses = () =>
      Promise.all(ids.map(async (imageId) => (await user.get(`/v1/images/${imageId}`)).status));
    await eventually(statuses, (all) => all.join() === "404,404,200", 90_000);
    expect(sent).toHaveLength(1);
    await page.reload();
    await shown(window, 1);
  });

  it("deletes what was deleted when the page is left before the few seconds are over", async () => {
    const { user, ids } = await libraryOf({ tags: ["x"] }, { tags: ["x"] });
    const window = await open({ user });
    await shown(window, 2);
    await window.tiles.nth(0).getByRole("checkbox").click();
    await window.page.getByRole("button", { name: "Delete" }).click();
    await shown(window, 1);
    await window.page.goto(`${url}/docs`);
    await eventually(
      async () => (await user.get(`/v1/images/${ids[0]}`)).status,
      (status) => status === 404,
    );
  });

  it("shows what another window, or another device, has put in and taken out", async () => {
    const { user, ids } = await libraryOf({ tags: ["x"] });
    const window = await open({ user });
    const { page } = window;
    await shown(window, 1);
    const fresh = await upload(user, await smallPicture(200), { contentType: "image/jpeg" });
    await user.call("DELETE", `/v1/images/${ids[0]}`);
    const count = (imageId: string | undefined) =>
      page.locator(`[data-image="${imageId}"]`).count();
    await eventually(
      async () => {
        // As a browser tells a page that it is looked at again.
        await page.evaluate(
          "void document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))",
        );
        // The new one is told of by events, and may be later than the deletion.
        return [await count(ids[0]), await count(fresh)];
      },
      ([gone, there]) => gone === 0 && there === 1,
    );
    await window.tiles.locator("img.loaded").waitFor();
    await shown(window, 1);
  });

  it("brings pictures back whose addresses have ended, and says when there is no network", async () => {
    const { user } = await libraryOf({ tags: ["x"] });
    const window = await open({ user, path: NOWHERE });
    const { page } = window;
    let refused = 0;
    await page.route(/\/renditions\//, (route) => {
      refused += 1;
      return refused <= 2 ? route.fulfill({ status: 403, body: "" }) : route.continue();
    });
    await page.goto(url);
    await window.tiles.first().locator("img.loaded").waitFor();
    expect(refused).toBeGreaterThan(2);
    await page.context().setOffline(true);
    await page.getByText("You are offline").waitFor();
    await page.context().setOffline(false);
    await page.getByText("You are offline").waitFor({ state: "detached" });
  });

  it("says what went wrong when nothing can be loaded, and goes on when it can", async () => {
    const { user } = await libraryOf({ tags: ["x"] });
    const window = await open({ user, path: NOWHERE });
    const { page } = window;
    await page.route(/\/v1\/images\?/, (route) => route.fulfill({ status: 404, body: "gone" }));
    await page.goto(url);
    await page.getByText("The photos can't be loaded").waitFor();
    await page.unroute(/\/v1\/images\?/);
    await page.getByRole("button", { name: "Try again" }).click();
    await shown(window, 1);
  });

  it("has a library of thousands in a page that stays small", { timeout: 150_000 }, async () => {
    const { user, ids } = await libraryOf({ tags: ["x"] });
    const like = await image(user, ids[0] ?? "");
    const total = 1_800;
    const window = await open({ user, path: NOWHERE });
    const { page } = window;
    await page.route(/\/v1\/images\?/, (route) => {
      const from = Number(new URL(route.request().url()).searchParams.get("cursor") ?? 0);
      const items = Array.from({ length: Math.min(60, total - from) }, (_, offset) => {
        const place = from + offset;
        const month = String(12 - Math.floor(place / 150)).padStart(2, "0");
        const imageId = `${String(total - place).padStart(8, "0")}-0000-7000-8000-000000000000`;
        const size = { width: 400 + (place % 5) * 100, height: 400 };
        return { ...like, ...size, imageId, uploadedAt: `2025-${month}-10T00:00:00.000Z` };
      });
      const next = from + items.length < total ? { nextCursor: String(from + 60) } : {};
      return route.fulfill({ json: { items, ...next } });
    });
    await page.goto(url);
    await page.getByRole("heading", { name: "December 2025" }).waitFor();
    await eventually(
      async () => {
        await page.evaluate("window.scrollTo(0, document.body.scrollHeight)");
        return page.locator(`a[data-index="${total - 1}"]`).count();
      },
      (count) => count === 1,
      120_000,
    );
    expect(await window.tiles.count()).toBeLessThan(150);
    const widest =
      "Math.max(...[...document.querySelectorAll('.tile')].map((tile) => tile.getBoundingClientRect().right)) <= innerWidth";
    expect(await page.evaluate(widest)).toBe(true);
  });
});
