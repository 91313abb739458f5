import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { UnsecuredJWT } from "jose";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { type SearchPage, signIn, type User, upload } from "../client.ts";
import { eventually } from "../eventually.ts";
import { smallPicture } from "../pictures.ts";
import { launchChromium, missing } from "./chromium.ts";
import { type GalleryWindow, openGallery } from "./gallery-page.ts";

const url = inject("url");
const axe = readFileSync(fileURLToPath(import.meta.resolve("axe-core")), "utf8");

if (missing) it.skip(missing, () => undefined);

interface Violation {
  id: string;
  impact: string;
  nodes: { html: string; failureSummary: string }[];
}

/** What axe finds that is serious, each as a sentence. */
async function seriousFaults(page: Page): Promise<string[]> {
  // What fades in is not what is judged.
  await page.evaluate(
    "Promise.allSettled(document.getAnimations().filter((a) => a.effect.getTiming().iterations !== Infinity).map((a) => a.finished))",
  );
  await page.evaluate(axe);
  const { violations } = await page.evaluate<{ violations: Violation[] }>(
    "axe.run({ resultTypes: ['violations'] })",
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
    );
}

describe.skipIf(missing)("the gallery", () => {
  let browser: Browser;
  let user: User;
  let gallery: GalleryWindow | undefined;

  beforeAll(async () => {
    browser = await launchChromium();
    user = await signIn(url);
    for (const [hue, tags] of [["sea"], ["sea", "boat"], ["alps"], ["alps"]].entries()) {
      await upload(user, await smallPicture(hue * 50), { contentType: "image/jpeg", tags });
    }
    await eventually(
      () => user.get<SearchPage>("/v1/search"),
      ({ body }) => body.total === 4,
    );
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
    gallery = await openGallery(browser, url, { user, ...options });
    return gallery;
  };
  const loaded = (window: GalleryWindow) => window.tiles.first().locator("img.loaded").waitFor();

  describe.each(["light", "dark"] as const)("in %s colours", (colorScheme) => {
    it("has nothing that keeps somebody out: the grid, a search, a selection, a picture, its details, the rebuilds", {
      timeout: 150_000,
    }, async () => {
      const window = await open({ colorScheme, admin: true });
      const { page, tiles } = window;
      await loaded(window);
      expect(await seriousFaults(page)).toEqual([]);
      await page.getByRole("combobox", { name: "Search your photos" }).fill("s");
      await page.getByRole("option").first().waitFor();
      expect(await seriousFaults(page)).toEqual([]);
      await page.goto(url);
      await tiles.nth(1).getByRole("checkbox").click();
      await page.getByRole("button", { name: "Tags" }).click();
      expect(await seriousFaults(page)).toEqual([]);
      await page.getByRole("button", { name: "Cancel" }).click();
      await page.getByRole("button", { name: "Select nothing" }).click();
      await page.getByRole("button", { name: /^Account/ }).click();
      expect(await seriousFaults(page)).toEqual([]);
      await page.keyboard.press("Escape");
      await tiles.nth(1).locator("a").click();
      await page.keyboard.press("i");
      await page.getByRole("complementary", { name: "Details" }).waitFor();
      await page.locator(".stage img.loaded").waitFor();
      expect(await seriousFaults(page)).toEqual([]);
      await page.goto(`${url}/admin/rebuilds`);
      await page.getByRole("table").waitFor();
      expect(await seriousFaults(page)).toEqual([]);
    });

    it("has nothing at its door that keeps somebody out", async () => {
      const context = await browser.newContext({ colorScheme });
      const page = await context.newPage();
      await page.goto(url);
      await page.getByLabel("Your name").waitFor();
      expect(await seriousFaults(page)).toEqual([]);
      await context.close();
    });
  });

  it("has the colours of the system, or the ones that were chosen, from the first paint on", async () => {
    const paper = "getComputedStyle(document.body).backgroundColor";
    const window = await open({ colorScheme: "dark" });
    const { page } = window;
    await loaded(window);
    const dark = await page.evaluate(paper);
    await page.emulateMedia({ colorScheme: "light" });
    const light = await page.evaluate(paper);
    expect(light).not.toBe(dark);
    await page.getByRole("button", { name: /^Account/ }).click();
    await page.getByText("Dark", { exact: true }).click();
    expect(await page.evaluate(paper)).toBe(dark);
    await page.reload();
    await loaded(window);
    expect(await page.evaluate(paper)).toBe(dark);
  });

  it("is used by the keyboard alone: search, go, select, open, edit, come back, delete and take back", async () => {
    const window = await open({});
    const { page } = window;
    await loaded(window);
    const at = () => page.evaluate<string>("document.activeElement?.dataset?.index ?? ''");
    const arrive = (index: number) => eventually(at, (now) => now === String(index));
    await page.keyboard.press("/");
    await page.keyboard.type("alps");
    await eventually(
      () => window.tiles.count(),
      (count) => count === 2,
    );
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await eventually(
      () => window.tiles.count(),
      (count) => count === 4,
    );
    for (let tabs = 0; tabs < 40 && (await at()) === ""; tabs += 1)
      await page.keyboard.press("Tab");
    await arrive(0);
    await page.keyboard.press("ArrowRight");
    await arrive(1);
    await page.keyboard.press("Space");
    await page.getByText("1 photo selected").waitFor();
    await page.keyboard.press("Shift+ArrowRight");
    await page.getByText("2 photos selected").waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("2 photos selected").waitFor({ state: "detached" });
    await arrive(2);
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Photo" }).waitFor();
    await page.keyboard.press("ArrowRight");
    await page.getByText("4 of 4").waitFor();
    await page.keyboard.press("Delete");
    await page.getByText("Photo deleted").waitFor();
    await page.getByText("3 of 3").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: "Photo" }).waitFor({ state: "detached" });
    await arrive(2);
    await page.getByRole("button", { name: "Undo" }).press("Enter");
    await eventually(
      () => window.tiles.count(),
      (count) => count === 4,
    );
  });

  it("fits a phone: nothing is wider than the page, a tap opens, swipes step and close, a long press selects", async () => {
    const window = await open({
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    const { page, tiles } = window;
    await loaded(window);
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    const button = await page.getByRole("button", { name: "Upload" }).boundingBox();
    expect(button?.y).toBeGreaterThan(700);
    await tiles.first().locator("a").tap();
    await page.getByText("1 of 4").waitFor();
    await page.locator(".stage img.loaded").waitFor();
    const touch = await page.context().newCDPSession(page);
    const swipe = async (dx: number, dy: number) => {
      const [x, y] = [195, 400];
      await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x, y }] });
      for (const part of [0.3, 0.6, 1]) {
        const point = { x: x + dx * part, y: y + dy * part };
        await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [point] });
      }
      await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    };
    await swipe(-150, 0);
    await page.getByText("2 of 4").waitFor();
    await swipe(150, 0);
    await page.getByText("1 of 4").waitFor();
    // Clicks, not taps: Chromium takes a tap right after a swipe for one that stops the page.
    await page.getByRole("button", { name: "Details" }).click();
    await page.getByRole("complementary", { name: "Details" }).waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    await page.getByRole("button", { name: "Close the details" }).click();
    await swipe(0, 200);
    await page.waitForURL(`${url}/`);
    const box = await tiles.nth(1).boundingBox();
    const point = { x: (box?.x ?? 0) + 30, y: (box?.y ?? 0) + 30 };
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [point] });
    await page.getByText("1 photo selected").waitFor();
    await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    expect(await seriousFaults(page)).toEqual([]);
  });

  it("signs in at an OpenID provider, by a code with PKCE, where its settings name one", async () => {
    const issuer = "https://id.example";
    const json = (body: unknown) => ({
      json: body,
      headers: { "Access-Control-Allow-Origin": "*" },
    });
    // What serves the deployed pages allows the issuer in their policy.
    const context = await browser.newContext({ bypassCSP: true });
    const page = await context.newPage();
    await page.route("**/config.json", (route) => route.fulfill(json({ issuer, clientId: "web" })));
    await page.route(`${issuer}/.well-known/openid-configuration`, (route) =>
      route.fulfill(
        json({
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
        }),
      ),
    );
    let asked = new URLSearchParams();
    await page.route(`${issuer}/authorize?*`, (route) => {
      asked = new URL(route.request().url()).searchParams;
      const back = `${asked.get("redirect_uri")}?code=a-code&state=${asked.get("state")}`;
      return route.fulfill({ status: 302, headers: { Location: back } });
    });
    let exchanged = new URLSearchParams();
    await page.route(`${issuer}/token`, (route) => {
      exchanged = new URLSearchParams(route.request().postData() ?? "");
      const claims = { sub: user.id, iss: issuer, aud: "web", name: "Ann Example" };
      const id_token = new UnsecuredJWT(claims).setIssuedAt().setExpirationTime("1h").encode();
      return route.fulfill(
        json({ access_token: user.token, id_token, token_type: "Bearer", expires_in: 3600 }),
      );
    });
    await page.goto(`${url}/?tag=alps`);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("button", { name: "Account of Ann Example" }).waitFor();
    expect(new URL(page.url()).search).toBe("?tag=alps");
    expect([asked.get("code_challenge_method"), asked.get("response_type")]).toEqual([
      "S256",
      "code",
    ]);
    expect([exchanged.get("code"), exchanged.get("code_verifier")]).toEqual([
      "a-code",
      expect.stringMatching(/^[\w-]{43,}$/),
    ]);
    await page.reload();
    await page.getByRole("button", { name: "Account of Ann Example" }).waitFor();
    await context.close();
  });

  it("lets administrators rebuild the search index, watch it, roll it back, and compare; others not", {
    timeout: 180_000,
  }, async () => {
    const window = await open({ admin: true, path: "/admin/rebuilds" });
    const { page } = window;
    await page.getByRole("button", { name: "Start the rebuild" }).click();
    const first = page.locator(".rebuild").first();
    await first.and(page.locator(".completed")).waitFor({ timeout: 60_000 });
    await first.getByRole("button", { name: "Roll back" }).click();
    await first.getByText("rolled back").waitFor();
    await first.getByRole("button", { name: "Use the rebuilt index again" }).click();
    await first.getByRole("button", { name: "Roll back" }).waitFor();
    await page.getByRole("button", { name: "Compare now" }).click();
    await page.locator(".comparison p").waitFor({ timeout: 60_000 });
    const other = await openGallery(browser, url, { path: "/admin/rebuilds" });
    await other.page.getByText("This page is for administrators").waitFor();
    await other.close();
  });
});
