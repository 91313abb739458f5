import { createHash } from "node:crypto";
import { mkdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PictureFile } from "./pictures.ts";
import type { About } from "./send-picture.ts";

/**
 * Remembers uploads in parts while they are on their way, so that another run goes on with them, also after a kill -9.
 *
 * @param about what was said of the pictures: who says something else now means another upload
 */
export function leftUploads(
  folder: string,
  url: string,
  { tags, caption, visibility, takenAt }: About,
) {
  const about = [tags, caption, visibility, takenAt];

  const fileOf = async ({ path, size, modified }: PictureFile) => {
    // A file that has changed meanwhile is another one.
    const identity = JSON.stringify([url, about, await realpath(path), size, modified]);
    const name = createHash("sha256").update(identity).digest("hex");
    return join(folder, "uploads", `${name}.json`);
  };
  return {
    /** The id of the upload that was left; undefined when there is none. */
    find: async (picture: PictureFile): Promise<string | undefined> => {
      try {
        return JSON.parse(await readFile(await fileOf(picture), "utf8")).imageId;
      } catch {
        // Without a note, or with half of one, the upload begins anew.
        return undefined;
      }
    },
    note: async (picture: PictureFile, imageId: string): Promise<void> => {
      await mkdir(join(folder, "uploads"), { recursive: true, mode: 0o700 });
      const note = { imageId, path: picture.path, begun: new Date().toISOString() };
      await writeFile(await fileOf(picture), JSON.stringify(note), { mode: 0o600 });
    },
    forget: async (picture: PictureFile): Promise<void> => {
      await rm(await fileOf(picture), { force: true });
    },
  };
}

export type LeftUploads = ReturnType<typeof leftUploads>;
