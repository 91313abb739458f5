import {
  assertKey,
  checksumHeaders,
  OBJECT_HEADERS,
  quoted,
  storedHeaders,
  taggingHeader,
} from "./object-headers.ts";
import { BODY_HEADERS, type Operation } from "./operation.ts";
import { assertWritable } from "./preconditions.ts";
import { receiveBlob } from "./receive.ts";
import { storeObject } from "./store-object.ts";

export const putObject: Operation = {
  name: "PutObject",
  method: "PUT",
  on: "object",
  headers: [...BODY_HEADERS, ...OBJECT_HEADERS, "if-match", "if-none-match"],
  async run(call) {
    const { store, bucket, key } = call;
    assertKey(key);
    const headers = storedHeaders(call.headers);
    const tags = taggingHeader(call.headers);
    // Checked here so that a hopeless body is not sent, and again when the object is stored.
    assertWritable(store, bucket, key, call.headers);
    const { blob, digests } = await receiveBlob(call);
    const stored = await storeObject(
      store,
      { bucket, key, blobs: [blob], etag: digests.md5, checksum: digests.checksum, headers, tags },
      { ...call.cause, reason: "PutObject" },
      () => assertWritable(store, bucket, key, call.headers),
    );
    return {
      headers: {
        etag: quoted(digests.md5),
        ...checksumHeaders(stored.version),
        ...stored.versionHeader,
        "x-amz-server-side-encryption": "AES256",
      },
    };
  },
};
