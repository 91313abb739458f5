import { createHash, timingSafeEqual } from "node:crypto";

const TAG_BYTES = 12;

/**
 * A value as an opaque text that means something for one scope only: what was sealed for another
 * scope, or has a flipped bit, does not open. It is no secret and grants nothing: who knows the
 * scheme can seal what he likes, so its reader takes whose data it is from the caller, never from it.
 */
export function seal(value: unknown, scope: unknown): string {
  const payload = Buffer.from(JSON.stringify(value));
  return Buffer.concat([tag(payload, scope), payload]).toString("base64url");
}

/** What was sealed, or undefined. Anybody can seal, so the caller checks its shape. */
export function unseal(sealed: string, scope: unknown): unknown {
  const bytes = Buffer.from(sealed, "base64url");
  const payload = bytes.subarray(TAG_BYTES);
  const intact =
    bytes.length > TAG_BYTES &&
    bytes.toString("base64url") === sealed &&
    timingSafeEqual(bytes.subarray(0, TAG_BYTES), tag(payload, scope));
  if (!intact) return undefined;
  try {
    return JSON.parse(payload.toString());
  } catch {
    // A tag around something that is no JSON: not sealed here.
    return undefined;
  }
}

function tag(payload: Buffer, scope: unknown): Buffer {
  return createHash("sha256")
    .update(JSON.stringify(scope))
    .update("\0")
    .update(payload)
    .digest()
    .subarray(0, TAG_BYTES);
}
