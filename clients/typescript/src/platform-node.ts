import { createHash } from "node:crypto";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import type { Send } from "./platform.ts";

/** Node's `fetch` tells nothing of a body on its way, and sends a stream without its length. */
export const send: Send = ({ method, url, headers, body, onSent, signal, idleTimeout }) => {
  const start = url.startsWith("https:") ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = start(url, {
      method,
      headers: {
        ...(body.type && { "Content-Type": body.type }),
        ...headers,
        "Content-Length": body.size,
      },
      signal,
    });
    request.setTimeout(idleTimeout, () => {
      request.destroy(new Error(`No progress within ${idleTimeout} ms.`));
    });
    request.on("error", (error) => reject(signal.aborted ? signal.reason : error));
    request.on("response", (response) => {
      const { statusCode: status = 0, headers } = response;
      text(response).then(
        (said) => resolve({ status, etag: headers.etag ?? null, text: said }),
        reject,
      );
    });
    pipeline(
      Readable.fromWeb(body.stream() as ReadableStream),
      async function* (chunks: AsyncIterable<Uint8Array>) {
        let sent = 0;
        for await (const chunk of chunks) {
          yield chunk;
          sent += chunk.length;
          onSent(sent);
        }
      },
      request,
    ).catch((error: unknown) => {
      // A store that answers before it has read all closes its side; what it says counts. Unreadable files end it here.
      if (!request.destroyed) request.destroy(error as Error);
    });
  });
};

export const hashesStreams = true;

/** In hex, of a stream: a file of any size takes a moment of memory. */
export async function sha256(blob: Blob): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of Readable.fromWeb(blob.stream() as ReadableStream)) hash.update(chunk);
  return hash.digest("hex");
}
