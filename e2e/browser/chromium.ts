import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const executablePath = process.env.SHOEBOX_CHROMIUM ?? "/usr/bin/chromium";

/** Why the suites of this folder can't run here; undefined when they can. */
export const missing = existsSync(executablePath)
  ? undefined
  : `There is no ${executablePath}: install the package "chromium", or name one in SHOEBOX_CHROMIUM, to run these tests.`;

/** The Chromium of this machine, without what it would ask the internet for by itself. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      // Its sandbox does not work for root, as which containers run.
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  });
}
