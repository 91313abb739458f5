import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** Signature Version 4 as all services of AWS have it; what differs by service is with those who verify. */

export interface Credential {
  accessKeyId: string;
  secretAccessKey: string;
}

export const ALGORITHM = "AWS4-HMAC-SHA256";

/** A request as it was received: header names in lower case, query parameters decoded. */
export interface ReceivedRequest {
  method: string;
  rawPath: string;
  query: readonly (readonly [string, string])[];
  headers: ReadonlyMap<string, string>;
}

/** What a signature is made over, and with. */
export interface Signing {
  signedHeaders: string[];
  /** As its canonical form: S3 encodes a path once, all other services what was sent once more. */
  path: string;
  /** Hex SHA-256 of the body, or what a service takes in its place. */
  payload: string;
  amzDate: string;
  scope: string;
  key: Buffer;
}

/**
 * The `name=value` fields of an Authorization header of this algorithm; undefined for another kind of header.
 * Which of them are there is for the caller to ask.
 */
export function authorizationFields(header: string): Map<string, string> | undefined {
  const [, text] = /^AWS4-HMAC-SHA256\s+(.*)$/.exec(header) ?? [];
  if (text === undefined) return undefined;
  return new Map(
    text.split(",").map((field) => {
      const [name = "", ...value] = field.trim().split("=");
      return [name, value.join("=")];
    }),
  );
}

/** The signature that a request must have: hex. */
export function signatureOf(request: ReceivedRequest, signing: Signing): string {
  const { signedHeaders, path, payload, amzDate, scope, key } = signing;
  const query = request.query
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => [encodeRfc3986(name), encodeRfc3986(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
  const headers = signedHeaders.map(
    (name) => `${name}:${(request.headers.get(name) ?? "").trim().replace(/ +/g, " ")}\n`,
  );
  const names = signedHeaders.join(";");
  const canonical = [request.method, path, query, headers.join(""), names, payload].join("\n");
  return hmac(key, [ALGORITHM, amzDate, scope, sha256(canonical)].join("\n")).toString("hex");
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** The host and all `x-amz-*` headers that came and were not signed: anyone on the way could have added them. */
export function unsignedHeaders(request: ReceivedRequest, signedHeaders: string[]): string[] {
  return [...request.headers.keys()].filter(
    (name) => (name === "host" || name.startsWith("x-amz-")) && !signedHeaders.includes(name),
  );
}

export const encodeRfc3986 = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** Milliseconds of `YYYYMMDDTHHMMSSZ`, undefined when it is not one. */
export function parseAmzDate(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? undefined : time;
}

export const hmac = (key: Buffer | string, data: string) =>
  createHmac("sha256", key).update(data).digest();

export const sha256 = (data: string | Buffer) => createHash("sha256").update(data).digest("hex");

/** Equality in a time that does not tell where two strings differ. */
export function safeEqual(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

// The key of a day is four HMACs; it is the same for every request of that day.
const dayKeys = new Map<string, Buffer>();

/** @param scope `YYYYMMDD/region/service/aws4_request` */
export function signingKey(secret: string, scope: string): Buffer {
  const cacheKey = `${scope}/${secret}`;
  const cached = dayKeys.get(cacheKey);
  if (cached) return cached;
  const [date = "", ...rest] = scope.split("/");
  const key = rest.reduce((previous, data) => hmac(previous, data), hmac(`AWS4${secret}`, date));
  if (dayKeys.size >= 64) dayKeys.clear();
  dayKeys.set(cacheKey, key);
  return key;
}
