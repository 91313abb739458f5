import type { IncomingMessage } from "node:http";
import { GatewayError } from "./gateway-error.ts";

/** API Gateway's payload limit in bytes. */
export const MAX_BODY_BYTES = 10 * 1024 * 1024;

/**
 * Reads a request's body.
 *
 * @throws GatewayError REQUEST_TOO_LARGE before more than the limit is held in memory
 */
export async function readBody(message: IncomingMessage): Promise<Buffer> {
  const { "content-length": length, "transfer-encoding": encoding } = message.headers;
  if (Number(length ?? 0) > MAX_BODY_BYTES) throw new GatewayError("REQUEST_TOO_LARGE");
  if (!length && !encoding) return Buffer.alloc(0);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new GatewayError("REQUEST_TOO_LARGE");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
