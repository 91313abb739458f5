import { randomUUID } from "node:crypto";
import { createReadStream, linkSync, mkdirSync, openSync, readdirSync, rmSync } from "node:fs";
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
     * Opens the files at once, so that a delete which follows cannot take them from under a
     * reader, and reads bytes `start` to `end` (inclusive) of their concatenation.
     */
    read(blobs: readonly Blob[], start: number, end: number): AsyncGenerator<Buffer> {
      const wanted: { fd: number; start: number; end: number }[] = [];
      let offset = 0;
      for (const { id, size } of blobs) {
        const from = Math.max(start - offset, 0);
        const to = Math.min(end - offset, size - 1);
        if (from <= to) wanted.push({ fd: openSync(path(id), "r"), start: from, end: to });
        offset += size;
      }
      return readAll(wanted);
    },

    /** The same bytes under a new name, without copying them. */
    duplicate({ id, size }: Blob): Blob {
      const copy = randomUUID();
      linkSync(path(id), path(copy));
      return { id: copy, size };
    },

    remove: (id: string) => rm(path(id), { force: true }),

    removeUnnamed(isNamed: (id: string) => boolean): void {
      for (const id of readdirSync(folder)) if (!isNamed(id)) rmSync(path(id));
    },
  };
}

export type Blobs = ReturnType<typeof openBlobs>;

async function* readAll(files: { fd: number; start: number; end: number }[]) {
  const streams = files.map(({ fd, start, end }) =>
    createReadStream("", { fd, start, end, highWaterMark: 128 * 1024 }),
  );
  try {
    for (const stream of streams) yield* stream as AsyncIterable<Buffer>;
  } finally {
    for (const stream of streams) stream.destroy();
  }
}
