import { insertObject, type NewObject } from "./change-versions.ts";
import type { Cause } from "./events.ts";
import { noSuchBucket } from "./s3-error.ts";
import type { Store } from "./store.ts";
import { type ObjectVersion, versioningOf } from "./versions.ts";

/**
 * Makes received blobs an object: version, segments and event in one transaction. `check` runs
 * inside of it. When it does not come to a commit, the blobs are removed.
 */
export async function storeObject(
  store: Store,
  object: NewObject,
  cause: Cause,
  check: () => void,
): Promise<{ version: ObjectVersion; versionHeader: Record<string, string> }> {
  try {
    const version = store.commit((freed) => {
      assertBucket(store, object.bucket);
      check();
      return insertObject(store, freed, object, cause);
    });
    return { version, versionHeader: versionHeader(store, version) };
  } catch (error) {
    await Promise.all(object.blobs.map((blob) => store.blobs.remove(blob.id)));
    throw error;
  }
}

/** The bucket may have been deleted while a body was on its way. */
export function assertBucket(store: Store, bucket: string): void {
  if (!store.get("SELECT 1 FROM buckets WHERE name = ?", bucket)) throw noSuchBucket(bucket);
}

/** x-amz-version-id, which only buckets that know versioning show. */
export const versionHeader = (store: Store, version: ObjectVersion): Record<string, string> =>
  versioningOf(store, version.bucket) === "" ? {} : { "x-amz-version-id": version.versionId };
