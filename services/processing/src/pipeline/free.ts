/**
 * Gives a buffer's memory back now instead of when garbage is next collected. Whoever still has the
 * buffer finds it empty; a decoder that still read it would read freed memory, so every promise of
 * such work must have settled. Part of a memory that others use as well, such as Node's pool for
 * small buffers, is left alone.
 */
export function free(buffer: Buffer): void {
  const memory = buffer.buffer;
  const isAlone = memory.byteLength === buffer.byteLength;
  if (isAlone && memory instanceof ArrayBuffer) memory.transfer(0);
}
