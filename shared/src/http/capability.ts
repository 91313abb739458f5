import { createHash, randomBytes } from "node:crypto";

/**
 * A capability: a secret inside a URL that lets its bearer do one thing for one user, for clients that
 * can't send an Authorization header. Its prefix lets logs, and whoever scans for leaked secrets, find it.
 */
export function newCapability(): string {
  return `cap_${randomBytes(32).toString("base64url")}`;
}

/** What is stored of a capability: who reads the store can't use it. It is random enough to need no salt. */
export function capabilityDigest(capability: string): string {
  return createHash("sha256").update(capability).digest("base64url");
}

/** A path as it may be logged: whatever looks like a capability is left out. */
export function withoutCapabilities(path: string): string {
  return path.replace(/cap_[^/]*/g, "cap_…");
}
