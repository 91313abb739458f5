import { execFileSync } from "node:child_process";
import { chownSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/** A user that a program runs as. */
export interface Account {
  uid: number;
  gid: number;
}

/**
 * Who runs a program that refuses to run as root: `nobody` when we are root, otherwise undefined, which is whoever we
 * are.
 */
export function unprivilegedAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

/** Gives a folder and all that is in it to an account. */
export function give(folder: string, { uid, gid }: Account): void {
  chownSync(folder, uid, gid);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) give(path, { uid, gid });
    else if (!entry.isSymbolicLink()) chownSync(path, uid, gid);
  }
}

/** Whether users who own none of the folders above this one can get to it. */
export function everybodyReaches(path: string): boolean {
  const OTHERS_MAY_ENTER = 0o001;
  const above = dirname(path);
  if (above === path) return true;
  const mode = statSync(above, { throwIfNoEntry: false })?.mode ?? OTHERS_MAY_ENTER;
  return (mode & OTHERS_MAY_ENTER) !== 0 && everybodyReaches(above);
}
