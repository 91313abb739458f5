#!/usr/bin/env node
// `npx shoebox` runs this with the pinned Node, which takes TypeScript as it is; started in another way it may be an older one.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const main = new URL("../src/main.ts", import.meta.url);
if (process.features.typescript) {
  await import(main.href);
} else {
  const node = fileURLToPath(new URL("../../node_modules/.bin/node", import.meta.url));
  const args = [fileURLToPath(main), ...process.argv.slice(2)];
  const { status, error } = spawnSync(node, args, { stdio: "inherit" });
  if (error) process.stderr.write("The pinned Node is not installed; npm start installs it.\n");
  process.exitCode = status ?? 1;
}
