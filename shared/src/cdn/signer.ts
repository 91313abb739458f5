import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import { renditionPrefix } from "../image.ts";

export interface CdnSigner {
  /** A function that gives the signed URL of any rendition of one image: one signature serves all. */
  renditions(imageId: string, now: number): (key: string) => string;
  /** A signed URL for exactly this path and query, and when it ends (ms). */
  object(
    path: string,
    query: Record<string, string>,
    now: number,
  ): { url: string; expiresAt: number };
}

/**
 * Expiry is rounded up to the next full hour after an hour: everybody who looks at a picture within
 * an hour gets the same URL, so that browsers cache it, and no URL lives for less than one hour or
 * for more than two.
 */
const QUANTUM = 3_600_000;

/**
 * Signs URLs for CloudFront with an ECDSA P-256 key (supported since September 2025) and SHA-256
 * (`Hash-Algorithm=SHA256`). The signature never depends on who asks, so URLs are shared by caches.
 *
 * @param options.baseUrl the distribution's origin, without a trailing slash
 * @param options.keyId the id of the public key in the distribution's key group
 * @param options.privateKey PEM
 */
export function createCdnSigner(options: {
  baseUrl: string;
  keyId: string;
  privateKey: string;
}): CdnSigner {
  const key = createPrivateKey(options.privateKey);
  const signed = (resource: string, expiresAt: number) =>
    policyQuery(key, options.keyId, resource, expiresAt);

  return {
    renditions(imageId, now) {
      const expiresAt = expiry(now);
      const prefix = `${options.baseUrl}/${renditionPrefix(imageId)}`;
      const query = signed(`${prefix}*`, expiresAt);
      return (objectKey) => `${options.baseUrl}/${objectKey}?${query}`;
    },
    object(path, query, now) {
      const expiresAt = expiry(now);
      const own = Object.entries(query)
        .map(([name, value]) => `${exactly(name)}=${exactly(value)}`)
        .join("&");
      const url = `${options.baseUrl}/${path}${own && `?${own}`}`;
      return { url: `${url}${own ? "&" : "?"}${signed(url, expiresAt)}`, expiresAt };
    },
  };
}

function expiry(now: number): number {
  return Math.ceil((now + QUANTUM) / QUANTUM) * QUANTUM;
}

/**
 * Percent-encodes all but letters, digits and `-._~`: a `*` would be a wildcard in the resource of a
 * policy, and browsers turn a bare `'` into `%27`, which then is not what was signed.
 */
function exactly(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** A custom policy: the only kind that may have a wildcard in its resource. */
function policyQuery(key: KeyObject, keyId: string, resource: string, expiresAt: number): string {
  const policy = Buffer.from(
    JSON.stringify({
      Statement: [
        {
          Resource: resource,
          Condition: { DateLessThan: { "AWS:EpochTime": Math.floor(expiresAt / 1000) } },
        },
      ],
    }),
  );
  const signature = sign("sha256", policy, key);
  return `Policy=${urlSafe(policy)}&Signature=${urlSafe(signature)}&Key-Pair-Id=${keyId}&Hash-Algorithm=SHA256`;
}

/** CloudFront's own base64: `+` `=` `/` become `-` `_` `~`. */
function urlSafe(bytes: Buffer): string {
  return bytes.toString("base64").replaceAll("+", "-").replaceAll("=", "_").replaceAll("/", "~");
}
