import { connect, type Socket } from "node:net";
import { Readable } from "node:stream";
import type { Scanner, Verdict } from "../pipeline/ports.ts";

const MAX_ANSWER_BYTES = 4_096;

/**
 * clamd over TCP by its INSTREAM command: each chunk behind its length, a zero length at the end,
 * one answer. Unreachable, silent, too slow, or an answer that is neither OK nor FOUND (such as
 * "size limit exceeded") throws, and the upload waits in its queue: it is never taken for clean.
 *
 * @param options.timeout milliseconds without any progress, also for connecting
 */
export function createClamdScanner(options: {
  host: string;
  port: number;
  timeout: number;
}): Scanner {
  return {
    async scan(bytes) {
      const socket = connect({ host: options.host, port: options.port });
      socket.setTimeout(options.timeout, () => socket.destroy(new Error("clamd is silent.")));
      const request = Readable.from(frames(bytes));
      request.on("error", (error) => socket.destroy(error));
      request.pipe(socket, { end: false });
      try {
        return verdict(await answerOf(socket));
      } finally {
        request.destroy();
        socket.destroy();
      }
    },
  };
}

async function* frames(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield Buffer.from("zINSTREAM\0");
  for await (const chunk of bytes) {
    yield lengthOf(chunk.length);
    yield chunk;
  }
  yield lengthOf(0);
}

function lengthOf(bytes: number): Buffer {
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32BE(bytes);
  return prefix;
}

async function answerOf(socket: Socket): Promise<string> {
  let answer = "";
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    answer += chunk.toString("latin1");
    const end = answer.indexOf("\0");
    if (end >= 0) return answer.slice(0, end);
    if (answer.length > MAX_ANSWER_BYTES) break;
  }
  throw new Error("clamd gave no complete answer.");
}

function verdict(answer: string): Verdict {
  if (answer === "stream: OK") return { clean: true };
  const signature = /^stream: (.+) FOUND$/.exec(answer)?.[1];
  if (signature !== undefined) return { clean: false, signature };
  throw new Error(`clamd could not scan: ${answer}`);
}
