import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { S3Error } from "./s3-error.ts";

export interface Credential {
  accessKeyId: string;
  secretAccessKey: string;
}

export interface Verifier {
  credentials: readonly Credential[];
  region: string;
  now: () => number;
}

/** The key for a credential scope `ID/date/region/s3/aws4_request`, also used by POST policies. */
export function resolveCredential(credential: string, amzDate: string, verifier: Verifier) {
  const [accessKeyId, date, region, service, terminator, rest] = credential.split("/");
  if (!date || !terminator || rest !== undefined) {
    throw malformed(
      "The Credential is mal-formed; expecting '<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request'.",
    );
  }
  if (region !== verifier.region) {
    throw malformed(`The region '${region}' is wrong; expecting '${verifier.region}'`, {
      Region: verifier.region,
    });
  }
  if (service !== "s3" || terminator !== "aws4_request") {
    throw malformed("The Credential's service and terminator must be 's3' and 'aws4_request'.");
  }
  if (date !== amzDate.slice(0, 8)) {
    throw malformed(`Invalid credential date "${date}". This date is not the same as X-Amz-Date.`);
  }
  const known = verifier.credentials.find((one) => safeEqual(one.accessKeyId, accessKeyId ?? ""));
  if (!known) {
    throw new S3Error(
      403,
      "InvalidAccessKeyId",
      "The AWS Access Key Id you provided does not exist in our records.",
      { AWSAccessKeyId: accessKeyId ?? "" },
    );
  }
  return {
    scope: `${date}/${region}/s3/aws4_request`,
    signingKey: deriveKey(known.secretAccessKey, date, verifier.region),
  };
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

export const sha256 = (data: string) => createHash("sha256").update(data).digest("hex");

/** Equality in a time that does not tell where two strings differ. */
export function safeEqual(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

// The key of a day is four HMACs; it is the same for every request of that day.
const dayKeys = new Map<string, Buffer>();

function deriveKey(secret: string, date: string, region: string): Buffer {
  const cacheKey = `${date}/${region}/${secret}`;
  const cached = dayKeys.get(cacheKey);
  if (cached) return cached;
  const key = ["s3", "aws4_request"].reduce(
    (previous, data) => hmac(previous, data),
    hmac(hmac(`AWS4${secret}`, date), region),
  );
  if (dayKeys.size >= 64) dayKeys.clear();
  dayKeys.set(cacheKey, key);
  return key;
}

export const signatureDoesNotMatch = () =>
  new S3Error(
    403,
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
  );

export const malformed = (message: string, details = {}) =>
  new S3Error(400, "AuthorizationHeaderMalformed", message, details);
