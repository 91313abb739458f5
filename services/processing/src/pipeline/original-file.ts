import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";

/** An original on this machine: its bytes, or the path of a temporary file that holds them. sharp reads both. */
export type OriginalFile = Buffer | string;

const CHUNK_BYTES = 65_536;

/** The whole file in pieces, for those who need each byte once. */
export async function* chunksOf(file: OriginalFile): AsyncGenerator<Buffer> {
  if (typeof file === "string") {
    yield* createReadStream(file, { highWaterMark: CHUNK_BYTES });
    return;
  }
  for (let at = 0; at < file.length; at += CHUNK_BYTES) yield file.subarray(at, at + CHUNK_BYTES);
}

/** The first bytes; fewer when the file is shorter. */
export async function headOf(file: OriginalFile, bytes: number): Promise<Buffer> {
  if (typeof file !== "string") return file.subarray(0, bytes);
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
