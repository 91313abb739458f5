import { mkdirSync } from "node:fs";
import { holdInstallLock } from "./install-lock.mjs";
import { canRunProject, Refusal } from "./machine.mjs";
import { findNativePrograms, platformFolder } from "./native-programs.mjs";
import { npm } from "./npm.mjs";

/**
 * Installs the native programs that are missing on this platform. The machine's own Node stands in where no pinned
 * one can be had, if it is new enough. What needs no DynamoDB (the checks, the resource graph) can do without it, so
 * that one is no reason to stop; whatever does need it says so itself.
 *
 * @param {string} root
 * @param {import("./native-programs.mjs").NativePrograms} found
 * @param {{ version: string, program: string }} [own] the machine's Node
 * @returns {Promise<import("./native-programs.mjs").NativePrograms>}
 */
export async function completeNativePrograms(
  root,
  found,
  own = { version: process.versions.node, program: process.execPath },
) {
  if (found.missing.length > 0) await installMissing(root, found);
  const [os = "", cpu = ""] = found.platform.split("-");
  const now = findNativePrograms(root, os, cpu);
  if (now.node) return now;
  if (canRunProject(own.version)) return { ...now, node: own.program };
  throw new Refusal(
    `There is no pinned Node for ${found.platform}, and this machine's Node ${own.version} is too old to stand in: install Node 24 and start again.`,
  );
}

/**
 * @param {string} root
 * @param {import("./native-programs.mjs").NativePrograms} found
 */
async function installMissing(root, { missing, platform }) {
  const prefix = platformFolder(root);
  const release = await holdInstallLock(root);
  try {
    mkdirSync(prefix, { recursive: true });
    for (const { name, version } of missing) {
      const wanted = `${name}@${version}`;
      const where = ["--prefix", prefix, "--workspaces=false", "--no-package-lock"];
      try {
        await npm(["install", ...where, wanted], {
          cwd: prefix,
          doing: `installing ${wanted} for ${platform}…`,
        });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        process.stderr.write(`${error.message}\n`);
      }
    }
  } finally {
    release();
  }
}
