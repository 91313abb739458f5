import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestProject } from "vitest/node";
import { share } from "../shared-system.ts";
import { missing } from "./chromium.ts";

/**
 * vitest's global setup: one system for the whole run, and an application of its own origin, whose
 * pages may use the system. By the name `localhost` the same pages have an origin that may not.
 */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (missing) return undefined;
  const pages = createServer((_, response) => {
    response.setHeader("Content-Type", "text/html").end("<!doctype html><title>Photos</title>");
  });
  pages.listen(0, "127.0.0.1");
  await once(pages, "listening");
  const { port } = pages.address() as AddressInfo;
  const end = await share(project, `http://127.0.0.1:${port}`);
  return async () => {
    pages.closeAllConnections();
    pages.close();
    await end();
  };
}
