import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { ACTIONS } from "./actions.ts";
import type { Bridge } from "./bridge.ts";
import { EventBridgeError, notSupported } from "./errors.ts";
import { isParameters, type Parameters } from "./parameters.ts";

/** Room for 1 MiB of entries in which JSON escapes most characters; what is longer is not read. */
const MAXIMUM_BODY = 8 * 1_048_576;

/**
 * The request must be signed with Signature Version 4 by its form. The signature itself is not verified: the bridge listens on the
 * loopback interface only and has no secret to protect, but a client that forgot to sign must not pass here and fail on AWS.
 */
function checkSigned(request: IncomingMessage): void {
  const { authorization } = request.headers;
  if (authorization === undefined) {
    throw new EventBridgeError(
      "MissingAuthenticationTokenException",
      "Missing Authentication Token",
    );
  }
  const parts = ["Credential=", "SignedHeaders=", "Signature="];
  const complete = parts.every((part) => authorization.includes(part));
  if (!authorization.startsWith("AWS4-HMAC-SHA256 ") || !complete) {
    throw new EventBridgeError(
      "IncompleteSignatureException",
      "Authorization must be AWS4-HMAC-SHA256 with Credential, SignedHeaders and Signature.",
    );
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > MAXIMUM_BODY) {
      throw new EventBridgeError("RequestEntityTooLargeException", "The body is too large.", 413);
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseInput(body: string): Parameters {
  try {
    const input: unknown = JSON.parse(body);
    if (isParameters(input)) return input;
  } catch {
    // Told below, with the same words as for JSON that is not an object.
  }
  throw new EventBridgeError("SerializationException", "The body is not a JSON object.");
}

async function handle(bridge: Bridge, request: IncomingMessage): Promise<Parameters> {
  checkSigned(request);
  const target = String(request.headers["x-amz-target"] ?? "");
  const [service, name = ""] = target.split(".");
  const action = ACTIONS.get(name);
  if (request.method !== "POST" || service !== "AWSEvents" || action === undefined) {
    throw notSupported(`${request.method} ${request.url} with X-Amz-Target "${target}"`);
  }
  const body = await readBody(request);
  if (bridge.closed()) {
    throw new EventBridgeError("InternalException", "The bridge is shutting down.", 500);
  }
  return action(bridge, parseInput(body));
}

function asError(bridge: Bridge, error: unknown): EventBridgeError {
  if (error instanceof EventBridgeError) return error;
  bridge.logger.error({ error }, "an EventBridge request failed");
  const message = error instanceof Error ? error.message : String(error);
  return new EventBridgeError("InternalException", message, 500);
}

/** Answers one request in AWS JSON 1.1. */
export async function answer(
  bridge: Bridge,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let status = 200;
  let output: Parameters;
  try {
    output = await handle(bridge, request);
  } catch (thrown) {
    const error = asError(bridge, thrown);
    status = error.status;
    output = { __type: error.type, message: error.message };
    response.setHeader("x-amzn-errortype", error.type);
    // The body may not have been read to its end: the connection cannot be used for another request.
    if (!request.complete) response.setHeader("connection", "close");
  }
  response.writeHead(status, {
    "content-type": "application/x-amz-json-1.1",
    "x-amzn-requestid": randomUUID(),
  });
  response.end(JSON.stringify(output));
}
