import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Reply } from "./operation.ts";
import type { S3Error } from "./s3-error.ts";
import { writeXml } from "./xml.ts";

/** How long the rest of a refused upload is read, so that its sender can read the answer. */
const DRAIN_MS = 30_000;

export function errorReply(error: S3Error, resource: string, requestId: string): Reply {
  return {
    status: error.status,
    headers: error.headers,
    body: writeXml("Error", {
      Code: error.code,
      Message: error.message,
      ...error.details,
      Resource: resource,
      RequestId: requestId,
      HostId: requestId,
    }),
  };
}

/**
 * Sends an answer. When the request's body was not read to its end, the answer goes out at once
 * and the rest of the body is read and dropped: closing earlier would reset the connection and
 * take the answer away from a client that is still sending.
 */
export async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  options: { bodyExpected: boolean },
): Promise<void> {
  const { status = 200, headers = {}, body = "" } = reply;
  for (const [name, value] of Object.entries(headers)) {
    // Node writes header text as Latin-1; stored values may be any UTF-8.
    if (value !== undefined)
      response.setHeader(name, Buffer.from(String(value), "utf8").toString("latin1"));
  }
  response.statusCode = status;
  if (typeof body !== "string") {
    await pipeline(Readable.from(body, { objectMode: false }), response);
    return;
  }
  if (body !== "" && !response.hasHeader("content-type"))
    response.setHeader("content-type", "application/xml");
  if (status !== 204 && status !== 304 && !response.hasHeader("content-length")) {
    response.setHeader("content-length", Buffer.byteLength(body));
  }
  const text = request.method === "HEAD" ? "" : body;
  if (request.complete || request.destroyed) {
    response.end(text);
    return;
  }
  if (!options.bodyExpected) {
    // The client waits for 100 Continue and gets a final answer instead: it will not send a body.
    response.shouldKeepAlive = false;
    response.end(text);
    return;
  }
  response.flushHeaders();
  if (text !== "") response.write(text);
  await drain(request);
  response.end();
}

function drain(request: IncomingMessage): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    request.destroy();
    resolve();
  }, DRAIN_MS);
  request.once("close", resolve).once("end", resolve).resume();
  return promise.finally(() => clearTimeout(timer));
}
