import { accessSync, constants, mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Refusal } from "./refusal.ts";

export interface DataFolder {
  path: string;
  release(): void;
}

/** What nobody refers to is closed when garbage is collected, and its lock is gone: so these are referred to. */
const held = new Set<DatabaseSync>();

/**
 * Takes a data folder for this process alone. The lock is SQLite's: the operating system drops it
 * when the process ends, however it ends, so that a kill -9 leaves nothing behind to clean up.
 *
 * @throws Refusal when the folder can't be written or another instance runs on it
 */
export function openDataFolder(folder: string, options: { fresh: boolean }): DataFolder {
  const path = resolve(folder);
  try {
    mkdirSync(path, { recursive: true });
    accessSync(path, constants.W_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal(
      `The data folder ${path} can't be written (${reason}). Choose another with --data.`,
    );
  }
  const lock = takeLock(path);
  if (options.fresh) {
    for (const part of [
      "cloud",
      "dynamodb",
      "eventbridge",
      "lambda",
      "logs",
      "opensearch",
      "s3",
      "secrets",
      "sqs",
    ]) {
      rmSync(join(path, part), { recursive: true, force: true });
    }
  }
  held.add(lock);
  return {
    path,
    release() {
      held.delete(lock);
      lock.close();
    },
  };
}

function takeLock(path: string): DatabaseSync {
  try {
    const lock = new DatabaseSync(join(path, "lock.sqlite"));
    lock.exec("BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    if (!String(error).includes("locked")) {
      throw new Refusal(
        `The data folder ${path} can't be written (${error}). Choose another with --data.`,
      );
    }
    throw new Refusal(
      `Another Shoebox is running on the data folder ${path}. Stop it, or choose another with --data.`,
    );
  }
}
