import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const folder = fileURLToPath(new URL("../peers/", import.meta.url));
const run = promisify(execFile);

/**
 * Installs what the benchmarks compare with, as its lock says, unless it is there. These packages are
 * no workspace: nobody who runs or changes Shoebox has to wait for four hundred packages that only
 * a benchmark imports.
 *
 * @throws Error when npm can't get them
 */
export async function installPeers(say: (line: string) => void): Promise<void> {
  const installed = `${folder}node_modules/.package-lock.json`;
  if (existsSync(installed) && sameLock(installed)) return;
  say("installing what is compared with (the first time: about a minute)…");
  const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--workspaces=false"];
  await run("npm", ["ci", ...options], { cwd: folder, shell: process.platform === "win32" });
}

/** Every package that the lock wants is there in that version; optional ones are for other machines, too. */
function sameLock(installed: string): boolean {
  const versions = (file: string) =>
    (JSON.parse(readFileSync(file, "utf8")) as Lock).packages as Lock["packages"];
  const there = versions(installed);
  return Object.entries(versions(`${folder}package-lock.json`)).every(
    ([path, { version, optional }]) => path === "" || optional || there[path]?.version === version,
  );
}

interface Lock {
  packages: Record<string, { version?: string; optional?: boolean }>;
}

export function peerVersion(name: string): string {
  const text = readFileSync(`${folder}node_modules/${name}/package.json`, "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
