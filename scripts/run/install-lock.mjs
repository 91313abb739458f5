import { closeSync, openSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isSystemError } from "./system-error.mjs";

const BEAT_MS = 500;

/** Looks at a lock that does not move before it is taken for one whose holder died; 15 seconds. */
const PATIENCE_LOOKS = 30;

/**
 * Waits until no other process installs into this checkout and holds that right until the returned function is
 * called. The lock is a file beside node_modules (npm empties that folder) whose holder touches it twice a second.
 * A waiter only ever compares the file's time with what he saw before, never with a clock, so neither a suspended
 * machine nor a mount with another clock lets two in.
 *
 * @param {string} root
 * @param {{ beatMs?: number }} [options]
 * @returns {Promise<() => void>}
 */
export async function holdInstallLock(root, { beatMs = BEAT_MS } = {}) {
  const file = join(root, ".installing");
  let last = timeOf(file);
  let unmoved = 0;
  let told = false;
  while (!tryCreate(file)) {
    if (!told) process.stderr.write("another process installs the packages, waiting for it…\n");
    told = true;
    await pause(beatMs);
    const touched = timeOf(file);
    unmoved = touched === last ? unmoved + 1 : 0;
    last = touched;
    if (unmoved >= PATIENCE_LOOKS) rmSync(file, { force: true });
  }
  const beat = setInterval(() => touch(file), beatMs);
  return () => {
    clearInterval(beat);
    rmSync(file, { force: true });
  };
}

/** @param {string} file */
function tryCreate(file) {
  try {
    closeSync(openSync(file, "wx"));
    return true;
  } catch (error) {
    if (isSystemError(error, "EEXIST")) return false;
    throw error;
  }
}

/** @param {string} file */
function timeOf(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}

/** @param {string} file */
function touch(file) {
  const now = new Date();
  utimesSync(file, now, now);
}
