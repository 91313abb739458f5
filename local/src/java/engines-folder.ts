import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Refusal } from "../cloud/refusal.ts";
import { everybodyReaches } from "./account.ts";

const IN_PROJECT = fileURLToPath(new URL("../../../.engines", import.meta.url));
/** For root, whose projects are often where nobody else may look. */
const FOR_ROOT = "/var/cache/shoebox-engines";

/**
 * Where programs that came through Maven are unpacked, and keep their data unless they are told another place:
 * `.engines` in the project. When we are root the programs run as somebody else, who must get there too.
 */
export function enginesFolder(): string {
  const root = process.getuid?.() === 0;
  const folder = root && !everybodyReaches(join(IN_PROJECT, "x")) ? FOR_ROOT : IN_PROJECT;
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  if (root && statSync(folder).uid !== 0) {
    throw new Refusal(`The folder ${folder} belongs to somebody else than root; move it away.`);
  }
  return folder;
}
