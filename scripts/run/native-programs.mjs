import { existsSync } from "node:fs";
import { join } from "node:path";
import { platforms } from "./platforms.mjs";

/**
 * @typedef {object} NativePrograms
 * @property {string} [node] the pinned Node
 * @property {import("./platforms.mjs").NativePackage[]} missing packages of this platform that are not installed
 * @property {string} platform
 */

/**
 * Looks for the platform's native programs where `npm ci` puts them and where `completeNativePrograms` does.
 *
 * @param {string} root
 * @param {string} os as `process.platform`
 * @param {string} cpu as `process.arch`
 * @returns {NativePrograms}
 */
export function findNativePrograms(root, os, cpu) {
  const platform = `${os}-${cpu}`;
  const known = platforms[platform];
  if (!known) return { platform, missing: [] };
  const node = locate(root, known.node);
  const missing = [known.node, known.dynamodb].filter((wanted) => !locate(root, wanted));
  return { platform, node, missing };
}

/**
 * Holds the packages of a platform that package-lock.json does not name. Inside of node_modules, so that whoever
 * deletes that folder starts afresh.
 *
 * @param {string} root
 */
export function platformFolder(root) {
  return join(root, "node_modules", ".platform");
}

/**
 * @param {string} root
 * @param {import("./platforms.mjs").NativePackage} wanted
 */
function locate(root, { name, program }) {
  return [root, platformFolder(root)]
    .map((folder) => join(folder, "node_modules", name, program))
    .find((file) => existsSync(file));
}
