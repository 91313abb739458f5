import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, expect, it } from "vitest";
import { forward } from "./proxy.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

it("a connection is good for the next request when a service answered before it had read the one before", async () => {
  const service = await listen((request, response) => {
    if (request.method === "GET") response.end("next");
    // Answers at once and reads nothing, as a gateway does when the length alone is too much.
    else response.writeHead(413, { "Content-Length": 3 }).end("big");
  });
  const front = await listen((request, response) =>
    forward(request, response, `http://127.0.0.1:${service}`),
  );
  const socket = connect(front, "127.0.0.1");
  let received = "";
  socket.on("data", (chunk) => {
    received += chunk;
  });
  const until = async (text: string) => {
    while (!received.includes(text)) await once(socket, "data");
  };

  const body = Buffer.alloc(12 * 1024 * 1024, "x");
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n`);
  socket.write(body.subarray(0, 1024));
  await until("big");
  socket.write(body.subarray(1024));
  socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  await until("next");
  expect(received).toMatch(/413[\s\S]*big[\s\S]*200 OK[\s\S]*next/);
  socket.destroy();
});
