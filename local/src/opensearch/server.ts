import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { gunzip } from "node:zlib";
import { listen } from "../listen.ts";
import type { WorkerAnswer, WorkerOptions, WorkerRequest } from "./http-message.ts";

export type OpenSearchOptions = {
  /** Folder of the databases; made when missing. */
  dataDir: string;
  /** 0 or absent: a free one. */
  port?: number;
  /** Milliseconds; decides when a point in time and the version of a deleted document are over. */
  now?: () => number;
  logger?: { error(fields: object, message: string): void };
};
export type OpenSearchServer = { url: string; port: number; close(): Promise<void> };

// http.max_content_length of OpenSearch.
const MAX_BODY_BYTES = 100 * 1024 * 1024;
const unzip = promisify(gunzip);

class RefusedBody extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Left open when it is refused half-way, so that the client reads the answer and not a broken connection.
  const stream: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new RefusedBody(413, "");
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  const type = request.headers["content-type"];
  if (bytes > 0 && !/^application\/(x-nd|vnd\.opensearch\+)?json\b/.test(type ?? "")) {
    throw new RefusedBody(406, `Content-Type header [${type ?? ""}] is not supported`);
  }
  if (request.headers["content-encoding"] !== "gzip") return body;
  try {
    return await unzip(body, { maxOutputLength: MAX_BODY_BYTES });
  } catch (cause) {
    const tooLarge = (cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    throw new RefusedBody(tooLarge ? 413 : 400, tooLarge ? "" : "malformed gzip body");
  }
}

/** The worker thread with the engine, and the requests that wait for its answers. */
async function startWorker(options: OpenSearchOptions) {
  const workerData: WorkerOptions = { dataDir: options.dataDir };
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    workerData,
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  const pending = new Map<
    number,
    { resolve(answer: WorkerAnswer): void; reject(error: Error): void }
  >();
  let nextId = 0;
  let failure: Error | undefined;
  const exited = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
  const fail = (error: Error) => {
    failure = error;
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
  };
  await new Promise<void>((resolve, reject) => {
    worker.once("message", () => resolve());
    worker.once("error", reject);
  });
  worker.on("error", (error: Error) => {
    options.logger?.error({ err: error }, "the OpenSearch worker failed");
    fail(error);
  });
  worker.once("exit", () => fail(new Error("the OpenSearch worker has ended")));
  worker.on("message", (answer: WorkerAnswer & { fault?: string }) => {
    if (answer.fault !== undefined) {
      options.logger?.error({ fault: answer.fault }, "an OpenSearch request failed unexpectedly");
    }
    pending.get(answer.id)?.resolve(answer);
    pending.delete(answer.id);
  });
  return {
    ask(request: Omit<WorkerRequest, "id">): Promise<WorkerAnswer> {
      if (failure) return Promise.reject(failure);
      nextId += 1;
      const id = nextId;
      return new Promise((resolve, reject) => {
        pending.set(id, { resolve, reject });
        worker.postMessage({ ...request, id });
      });
    },
    async close(): Promise<void> {
      worker.postMessage("close");
      await exited;
    },
  };
}

function send(
  response: ServerResponse,
  status: number,
  body: string | undefined,
  head: boolean,
): void {
  const bytes = Buffer.from(body ?? "");
  response.writeHead(status, {
    "content-type": "application/json; charset=UTF-8",
    "content-length": bytes.length,
  });
  response.end(head ? undefined : bytes);
}

/**
 * Starts a stand-in of OpenSearch 2.19 on 127.0.0.1. Signatures are not looked at. What it answered with
 * success survives the death of the process; what it does not support it refuses with 501.
 */
export async function startOpenSearch(options: OpenSearchOptions): Promise<OpenSearchServer> {
  const now = options.now ?? Date.now;
  const engine = await startWorker(options);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? "GET";
    const [path = "/", query = ""] = (request.url ?? "/").split(/\?(.*)/s);
    try {
      const body = await readBody(request);
      const answer = await engine.ask({ method, path, query, body, now: now() });
      send(response, answer.status, answer.body, method === "HEAD");
    } catch (error) {
      if (error instanceof RefusedBody) {
        response.shouldKeepAlive = false;
        const body = JSON.stringify({ error: error.message, status: error.status });
        send(response, error.status, error.message === "" ? "" : body, false);
        request.resume();
        return;
      }
      options.logger?.error({ err: error }, "an OpenSearch request could not be answered");
      send(response, 503, JSON.stringify({ error: String(error), status: 503 }), false);
    }
  }

  const server = createServer((request, response) => void handle(request, response));
  const listening = await listen(server, options.port);
  return {
    url: listening.url,
    port: listening.port,
    async close() {
      await listening.close();
      await engine.close();
    },
  };
}
