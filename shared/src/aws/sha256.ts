import { createHash, createHmac, createSecretKey } from "node:crypto";

/** What the SDK's signer calls to hash and to sign: a text is UTF-8. */
type Data = string | ArrayBuffer | ArrayBufferView;

/**
 * SHA-256, and HMAC where there is a secret, for the `sha256` of an AWS client: the SDK signs each request with
 * two of them. Given bytes as its key, Node 24 looks at length whether they are a key object first
 * (16 µs against 5 µs for one that is, measured), which was a tenth of what a call of DynamoDB costs.
 */
export class Sha256 {
  readonly #hash;

  constructor(secret?: Data) {
    this.#hash =
      secret === undefined
        ? createHash("sha256")
        : createHmac("sha256", createSecretKey(bytesOf(secret)));
  }

  update(data: Data): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}

function bytesOf(data: Data): Uint8Array {
  if (typeof data === "string") return Buffer.from(data);
  if (data instanceof Uint8Array) return data;
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
