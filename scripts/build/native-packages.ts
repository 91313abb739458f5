import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { type LambdaFunction, root } from "./functions.ts";

const run = promisify(execFile);

/**
 * Lays native packages beside a bundle, for the machine that Lambda is (arm64, Amazon Linux: glibc)
 * and for no other, in exactly the versions that are installed here. On a laptop of another kind
 * the same folder still runs: the part that does not fit is found in the project's own packages.
 *
 * @throws Error when npm can't get them
 */
export async function installNative(fn: LambdaFunction, packages: string[]): Promise<void> {
  const dependencies: Record<string, string> = {};
  for (const name of packages) dependencies[name] = await installedVersion(name);
  const folder = `${root}${fn.folder}`;
  await writeFile(`${folder}/package.json`, JSON.stringify({ private: true, dependencies }));
  await run(
    "npm",
    [
      ...["install", "--os=linux", "--cpu=arm64", "--libc=glibc"],
      ...["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"],
      // A folder inside the project would otherwise be taken for a part of its workspaces.
      ...["--workspaces=false", "--prefix", folder],
    ],
    { cwd: folder },
  );
}

async function installedVersion(name: string): Promise<string> {
  const text = await readFile(`${root}node_modules/${name}/package.json`, "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
