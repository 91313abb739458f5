import type { TestProject } from "vitest/node";
import { newDataFolder, removeDataFolder, startSystem } from "./system.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The front door of the system that all suites share which neither stop nor kill it. */
    url: string;
    /** Its data folder. */
    folder: string;
  }
}

/** vitest's global setup: one system for the whole run, in a folder of its own. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = newDataFolder();
  const system = await startSystem(folder);
  project.provide("url", system.url);
  project.provide("folder", folder);
  return async () => {
    await system.stop();
    removeDataFolder(folder);
  };
}
