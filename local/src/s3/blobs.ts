import { randomUUID } from "node:crypto";
import { createReadStream, linkSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";

/** Some bytes on disk: a whole object, or one part of a multipart object. */
export interface Blob {
  id: string;
  size: number;
}

export interface BlobWriter {
  readonly id: string;
  write(chunk: Buffer): Promise<void>;
  close(): Promise<void>;
}

/**
 * A folder of immutable files. A blob means nothing until a row of the database names it, so a
 * crash at any moment leaves at most files that nobody names; `removeUnnamed` deletes those.
 */
export function openBlobs(folder: string) {
  mkdirSync(folder, { recursive: true });
  const path = (id: string) => join(folder, id);
  /** How many readers a file has, and which files go when their last reader is done. */
  const readers = new Map<string, number>();
  const doomed = new Set<string>();

  async function release(id: string): Promise<void> {
    const left = (readers.get(id) ?? 1) - 1;
    if (left > 0) {
      readers.set(id, left);
      return;
    }
    readers.delete(id);
    if (doomed.delete(id)) await rm(path(id), { force: true });
  }

  async function* readAll(files: { id: string; start: number; end: number }[]) {
    try {
      for (const { id, start, end } of files) {
        yield* createReadStream(path(id), {
          start,
          end,
          highWaterMark: 128 * 1024,
        }) as AsyncIterable<Buffer>;
      }
    } finally {
      for (const { id } of files) await release(id);
    }
  }

  return {
    async create(): Promise<BlobWriter> {
      const id = randomUUID();
      const file = await open(path(id), "wx");
      return {
        id,
        async write(chunk) {
          // One write may take less than it was given.
          for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten;
        },
        close: () => file.close(),
      };
    },

    /**
     * Reads bytes `start` to `end` (inclusive) of the blobs' concatenation. From the call on, the
     * files stay until they were read, also when the object is deleted in between.
     */
    read(blobs: readonly Blob[], start: number, end: number): AsyncGenerator<Buffer> {
      const wanted: { id: string; start: number; end: number }[] = [];
      let offset = 0;
      for (const { id, size } of blobs) {
        const from = Math.max(start - offset, 0);
        const to = Math.min(end - offset, size - 1);
        if (from <= to) wanted.push({ id, start: from, end: to });
        offset += size;
      }
      for (const { id } of wanted) readers.set(id, (readers.get(id) ?? 0) + 1);
      return readAll(wanted);
    },

    /** The same bytes under a new name, without copying them. */
    duplicate({ id, size }: Blob): Blob {
      const copy = randomUUID();
      linkSync(path(id), path(copy));
      return { id: copy, size };
    },

    async remove(id: string): Promise<void> {
      if (readers.has(id)) doomed.add(id);
      else await rm(path(id), { force: true });
    },

    removeUnnamed(isNamed: (id: string) => boolean): void {
      for (const id of readdirSync(folder)) if (!isNamed(id)) rmSync(path(id));
    },
  };
}

export type Blobs = ReturnType<typeof openBlobs>;
