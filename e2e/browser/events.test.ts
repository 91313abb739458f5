import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { signIn, upload } from "../client.ts";
import { listenToFacts } from "../facts.ts";
import { smallPicture } from "../pictures.ts";
import { newDataFolder, removeDataFolder, startSystem } from "../system.ts";
import { launchChromium, missing } from "./chromium.ts";

const BUS = "shoebox-local-platform-events";
const PROJECTOR = "shoebox-local-search-projector";
/** Milliseconds. Far above what anything takes, so that only what never comes fails. */
const PATIENCE = 45_000;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const url = inject("url");

if (missing) it.skip(missing, () => undefined);

describe.skipIf(missing)("the event view", () => {
  let browser: Browser;
  let page: Page;
  let errors: string[];

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    page = await open(url);
  });
  afterEach(async () => {
    expect(errors).toEqual([]);
    await page.context().close();
  });

  async function open(system: string, path = "/events"): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const opened = await context.newPage();
    opened.setDefaultTimeout(PATIENCE);
    errors = [];
    opened.on("pageerror", (error) => errors.push(String(error)));
    await opened.goto(`${system}${path}`);
    await opened.getByText("Live", { exact: true }).waitFor();
    return opened;
  }
  const tab = (name: string) => page.getByRole("tab", { name: new RegExp(`^${name}`) });
  const rows = (text: string) => page.getByRole("tabpanel").getByRole("button", { name: text });
  const place = (id: string) => page.locator(`[data-id="${id}"]`);

  it("takes a picture through by one click, and tells its whole history with times and payloads", async () => {
    await page.getByRole("button", { name: "Send a picture through" }).click();
    await page.getByRole("button", { name: /^History of/ }).click();
    const story = page.getByRole("region", { name: "History" });
    const line = (type: string) => story.getByRole("listitem").filter({ hasText: type }).first();
    for (const type of [
      "Object Created",
      "ImageUploaded",
      "ImageCataloged",
      "ImageProcessed",
      "ImageUpdated",
    ]) {
      await line(type).waitFor();
    }
    expect(await story.getByRole("listitem").first().textContent()).toContain("+0 ms");
    expect(await line("ImageUploaded").textContent()).toMatch(/→ processing, catalog[\s\S]*later/);
    const id = /#([\w-]+)$/.exec(page.url())?.[1];
    await line("ImageProcessed").getByText("Payload").click();
    await line("ImageProcessed").getByText(`"${id}"`).waitFor();
    await story.getByRole("button", { name: /Play it/ }).click();
    // What it was made of, before anybody looked: from the archive, on a page that has seen nothing of it.
    const other = await open(url, `/events#${id}`);
    await other.getByRole("region", { name: "History" }).getByText("ImageProcessed").waitFor();
    await other.context().close();
    await story.getByRole("button", { name: /All events/ }).click();
    await tab("Images").click();
    await page.getByRole("tabpanel").getByText("ready").first().waitFor();
  });

  it("draws what the programs declare, counts what runs, and shows the events of a part that is chosen", async () => {
    await page.getByRole("button", { name: "Send a picture through" }).click();
    const projector = place(`queue:${PROJECTOR}`);
    await projector.getByText(/\d/).waitFor();
    await projector.hover();
    expect(await page.getByRole("tooltip").textContent()).toMatch(/ImageUpdated[\s\S]*\d+ seen/);
    await projector.focus();
    await page.keyboard.press("ArrowDown");
    await page.getByRole("tooltip").getByText("Queue rebuild-projector").waitFor();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "No longer only search-projector" }).waitFor();
    await rows("ImageCataloged").first().waitFor();
    expect(await rows("ImageUploaded").count()).toBe(0);
    await page.getByLabel("Type of event").selectOption("ImageUpdated");
    await rows("ImageUpdated").first().waitFor();
    await expect.poll(() => rows("ImageCataloged").count()).toBe(0);
  });

  it("shows a dead letter in red where it happened, with its reason and origin", async () => {
    const [env, imageId] = [awsEnvironment(), randomUUID()];
    await tellNonsense(env, imageId);
    await place(`queue:${PROJECTOR}`).locator(".pill-dead").waitFor();
    await tab("Dead letters").click();
    const letter = page.getByRole("article").filter({ hasText: PROJECTOR }).first();
    expect(await letter.textContent()).toContain("it can't be read");
    const red = await page.evaluate(
      "getComputedStyle(document.querySelector('.letter')).borderLeftColor",
    );
    expect(red).toBe("rgb(196, 36, 28)");
    await letter.getByText("Payload").click();
    await letter.getByText(`"${imageId}"`).waitFor();
    await letter.getByRole("button", { name: "History" }).click();
    const story = page.getByRole("region", { name: "History" });
    await story.getByText("ImageUpdated").first().waitFor();
    await story.getByRole("article").waitFor();
  });

  it("holds still while it is paused, and then shows what it has missed", async () => {
    await page.getByRole("button", { name: "Clear", exact: true }).click();
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    const facts = await listenToFacts(url);
    const user = await signIn(url);
    const imageId = await upload(user, await smallPicture(7), { contentType: "image/jpeg" });
    await facts.status(imageId, "ready");
    facts.close();
    const resume = page.getByRole("button", { name: /^Resume \(\d+\)/ });
    await resume.waitFor();
    const own = page.getByRole("tabpanel").getByText(imageId.slice(-6));
    expect(await own.count()).toBe(0);
    await resume.click();
    await own.first().waitFor();
    // S3's own event names no owner.
    expect(await rows("Object Created").count()).toBeGreaterThan(0);
    await page.getByLabel("Image, owner or correlation id").fill(user.id);
    await expect.poll(() => rows("Object Created").count()).toBe(0);
    await rows("ImageUpdated").first().waitFor();
  });

  it.each([
    [1440, "light"],
    [820, "dark"],
    [390, "light"],
  ] as const)(
    "fits %i pixels in %s colours, and hides nothing from those who do not see it",
    async (width, colorScheme) => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 900 });
      await page.getByRole("button", { name: "Send a picture through" }).click();
      await rows("ImageUpdated").first().waitFor();
      const wider = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth",
      );
      expect(wider).toBe(0);
      await page.evaluate(axe);
      const found = await page.evaluate<{ id: string; nodes: { html: string }[] }[]>(
        "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'] }).then(({ violations }) => violations)",
      );
      expect(
        found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`),
      ).toEqual([]);
    },
  );

  it("says that the system is away, finds it again, and says that it was started anew", async () => {
    const folder = newDataFolder();
    let system = await startSystem(folder);
    try {
      const watching = await open(system.url);
      await system.stop();
      await watching.getByText("The system is away").waitFor();
      const before = system.url;
      system = await startSystem(folder);
      expect(system.url).toBe(before);
      await watching.getByText("the system was started again").waitFor();
      await watching.getByRole("button", { name: "Send a picture through" }).click();
      await watching.getByRole("tabpanel").getByText("ImageProcessed").first().waitFor();
      await watching.context().close();
    } finally {
      await system.stop();
      removeDataFolder(folder);
    }
  }, 180_000);
});

/** How the SDK reaches the system's own engines. */
function awsEnvironment(): Record<string, string | undefined> {
  return parseEnv(readFileSync(join(inject("folder"), "aws.env"), "utf8"));
}

/** Puts an event on the bus that is one by its envelope and none by its content. */
async function tellNonsense(
  env: Record<string, string | undefined>,
  imageId: string,
): Promise<void> {
  const client = new EventBridgeClient({
    endpoint: env.AWS_ENDPOINT_URL_EVENTBRIDGE,
    region: env.AWS_REGION,
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID ?? "",
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? "",
    },
  });
  const metadata = {
    eventId: randomUUID(),
    occurredAt: new Date().toISOString(),
    correlationId: randomUUID(),
    schemaVersion: 1,
    producer: "catalog",
  };
  const Detail = JSON.stringify({ metadata, data: { image: { imageId, version: "three" } } });
  const Entries = [
    { EventBusName: BUS, Source: "shoebox.catalog", DetailType: "ImageUpdated", Detail },
  ];
  await client.send(new PutEventsCommand({ Entries }));
  client.destroy();
}
