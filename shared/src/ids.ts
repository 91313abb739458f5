import { createHash, randomBytes } from "node:crypto";

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * A new UUIDv7 (RFC 9562) for the given time: 48 bits of milliseconds, 74 random bits. Written here
 * because `crypto.randomUUIDv7` takes no time, and time is an argument everywhere in this system.
 */
export function newImageId(now: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return format(bytes);
}

export function isImageId(value: string): boolean {
  return UUID_V7.test(value);
}

/** The time inside an image id, in milliseconds: the moment its upload was accepted. */
export function imageIdTime(imageId: string): number {
  return Number.parseInt(imageId.slice(0, 8) + imageId.slice(9, 13), 16);
}

/**
 * The smallest and the largest image id of a millisecond: the bounds that turn a range of dates
 * into a range of keys. Times outside of what 48 bits hold are clamped.
 */
export function imageIdBounds(time: number): { first: string; last: string } {
  const clamped = Math.min(Math.max(Math.trunc(time), 0), 2 ** 48 - 1);
  const hex = clamped.toString(16).padStart(12, "0");
  const head = `${hex.slice(0, 8)}-${hex.slice(8)}`;
  return { first: `${head}-7000-8000-000000000000`, last: `${head}-7fff-bfff-ffffffffffff` };
}

/**
 * An id that is the same whenever it is made from the same parts, so that a fact published twice
 * (a relay that crashed after publishing) carries the same event id twice.
 */
export function deterministicId(...parts: (string | number)[]): string {
  const bytes = createHash("sha256").update(JSON.stringify(parts)).digest().subarray(0, 16);
  bytes[6] = 0x80 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return format(bytes);
}

function format(bytes: Buffer): string {
  const hex = bytes.toString("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join("-");
}
