import { noSuchKey, notImplemented, preconditionFailed } from "./s3-error.ts";
import type { Store } from "./store.ts";
import { latestVersion, type ObjectVersion } from "./versions.ts";

const names = (list: string, etag: string) =>
  list.split(",").some((one) => one.trim() === "*" || one.trim().replaceAll('"', "") === etag);

/**
 * Conditional writes: `If-None-Match: *` stores only a new key, `If-Match` only over that ETag.
 * To be checked in the transaction that stores the object.
 */
export function assertWritable(
  store: Store,
  bucket: string,
  key: string,
  headers: ReadonlyMap<string, string>,
): void {
  const ifNoneMatch = headers.get("if-none-match");
  const ifMatch = headers.get("if-match");
  if (ifNoneMatch === undefined && ifMatch === undefined) return;
  if (ifNoneMatch !== undefined && ifNoneMatch !== "*") {
    throw notImplemented("If-None-Match with an ETag on a write");
  }
  const latest = latestVersion(store, bucket, key);
  const current = latest && !latest.deleteMarker ? latest : undefined;
  if (ifNoneMatch !== undefined && current) throw preconditionFailed("If-None-Match");
  if (ifMatch === undefined) return;
  if (!current) throw noSuchKey(key);
  if (!names(ifMatch, current.etag)) throw preconditionFailed("If-Match");
}

/**
 * Conditional reads. True means 304 Not Modified.
 *
 * @throws S3Error PreconditionFailed
 */
export function notModified(version: ObjectVersion, headers: ReadonlyMap<string, string>): boolean {
  const ifMatch = headers.get("if-match");
  const ifNoneMatch = headers.get("if-none-match");
  const seconds = Math.floor(version.lastModified / 1000) * 1000;
  const since = Date.parse(headers.get("if-modified-since") ?? "");
  const until = Date.parse(headers.get("if-unmodified-since") ?? "");
  if (ifMatch !== undefined) {
    if (!names(ifMatch, version.etag)) throw preconditionFailed("If-Match");
  } else if (seconds > until) throw preconditionFailed("If-Unmodified-Since");
  if (ifNoneMatch !== undefined) return names(ifNoneMatch, version.etag);
  return seconds <= since;
}
