import type { TestProject } from "vitest/node";
import { newDataFolder, removeDataFolder, startSystem } from "./system.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The front door of the system that all suites share which neither stop nor kill it. */
    url: string;
    /** Its data folder. */
    folder: string;
    /** Besides the front door's own, the one origin whose pages may use it. */
    origin: string;
  }
}

/** vitest's global setup: one system for the whole run, in a folder of its own. */
export function setup(project: TestProject): Promise<() => Promise<void>> {
  return share(project, "https://photos.example");
}

export async function share(project: TestProject, origin: string): Promise<() => Promise<void>> {
  const folder = newDataFolder();
  const system = await startSystem(folder, "--origin", origin);
  project.provide("url", system.url);
  project.provide("folder", folder);
  project.provide("origin", origin);
  return async () => {
    await system.stop();
    removeDataFolder(folder);
  };
}
