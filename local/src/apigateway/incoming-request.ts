import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** A request as the gateway sees it before routing. Paths are as they were sent, percent-encoded. */
export interface IncomingRequest {
  requestId: string;
  traceId: string;
  method: string;
  path: string;
  query: URLSearchParams;
  /** In the client's spelling and order: name, value, name, value… */
  rawHeaders: string[];
  /** The first value by lower-case name. */
  header(name: string): string | undefined;
  sourceIp: string;
  /** The port on which it came in. */
  port: number;
  protocol: string;
  receivedAt: number;
}

export function incomingRequest(message: IncomingMessage, now: number): IncomingRequest {
  const target = message.url ?? "/";
  const mark = target.indexOf("?");
  const header = (name: string) => {
    const value = message.headers[name];
    return Array.isArray(value) ? value[0] : value;
  };
  return {
    requestId: randomUUID(),
    traceId: header("x-amzn-trace-id") ?? newTraceId(now),
    method: message.method ?? "GET",
    path: mark === -1 ? target : target.slice(0, mark),
    query: new URLSearchParams(mark === -1 ? "" : target.slice(mark + 1)),
    rawHeaders: message.rawHeaders,
    header,
    sourceIp: message.socket.remoteAddress ?? "127.0.0.1",
    port: message.socket.localPort ?? 0,
    protocol: `HTTP/${message.httpVersion}`,
    receivedAt: now,
  };
}

/** `Root=1-<epoch seconds in hex>-<96 random bits>`, the X-Ray header's form. */
function newTraceId(now: number): string {
  const seconds = Math.floor(now / 1000).toString(16);
  return `Root=1-${seconds}-${randomUUID().replaceAll("-", "").slice(0, 24)}`;
}
