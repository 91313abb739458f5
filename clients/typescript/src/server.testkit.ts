import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

export interface Received {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: Buffer;
}

export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  /** Sent as JSON, unless it is text already. */
  body?: unknown;
  /** Breaks the connection instead. */
  breaks?: true;
}

/** A server that answers as it is told and remembers what it was asked. */
export async function startServer(
  answer: (request: Received, count: number) => Reply | Promise<Reply>,
) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const { method = "", url: path = "", headers } = request;
    const one = { method, path, headers, body: await buffer(request) };
    received.push(one);
    const { status = 200, headers: more, body, breaks } = await answer(one, received.length);
    if (breaks) {
      request.socket.destroy();
      return;
    }
    const json = typeof body === "object";
    const type = status >= 400 ? "application/problem+json" : "application/json";
    response.writeHead(status, { ...(json && { "Content-Type": type }), ...more });
    response.end(json ? JSON.stringify(body) : body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
