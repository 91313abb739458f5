import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createClamdScanner } from "./clamd-scanner.ts";

let server: Server | undefined;
afterEach(async () => {
  if (!server?.listening) return;
  server.close();
  await once(server, "close");
});

/** A clamd that hands over what it was sent once the zero length came, and answers with the given text. */
async function clamd(answer: (socket: Socket, received: Buffer) => void, bytes = 300_000) {
  const received = Promise.withResolvers<Buffer>();
  server = createServer((socket) => {
    socket.on("error", () => undefined);
    const chunks: Buffer[] = [];
    let total = 0;
    socket.on("data", (chunk) => {
      chunks.push(chunk);
      total += chunk.length;
      if (chunk.subarray(-4).equals(Buffer.alloc(4)) && total >= bytes) {
        received.resolve(Buffer.concat(chunks));
        answer(socket, Buffer.concat(chunks));
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { scanner: createClamdScanner({ host: "127.0.0.1", port, timeout: 200 }), received };
}

async function* file(): AsyncGenerator<Buffer> {
  for (let i = 0; i < 5; i++) yield Buffer.alloc(60_000, i + 1);
}

describe("clamd", () => {
  it("gets every byte in framed chunks", async () => {
    const { scanner, received } = await clamd((socket) => socket.end("stream: OK\0"));
    expect(await scanner.scan(file())).toEqual({ clean: true });
    const sent = await received.promise;
    expect(sent.toString("latin1", 0, 10)).toBe("zINSTREAM\0");
    let at = 10;
    const lengths: number[] = [];
    for (let length = sent.readUInt32BE(at); length > 0; length = sent.readUInt32BE(at)) {
      lengths.push(length);
      at += 4 + length;
    }
    expect(lengths).toEqual([60_000, 60_000, 60_000, 60_000, 60_000]);
    expect(at + 4).toBe(sent.length);
  });

  it("names what it found, also when its answer comes in pieces", async () => {
    const { scanner } = await clamd((socket) => {
      socket.write("stream: Win.Test.EI");
      setImmediate(() => socket.write("CAR_HDB-1 FOUND\0"));
    });
    expect(await scanner.scan(file())).toEqual({ clean: false, signature: "Win.Test.EICAR_HDB-1" });
  });

  it.each([
    ["INSTREAM size limit exceeded. ERROR\0", "size limit exceeded"],
    ["nonsense\0", "nonsense"],
    ["stream: OK", "no complete answer"],
  ])("never takes %j for clean", async (answer, message) => {
    const { scanner } = await clamd((socket) => socket.end(answer));
    await expect(scanner.scan(file())).rejects.toThrow(message);
  });

  it("fails when it is silent, floods or hangs up", async () => {
    const { scanner: silent } = await clamd(() => undefined);
    await expect(silent.scan(file())).rejects.toThrow("silent");
    server?.close();
    const { scanner: flooding } = await clamd((socket) => socket.write("x".repeat(100_000)));
    await expect(flooding.scan(file())).rejects.toThrow("no complete answer");
    server?.close();
    const { scanner: gone } = await clamd((socket) => socket.destroy());
    await expect(gone.scan(file())).rejects.toThrow();
  });

  it("fails when it is not there", async () => {
    const { scanner } = await clamd(() => undefined);
    server?.close();
    if (server) await once(server, "close");
    await expect(scanner.scan(file())).rejects.toThrow("ECONNREFUSED");
  });

  it("fails with the original's own error when that can't be read to its end", async () => {
    const { scanner } = await clamd(() => undefined);
    async function* broken(): AsyncGenerator<Buffer> {
      yield Buffer.alloc(10);
      throw new Error("disk error");
    }
    await expect(scanner.scan(broken())).rejects.toThrow("disk error");
  });
});
