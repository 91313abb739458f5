import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type Message, SQSClient } from "@aws-sdk/client-sqs";
import type { Logger } from "pino";
import { listen } from "../listen.ts";
import type { Action } from "./action.ts";
import { Arrivals } from "./arrivals.ts";
import { type Depth, depths, look } from "./look.ts";
import { listMessageMoveTasks, startMessageMoveTask } from "./move-tasks.ts";
import * as queues from "./queue-actions.ts";
import { receiveMessage } from "./receive.ts";
import { messageOf, sendMessage, sendMessageBatch } from "./send.ts";
import {
  changeMessageVisibility,
  changeMessageVisibilityBatch,
  deleteMessage,
  deleteMessageBatch,
} from "./settle.ts";
import { noSuchQueue, notSupported, SqsError } from "./sqs-error.ts";
import { QueueStore } from "./store.ts";

/** 1 MiB of text, each byte escaped as \\u0000 at worst, and the envelope. */
const MOST_BODY_BYTES = 7 * 1_048_576;

const ACTIONS: Record<string, Action> = {
  CreateQueue: queues.createQueue,
  GetQueueUrl: queues.getQueueUrl,
  ListQueues: queues.listQueues,
  DeleteQueue: queues.deleteQueue,
  PurgeQueue: queues.purgeQueue,
  SetQueueAttributes: queues.setQueueAttributes,
  GetQueueAttributes: queues.getQueueAttributes,
  ListDeadLetterSourceQueues: queues.listDeadLetterSourceQueues,
  TagQueue: queues.tagQueue,
  UntagQueue: queues.untagQueue,
  ListQueueTags: queues.listQueueTags,
  SendMessage: sendMessage,
  SendMessageBatch: sendMessageBatch,
  ReceiveMessage: receiveMessage,
  DeleteMessage: deleteMessage,
  DeleteMessageBatch: deleteMessageBatch,
  ChangeMessageVisibility: changeMessageVisibility,
  ChangeMessageVisibilityBatch: changeMessageVisibilityBatch,
  StartMessageMoveTask: startMessageMoveTask,
  ListMessageMoveTasks: listMessageMoveTasks,
};

export interface SqsOptions {
  dataDir: string;
  /** 0 or absent: any free port. */
  port?: number;
  /** What `client` signs with; signatures are not checked. */
  credentials?: { accessKeyId: string; secretAccessKey: string };
  /** Milliseconds since the epoch. */
  now?: () => number;
  logger?: Logger;
}

export interface LocalSqs {
  url: string;
  port: number;
  client: SQSClient;
  /**
   * Sends without HTTP, all or none, for parts of the local cloud that run in this process.
   * Rejects with `QueueDoesNotExist` or with what SQS has against a body.
   */
  sendBatch(queueArn: string, bodies: string[]): Promise<void>;
  /** Gives back what the consumer of a queue had received, for when it is known to have died. */
  release(queueArn: string): void;
  /** How full the queues are that are not empty. */
  depths(): Depth[];
  /** What lies in a queue, the newest first, without receiving it. Throws when there is no such queue. */
  look(queueArn: string, wish: { most: number; containing?: string }): Message[];
  close(): Promise<void>;
}

/** Starts SQS (standard queues, AWS JSON 1.0 protocol) on 127.0.0.1 with its state under `dataDir`. */
export async function startSqs(options: SqsOptions): Promise<LocalSqs> {
  const store = new QueueStore(options.dataDir, options.now ?? Date.now);
  const arrivals = new Arrivals();
  const closing = new AbortController();
  let url = "";

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    closing.signal.addEventListener("abort", () => gone.abort(), {
      once: true,
      signal: gone.signal,
    });
    try {
      const action = actionOf(request);
      const input = JSON.parse(await bodyOf(request)) as Record<string, unknown>;
      reply(response, 200, await action(input, { store, arrivals, url, signal: gone.signal }));
    } catch (error) {
      if (!(error instanceof SqsError)) options.logger?.error({ err: error }, "local SQS failed");
      replyError(response, error);
    }
  }

  const server = createServer((request, response) => void answer(request, response));
  const listening = await listen(server, options.port);
  url = listening.url;
  const credentials = options.credentials ?? { accessKeyId: "local", secretAccessKey: "local" };
  const client = new SQSClient({ endpoint: url, region: "us-east-1", credentials });

  return {
    url,
    port: listening.port,
    client,
    async sendBatch(queueArn, bodies) {
      const queue = store.byArn(queueArn);
      if (!queue) throw noSuchQueue(queueArn);
      store.add(
        queue,
        bodies.map((MessageBody) => messageOf(queue, { MessageBody })),
      );
      arrivals.announce(queue.name);
    },
    release(queueArn) {
      const queue = store.byArn(queueArn);
      if (!queue) throw noSuchQueue(queueArn);
      store.release(queue.name);
      arrivals.announce(queue.name);
    },
    depths: () => depths(store),
    look: (queueArn, wish) => look(store, queueArn, wish),
    async close() {
      closing.abort();
      client.destroy();
      await listening.close();
      store.close();
    },
  };
}

function actionOf(request: IncomingMessage): Action {
  const target = String(request.headers["x-amz-target"] ?? "");
  const isSqs = request.method === "POST" && target.startsWith("AmazonSQS.");
  if (!isSqs)
    throw notSupported(
      `${request.method} ${request.url} without an AmazonSQS target (only SQS is here)`,
    );
  const action = ACTIONS[target.slice("AmazonSQS.".length)];
  if (!action) throw notSupported(`the action ${target}`);
  return action;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BODY_BYTES) {
      throw new SqsError(
        "RequestTooLong",
        `A request is at most ${MOST_BODY_BYTES} bytes.`,
        "RequestTooLong",
        413,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function replyError(response: ServerResponse, error: unknown): void {
  const known =
    error instanceof SqsError
      ? error
      : error instanceof SyntaxError
        ? new SqsError("MalformedInput", "The body is not JSON.")
        : new SqsError(
            "InternalError",
            "The local SQS failed; its log tells why.",
            "InternalError",
            500,
          );
  response.setHeader(
    "x-amzn-query-error",
    `${known.queryCode};${known.status < 500 ? "Sender" : "Receiver"}`,
  );
  reply(response, known.status, {
    __type: `com.amazonaws.sqs#${known.code}`,
    message: known.message,
  });
}

function reply(response: ServerResponse, status: number, body: Record<string, unknown>): void {
  response.writeHead(status, { "content-type": "application/x-amz-json-1.0" });
  response.end(JSON.stringify(body));
}
