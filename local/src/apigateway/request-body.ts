import type { IncomingMessage } from "node:http";
import { GatewayError } from "./gateway-error.ts";

/** API Gateway's payload limit in bytes. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/**
 * Reads a request's body.
 *
 * @throws GatewayError REQUEST_TOO_LARGE before more than the limit is held in memory. The rest is then read and
 *   dropped, because a client that is cut off while it sends would never see the answer.
 */
export async function readBody(message: IncomingMessage): Promise<Buffer> {
  const { "content-length": length, "transfer-encoding": encoding } = message.headers;
  if (!length && !encoding) return Buffer.alloc(0);
  const body = Promise.withResolvers<Buffer>();
  let chunks: Buffer[] = [];
  let bytes = 0;
  const refuse = () => {
    chunks = [];
    body.reject(new GatewayError("REQUEST_TOO_LARGE"));
  };
  if (Number(length ?? 0) > MAX_BODY_BYTES) refuse();
  message.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
    else refuse();
  });
  message.on("end", () => body.resolve(Buffer.concat(chunks)));
  message.on("error", body.reject);
  return body.promise;
}
