import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isSystemError } from "./system-error.mjs";

/**
 * Whether node_modules holds what package-lock.json says, for this platform. The usual answer costs one hash and
 * one small file. When the stamp is from another state, npm's own record of what it installed decides, so that
 * somebody who ran `npm install` himself does not wait for a second installation.
 *
 * @param {string} root
 */
export function packagesAreAsLocked(root) {
  const lock = readFileSync(join(root, "package-lock.json"));
  const stamp = stampOf(lock);
  if (readIfThere(stampFile(root)) === stamp) return true;
  const installed = readIfThere(npmRecord(root));
  if (!installed || !isInstalled(JSON.parse(lock.toString()), JSON.parse(installed))) return false;
  writeFileSync(stampFile(root), stamp);
  return true;
}

/**
 * Marks node_modules as unfinished before npm changes it: an installation that is killed half-way must not be
 * taken for a whole one.
 *
 * @param {string} root
 */
export function forgetInstallation(root) {
  rmSync(stampFile(root), { force: true });
  rmSync(npmRecord(root), { force: true });
}

/**
 * @typedef {{ packages: Record<string, { version?: string, integrity?: string, resolved?: string, optional?: boolean }> }} LockFile
 */

/**
 * Compares a lock file with the record npm keeps of what it installed (the hidden lock file, same format). Optional
 * packages may be absent: npm leaves out those of other platforms. What is installed beyond the lock file does no
 * harm, so going back and forth between branches need not install anything. Workspaces stand in it only as links.
 *
 * @param {LockFile} lock
 * @param {LockFile} installed
 */
export function isInstalled(lock, installed) {
  const wanted = Object.entries(lock.packages).filter(([path]) => path.startsWith("node_modules/"));
  return wanted.every(([path, want]) => {
    const have = installed.packages[path];
    if (!have) return want.optional === true;
    return (
      have.version === want.version &&
      have.integrity === want.integrity &&
      have.resolved === want.resolved
    );
  });
}

/**
 * The platform belongs to it because a checkout can be shared between machines (a container's mount).
 *
 * @param {Buffer} lock
 */
function stampOf(lock) {
  const hash = createHash("sha256").update(lock).digest("hex");
  return `${hash} ${process.platform}-${process.arch}\n`;
}

/** @param {string} root */
function stampFile(root) {
  return join(root, "node_modules", ".shoebox-stamp");
}

/** @param {string} root */
function npmRecord(root) {
  return join(root, "node_modules", ".package-lock.json");
}

/** @param {string} file */
function readIfThere(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return undefined;
    throw error;
  }
}
