import { deleteLatest, deleteVersion } from "./change-versions.ts";
import type { Call, Operation } from "./operation.ts";
import { noSuchKey, preconditionFailed } from "./s3-error.ts";
import { assertVersionId, latestVersion } from "./versions.ts";

export const deleteObject: Operation = {
  name: "DeleteObject",
  method: "DELETE",
  on: "object",
  query: ["versionId"],
  headers: ["if-match"],
  run(call) {
    const ifMatch = call.headers.get("if-match");
    const outcome = deleteOne(call, call.key, call.query.get("versionId"), ifMatch);
    return {
      status: 204,
      headers: {
        "x-amz-version-id": outcome.versionId ?? outcome.markerVersionId,
        "x-amz-delete-marker": outcome.deleteMarker ? "true" : undefined,
      },
    };
  },
};

/** What DeleteObject and DeleteObjects do to one key, in one transaction. */
export function deleteOne(
  { store, bucket, cause }: Call,
  key: string,
  versionId: string | undefined,
  ifMatch?: string,
): { deleteMarker: boolean; versionId?: string; markerVersionId?: string } {
  if (versionId !== undefined) assertVersionId(versionId);
  return store.commit((freed) => {
    if (ifMatch !== undefined) {
      const latest = latestVersion(store, bucket, key);
      if (!latest || latest.deleteMarker) throw noSuchKey(key);
      const matches = ifMatch === "*" || ifMatch.replaceAll('"', "") === latest.etag;
      if (!matches) throw preconditionFailed("If-Match");
    }
    const deletion = { ...cause, reason: "DeleteObject" } as const;
    if (versionId !== undefined) {
      const removed = deleteVersion(store, freed, bucket, key, versionId, deletion);
      const wasMarker = removed?.deleteMarker === true;
      return {
        deleteMarker: wasMarker,
        versionId,
        ...(wasMarker ? { markerVersionId: versionId } : {}),
      };
    }
    const marker = deleteLatest(store, freed, bucket, key, deletion);
    return marker
      ? { deleteMarker: true, markerVersionId: marker.versionId }
      : { deleteMarker: false };
  });
}
