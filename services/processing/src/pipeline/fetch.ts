import { createWriteStream } from "node:fs";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Rejection } from "../domain/reasons.ts";
import type { OriginalFile } from "./original-file.ts";
import type { OriginalRef } from "./ports.ts";
import type { Step } from "./step.ts";

/** Bytes. Above it the original goes through a temporary file, so that memory does not grow with uploads. */
export const IN_MEMORY_BYTES = 16 * 1024 * 1024;

/**
 * Brings the pinned version of the original here, never more than its declared size. A version that
 * is gone, or has another size than was announced, will be so for ever; a stream that ends early is
 * the network's fault and is tried again.
 */
export const fetch: Step<OriginalRef & { size: number }, { original: OriginalFile }> = {
  name: "fetch",
  async run({ bucket, key, versionId, size }, { originals, limits, scratch }) {
    if (size > limits.maxBytes) throw new Rejection("too-large");
    const found = await originals.open({ bucket, key, versionId });
    if (!found) throw new Rejection("original-missing");
    if (found.size !== size) {
      found.body.destroy();
      throw new Rejection("size-mismatch");
    }
    const bytes = exactly(found.body, size);
    if (size <= IN_MEMORY_BYTES) return { original: await collect(bytes, size) };
    const path = await scratch.file("original");
    await pipeline(bytes, createWriteStream(path));
    return { original: path };
  },
};

async function* exactly(body: Readable, size: number): AsyncGenerator<Buffer> {
  let seen = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    seen += chunk.length;
    if (seen > size) throw new Error(`The original has more than its ${size} bytes.`);
    yield chunk;
  }
  if (seen < size) throw new Error(`Only ${seen} of the original's ${size} bytes arrived.`);
}

/** Straight into one buffer of the known size: collecting chunks and joining them would hold everything twice. */
async function collect(bytes: AsyncIterable<Buffer>, size: number): Promise<Buffer> {
  const whole = Buffer.allocUnsafe(size);
  let at = 0;
  for await (const chunk of bytes) at += chunk.copy(whole, at);
  return whole;
}
