import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { eventually } from "../eventually.ts";

export type UppyVersion = "v5" | "v6";

/** What the page's Uppy has told. */
interface Seen {
  parts: number;
  errors: string[];
  succeeded: { uploadURL: string; body: Record<string, unknown> }[];
  complete: number;
}

/** A page with the unmodified Uppy of a version in it, as an application of its own origin has it. */
export interface UppyPage {
  page: Page;
  /** The PUTs that the page has begun, by their URLs. */
  puts: URL[];
  /** Chooses this file in the page's file input. */
  choose(file: string): Promise<void>;
  /** Presses a button of the application: a call such as `uppy.pauseAll()`. */
  press(call: string): Promise<void>;
  /** Resolves when a condition over `seen` and `uppy` holds. */
  until(condition: string): Promise<Seen>;
  /** Resolves when what would be restored after a reload holds this text. */
  untilKept(text: string): Promise<void>;
  /** Loads the page anew, as a user does, and starts Uppy on it. */
  reload(): Promise<void>;
  /** Bytes a second that the page may send; 0 for as many as it can. */
  throttle(bytesPerSecond: number): Promise<void>;
  close(): Promise<void>;
}

const SEEN = `
  window.seen = { parts: 0, errors: [], succeeded: [], complete: 0 };
  uppy.on("s3-multipart:part-uploaded", () => { seen.parts += 1; });
  uppy.on("upload-error", (file, error) => { seen.errors.push(error.message); });
  uppy.on("upload-success", (file, { uploadURL, body }) => { seen.succeeded.push({ uploadURL, body }); });
  uppy.on("complete", () => { seen.complete += 1; });
  uppy.on("restored", () => { seen.restored = true; });
`;

const INPUT = `
  const input = document.createElement("input");
  input.type = "file";
  input.addEventListener("change", () => {
    for (const data of input.files) uppy.addFile({ source: "input", name: data.name, type: data.type, data });
  });
  document.body.append(input);
`;

/** Searches what Golden Retriever keeps: version 5 in the local storage, version 6 in IndexedDB. */
const KEPT = `async (text) => {
  if (Object.values(localStorage).some((value) => value.includes(text))) return true;
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((resolve) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => resolve(opening.result);
    });
    for (const store of db.objectStoreNames) {
      const records = await new Promise((resolve) => {
        const reading = db.transaction([store]).objectStore(store).getAll();
        reading.onsuccess = () => resolve(reading.result);
      });
      if (records.some(({ metadata }) => String(metadata).includes(text))) return true;
    }
    db.close();
  }
  return false;
}`;

/** The page's program, bundled from the packages as they are published. */
export async function bundle(version: UppyVersion): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`../../clients/uppy-${version}/page.ts`, import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
  });
  return outputFiles[0]?.text ?? "";
}

export async function openUppyPage(
  browser: Browser,
  origin: string,
  program: string,
  endpoint: string,
): Promise<UppyPage> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const puts: URL[] = [];
  page.on("request", (request) => {
    if (request.method() === "PUT") puts.push(new URL(request.url()));
  });
  const start = async () => {
    await page.addScriptTag({ content: program });
    await page.evaluate(
      `window.uppy = window.start(${JSON.stringify(endpoint)}); ${SEEN} ${INPUT}`,
    );
  };
  await page.goto(origin);
  await start();
  const network = await context.newCDPSession(page);

  return {
    page,
    puts,
    choose: (file) => page.setInputFiles("input", file),
    press: async (call) => {
      await page.evaluate(`void ${call}`);
    },
    until: async (condition) => {
      await page.waitForFunction(condition, undefined, { polling: 20, timeout: 30_000 });
      return await page.evaluate("seen");
    },
    untilKept: async (text) => {
      const kept = () => page.evaluate<boolean>(`(${KEPT})(${JSON.stringify(text)})`);
      await eventually(kept, (found) => found);
    },
    reload: async () => {
      await page.reload();
      await start();
    },
    throttle: async (bytesPerSecond) => {
      await network.send("Network.emulateNetworkConditions", {
        offline: false,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput: bytesPerSecond || -1,
      });
    },
    close: () => context.close(),
  };
}
