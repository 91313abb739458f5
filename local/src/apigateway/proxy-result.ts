import { GatewayError } from "./gateway-error.ts";

export interface GatewayAnswer {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer | string;
}

const KEYS = new Set(["statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"]);
// What the gateway sets itself is renamed, not lost.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
const REMAPPED = new Set([
  "authorization",
  "connection",
  "content-length",
  "content-md5",
  "date",
  "host",
  "server",
  "upgrade",
  "user-agent",
  "www-authenticate",
]);

/**
 * Turns what a function returned into the answer.
 *
 * @param decodeBase64 whether the client accepts one of the API's binary media types
 * @throws GatewayError 502 when the result does not have the documented form
 */
export function proxyResult(payload: unknown, decodeBase64: boolean): GatewayAnswer {
  if (!isObject(payload)) throw malformed("it is not an object");
  const unknown = Object.keys(payload).find((key) => !KEYS.has(key));
  if (unknown !== undefined) throw malformed(`it has the unknown key ${unknown}`);
  const status = Number(payload.statusCode ?? 200);
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw malformed(`its status code is ${payload.statusCode}`);
  }
  const body = payload.body ?? "";
  if (typeof body !== "string") throw malformed("its body is not a string");
  return {
    status,
    headers: headersOf(payload),
    body: payload.isBase64Encoded === true && decodeBase64 ? Buffer.from(body, "base64") : body,
  };
}

function headersOf(payload: Record<string, unknown>): Record<string, string | string[]> {
  // By lower-case name, so that a header of multiValueHeaders replaces its namesake whatever its spelling.
  const headers = new Map<string, [name: string, value: string | string[]]>();
  headers.set("content-type", ["Content-Type", "application/json"]);
  for (const [name, value] of Object.entries(objectOr(payload.headers))) put(name, text(value));
  for (const [name, values] of Object.entries(objectOr(payload.multiValueHeaders))) {
    put(name, Array.isArray(values) ? values.map(text) : text(values));
  }
  return Object.fromEntries(headers.values());

  function put(name: string, value: string | string[]): void {
    const lower = name.toLowerCase();
    if (lower === "transfer-encoding") return;
    headers.set(lower, [REMAPPED.has(lower) ? `x-amzn-Remapped-${lower}` : name, value]);
  }
}

function text(value: unknown): string {
  if (typeof value !== "string" && typeof value !== "boolean" && typeof value !== "number") {
    throw malformed("one of its header values is not a string");
  }
  return String(value);
}

function objectOr(value: unknown): Record<string, unknown> {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw malformed("its headers are not an object");
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function malformed(reason: string): GatewayError {
  return new GatewayError("DEFAULT_5XX", {
    status: 502,
    reason: `Malformed Lambda proxy response: ${reason}`,
  });
}
