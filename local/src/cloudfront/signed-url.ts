import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { accessDenied, CdnError } from "./cdn-error.ts";
import { parsePolicy, policyAllows } from "./policy.ts";

/** CloudFront takes these away before it matches a resource and before it asks the origin. */
const OWN_PARAMETERS = ["Expires", "Policy", "Signature", "Key-Pair-Id", "Hash-Algorithm"];

export type UrlVerifier = (request: { url: string; clientIp: string; now: number }) => void;

/**
 * Verifies signed URLs with a canned policy (`Expires`) or a custom one (`Policy`), signed by RSA-2048 or ECDSA P-256
 * over SHA-1, or over SHA-256 when `Hash-Algorithm=SHA256` says so (CloudFront developer guide, "Use signed URLs").
 * The verifier throws what CloudFront answers; `url` is as the viewer sent it, with scheme and host.
 */
export function createUrlVerifier(publicKeys: { id: string; pem: string }[]): UrlVerifier {
  const keys = new Map(publicKeys.map(({ id, pem }) => [id, readKey(id, pem)]));

  return ({ url, clientIp, now }) => {
    const { base, own } = splitUrl(url);
    const keyId = own.get("Key-Pair-Id");
    if (!keyId)
      throw new CdnError(403, "MissingKey", "Missing Key-Pair-Id query parameter or cookie value");
    const key = keys.get(keyId);
    if (!key) throw new CdnError(403, "InvalidKey", "Unknown Key");
    const policy = policyText(base, own);
    if (!verify(hashOf(own), Buffer.from(policy), key, decode(own.get("Signature"), "Signature"))) {
      throw accessDenied();
    }
    if (own.has("Policy")) {
      if (!policyAllows(parsePolicy(policy), base, clientIp, now)) throw accessDenied();
    } else if (now / 1000 >= Number(own.get("Expires"))) {
      throw accessDenied();
    }
  };
}

function readKey(id: string, pem: string): KeyObject {
  const key = createPublicKey(pem);
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (modulusLength === 2048 || namedCurve === "prime256v1") return key;
  throw new Error(`CloudFront takes RSA-2048 and ECDSA P-256 keys; the key ${id} is neither.`);
}

/** Splits by hand: what is signed is the URL's text, which parsing and writing again could change. */
function splitUrl(url: string): { base: string; own: Map<string, string> } {
  const [path = "", query] = [
    url.split("?", 1)[0],
    url.includes("?") ? url.slice(url.indexOf("?") + 1) : "",
  ];
  const own = new Map<string, string>();
  const rest: string[] = [];
  for (const pair of query.split("&")) {
    const name = pair.split("=", 1)[0] ?? "";
    if (!OWN_PARAMETERS.includes(name)) rest.push(pair);
    // A parameter twice is two opinions on what was signed.
    else if (own.has(name)) throw accessDenied();
    else own.set(name, pair.slice(name.length + 1));
  }
  const others = rest.filter((pair) => pair !== "").join("&");
  return { base: others === "" ? path : `${path}?${others}`, own };
}

/** The custom policy that came along, or the canned one, which both sides write from URL and time, without a space. */
function policyText(base: string, own: Map<string, string>): string {
  const policy = own.get("Policy");
  if (policy !== undefined) return decode(policy, "Policy").toString("utf8");
  const expires = own.get("Expires") ?? "";
  if (!/^\d+$/.test(expires)) throw accessDenied();
  return `{"Statement":[{"Resource":"${base}","Condition":{"DateLessThan":{"AWS:EpochTime":${expires}}}}]}`;
}

function hashOf(own: Map<string, string>): string {
  const name = own.get("Hash-Algorithm") ?? "SHA1";
  if (name === "SHA1" || name === "SHA256") return name.toLowerCase();
  throw accessDenied();
}

/** CloudFront's base64 for URLs has `-`, `_` and `~` for `+`, `=` and `/`. */
function decode(text: string | undefined, what: string): Buffer {
  if (!text || !/^[A-Za-z0-9~-]+_{0,2}$/.test(text)) {
    throw new CdnError(403, `Malformed${what}`, `Could not unencode ${what}`);
  }
  return Buffer.from(text.replaceAll("-", "+").replaceAll("_", "=").replaceAll("~", "/"), "base64");
}
