import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import { renditionPrefix, SIGNED_URL_LIFETIME } from "../image.ts";

export interface CdnSigner {
  /** A function that gives the signed URL of any rendition of one image: one signature serves all. */
  renditions(imageId: string, now: number): (key: string) => string;
  /** A signed URL for exactly this path (not yet percent-encoded) and query, and when it ends (ms). */
  object(
    path: string,
    query: Record<string, string>,
    now: number,
  ): { url: string; expiresAt: number };
}

/**
 * Milliseconds. Expiry is rounded up to the next full hour after an hour: a URL lives for one to two
 * hours, and within an hour the same resource has the same policy.
 */
const QUANTUM = SIGNED_URL_LIFETIME / 2;
/** Signatures that a process remembers: about 5 MB. */
const REMEMBERED = 10_000;

/**
 * Signs URLs for CloudFront with an ECDSA P-256 key (supported since September 2025) and SHA-256
 * (`Hash-Algorithm=SHA256`). The signature never depends on who asks. An ECDSA signature is random,
 * though, so a process remembers those it made: asked again within the hour it gives the same URL,
 * and a browser finds the picture in its cache. CloudFront's own cache does not look at signatures.
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
  const remembered = new Map<string, string>();

  function signed(resource: string, expiresAt: number): string {
    const name = `${expiresAt} ${resource}`;
    const before = remembered.get(name);
    if (before !== undefined) return before;
    const query = policyQuery(key, options.keyId, resource, expiresAt);
    if (remembered.size >= REMEMBERED) {
      for (const oldest of remembered.keys()) {
        remembered.delete(oldest);
        break;
      }
    }
    remembered.set(name, query);
    return query;
  }

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
      const url = `${options.baseUrl}/${path.split("/").map(exactly).join("/")}${own && `?${own}`}`;
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
