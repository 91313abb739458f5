import { Readable } from "node:stream";
import { act } from "../dynamodb/actions.ts";
import { DynamoDbError } from "../dynamodb/errors.ts";
import { cancelled } from "../dynamodb/transactions.ts";
import type { Context } from "../dynamodb/write-request.ts";
import { EventsError } from "../events/bus.ts";
import type { Bucket } from "../s3/bucket.ts";
import { multipartActions } from "../s3/multipart.ts";
import { objectActions } from "../s3/objects.ts";
import {
  element,
  elementsIn,
  operationOf,
  type S3Answer,
  type S3Request,
  s3Error,
  xmlAnswer,
} from "../s3/request.ts";
import { actOnQueue, SqsError } from "../sqs/actions.ts";
import type { Queue } from "../sqs/queue.ts";
import type { Call, Exchange } from "./exchange.ts";
import type { Faults, Store } from "./faults.ts";
import { currentInvocation } from "./invocation.ts";
import type { Mutation } from "./mutation.ts";

/** A request as the SDK hands it to what sends it. */
interface SdkRequest {
  method: string;
  hostname: string;
  path: string;
  query?: Record<string, string | string[] | null>;
  headers: Record<string, string>;
  body?: unknown;
}

interface SdkResponse {
  statusCode: number;
  headers: Record<string, string>;
  body: Readable | Uint8Array;
}

export interface Stores {
  dynamodb: Context;
  bucket(name: string): Bucket | undefined;
  queueByUrl(url: string): Queue;
  queueByName(name: string): Queue;
  events(operation: string, request: Record<string, unknown>): Record<string, unknown>;
  invalidate(paths: string[]): void;
  putEvents(request: Record<string, unknown>): Record<string, unknown>;
  id: () => string;
  now: () => number;
}

/** What an SDK client takes as its request handler: it speaks the protocols, and no socket is opened. */
export function createAwsWire(
  stores: Stores,
  world: { exchange: Exchange; faults: Faults; mutation: Mutation },
) {
  const { exchange, faults, mutation } = world;

  async function json(store: Store, request: SdkRequest): Promise<SdkResponse> {
    const operation = (request.headers["x-amz-target"] ?? "").split(".").at(-1) ?? "";
    const input = JSON.parse(text(request.body) || "{}") as Record<string, unknown>;
    const call: Call = {
      store,
      operation,
      target: targetOf(input),
      request: input,
      by: currentInvocation()?.name.split(" ")[0],
    };
    const answer = await exchange<JsonAnswer>(call, {
      perform: () => {
        mutation.request?.(call);
        const made = answerJson(call, stores, faults);
        mutation.answer?.(call, made.body);
        return made;
      },
      busy: () => busyJson(store),
      down: () => errorJson(503, "ServiceUnavailable", "Service is unavailable"),
      summary: ({ status, body }) =>
        status === 200 ? "ok" : `${status} ${String(body.__type).split("#").at(-1)}`,
    });
    return {
      statusCode: answer.status,
      headers: { "content-type": "application/x-amz-json-1.0" },
      body: Buffer.from(JSON.stringify(answer.body)),
    };
  }

  async function s3(request: SdkRequest): Promise<SdkResponse> {
    const [, name = "", ...rest] = request.path.split("/");
    const key = decodeURIComponent(rest.join("/"));
    const query = Object.fromEntries(
      Object.entries(request.query ?? {}).map(([k, value]) => [k, String(value ?? "")]),
    );
    const taken: S3Request = {
      operation: operationOf(request.method, key, query),
      bucket: name,
      key,
      query,
      headers: request.headers,
      body: await bytesOf(request.body),
    };
    const call: Call = {
      store: "s3",
      operation: taken.operation,
      target: name,
      request: taken as unknown as Record<string, unknown>,
      by: currentInvocation()?.name.split(" ")[0],
    };
    const answer = await exchange<S3Answer>(call, {
      perform: () => {
        mutation.request?.(call);
        const made = answerS3(call.request as unknown as S3Request, stores);
        mutation.answer?.(call, made as unknown as Record<string, unknown>);
        return made;
      },
      busy: () => s3Error(503, "SlowDown"),
      down: () => s3Error(503, "ServiceUnavailable"),
      summary: ({ status }) => String(status),
    });
    return {
      statusCode: answer.status,
      headers: answer.headers,
      body: Readable.from([answer.body]),
    };
  }

  async function cdn(request: SdkRequest): Promise<SdkResponse> {
    const xml = text(request.body);
    const paths = elementsIn(xml, "Path");
    const call: Call = {
      store: "cdn",
      operation: "CreateInvalidation",
      target: paths.join(" "),
      request: { paths },
      by: currentInvocation()?.name.split(" ")[0],
    };
    const answer = await exchange<S3Answer>(call, {
      perform: () => {
        mutation.request?.(call);
        stores.invalidate(call.request.paths as string[]);
        const content = element("Id", stores.id()) + element("Status", "InProgress");
        return { ...xmlAnswer("Invalidation", content), status: 201 };
      },
      busy: () => s3Error(400, "TooManyInvalidationsInProgress"),
      down: () => s3Error(503, "ServiceUnavailable"),
      summary: ({ status }) => String(status),
    });
    return { statusCode: answer.status, headers: answer.headers, body: answer.body };
  }

  return {
    metadata: { handlerProtocol: "http/1.1" },
    async handle(request: SdkRequest): Promise<{ response: SdkResponse }> {
      const store = request.hostname.split(".")[0] as Store;
      if (store === "s3") return { response: await s3(request) };
      if (store === "cdn") return { response: await cdn(request) };
      return { response: await json(store, request) };
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => undefined,
  };
}

interface JsonAnswer {
  status: number;
  body: Record<string, unknown>;
}

function answerJson(
  { store, operation, request }: Call,
  stores: Stores,
  faults: Faults,
): JsonAnswer {
  try {
    switch (store) {
      case "dynamodb": {
        const isTransaction = operation === "TransactWriteItems";
        if (isTransaction && faults.is("conflict")) {
          const items = request.TransactItems as unknown[];
          throw cancelled(items.map((_, at) => (at === 0 ? "TransactionConflict" : "None")));
        }
        return { status: 200, body: act(operation, request, stores.dynamodb) };
      }
      case "sqs": {
        if (operation === "GetQueueUrl") {
          return {
            status: 200,
            body: { QueueUrl: stores.queueByName(String(request.QueueName)).spec.url },
          };
        }
        const queue = stores.queueByUrl(String(request.QueueUrl));
        return { status: 200, body: actOnQueue(operation, queue, request) };
      }
      case "events":
        if (operation === "PutEvents") return { status: 200, body: stores.putEvents(request) };
        return { status: 200, body: stores.events(operation, request) };
      default:
        throw new SqsError("NotSupported", store);
    }
  } catch (error) {
    if (error instanceof DynamoDbError) {
      return errorJson(error.status, error.type, error.message, error.members);
    }
    if (error instanceof EventsError) return errorJson(400, error.type, error.message);
    if (error instanceof SqsError) return errorJson(501, error.type, error.message);
    throw error;
  }
}

function busyJson(store: Store): JsonAnswer {
  return store === "dynamodb"
    ? errorJson(400, "ProvisionedThroughputExceededException", "Too many requests")
    : errorJson(400, "ThrottlingException", "Rate exceeded");
}

function errorJson(
  status: number,
  type: string,
  message: string,
  members: Record<string, unknown> = {},
): JsonAnswer {
  return { status, body: { __type: `com.amazonaws.sim#${type}`, message, ...members } };
}

function answerS3(request: S3Request, stores: Stores): S3Answer {
  const bucket = stores.bucket(request.bucket);
  if (!bucket) return s3Error(404, "NoSuchBucket");
  const action = objectActions[request.operation] ?? multipartActions[request.operation];
  if (!action) return s3Error(501, "NotImplemented", request.operation);
  return action(bucket, request, stores);
}

function targetOf(input: Record<string, unknown>): string {
  if (typeof input.TableName === "string") return input.TableName;
  if (typeof input.QueueUrl === "string") return input.QueueUrl.split("/").at(-1) ?? "";
  return "";
}

function text(body: unknown): string {
  if (typeof body === "string") return body;
  return body instanceof Uint8Array ? bufferOf(body).toString() : "";
}

async function bytesOf(body: unknown): Promise<Buffer> {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (typeof body === "string") return Buffer.from(body);
  if (body instanceof Uint8Array) return bufferOf(body);
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
