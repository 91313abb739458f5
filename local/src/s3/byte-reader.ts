/**
 * Reads a byte stream by delimiter or by length while holding no more than one chunk and a
 * delimiter's tail in memory. `onTruncated` makes the error for a stream that ends too early.
 */
export class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  readonly #onTruncated: () => Error;
  #buffer: Buffer;

  constructor(source: AsyncIterable<Buffer>, onTruncated: () => Error, prefix = Buffer.alloc(0)) {
    this.#source = source[Symbol.asyncIterator]();
    this.#onTruncated = onTruncated;
    this.#buffer = prefix;
  }

  async #more(): Promise<boolean> {
    const { value, done } = await this.#source.next();
    if (done) return false;
    this.#buffer = this.#buffer.length === 0 ? value : Buffer.concat([this.#buffer, value]);
    return true;
  }

  /** Yields the bytes before the delimiter and consumes the delimiter. */
  async *until(delimiter: Buffer): AsyncGenerator<Buffer> {
    for (;;) {
      const at = this.#buffer.indexOf(delimiter);
      if (at >= 0) {
        const last = this.#buffer.subarray(0, at);
        this.#buffer = this.#buffer.subarray(at + delimiter.length);
        if (last.length > 0) yield last;
        return;
      }
      // The tail may be the beginning of a delimiter that the next chunk completes.
      const safe = this.#buffer.length - delimiter.length + 1;
      if (safe > 0) {
        const head = this.#buffer.subarray(0, safe);
        this.#buffer = this.#buffer.subarray(safe);
        yield head;
      }
      if (!(await this.#more())) throw this.#onTruncated();
    }
  }

  /** Like `until`, as one buffer of at most `limit` bytes. */
  async collectUntil(delimiter: Buffer, limit: number, onTooLong: () => Error): Promise<Buffer> {
    const pieces: Buffer[] = [];
    let size = 0;
    for await (const piece of this.until(delimiter)) {
      size += piece.length;
      if (size > limit) throw onTooLong();
      pieces.push(piece);
    }
    return Buffer.concat(pieces);
  }

  /** Yields exactly `length` bytes. */
  async *exactly(length: number): AsyncGenerator<Buffer> {
    let left = length;
    while (left > 0) {
      if (this.#buffer.length === 0 && !(await this.#more())) throw this.#onTruncated();
      const piece = this.#buffer.subarray(0, left);
      this.#buffer = this.#buffer.subarray(piece.length);
      left -= piece.length;
      if (piece.length > 0) yield piece;
    }
  }

  /** Reads the rest and drops it; true when the stream had ended already. */
  async atEnd(): Promise<boolean> {
    while (this.#buffer.length === 0) if (!(await this.#more())) return true;
    return false;
  }
}
