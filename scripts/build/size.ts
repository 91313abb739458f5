import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";

export interface Size {
  /** Bytes on disk: Lambda's limit is 250 MB. */
  unpacked: number;
  /** Bytes as a ZIP archive, near enough: what is deflated is the same, its directory is left out. */
  zipped: number;
}

/** The size of a folder, source maps apart: those are read only when an error is shown. */
export async function sizeOf(folder: string): Promise<Size> {
  const size = { unpacked: 0, zipped: 0 };
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith(".map")) continue;
    const content = await readFile(join(entry.parentPath, entry.name));
    size.unpacked += content.length;
    size.zipped += deflateRawSync(content).length;
  }
  return size;
}
