import type { Operation } from "./operation.ts";
import { openUpload, removeUpload } from "./uploads.ts";

export const abortMultipartUpload: Operation = {
  name: "AbortMultipartUpload",
  method: "DELETE",
  on: "object",
  select: ["uploadId"],
  run({ store, bucket, key, query }) {
    store.commit((freed) => {
      const upload = openUpload(store, bucket, key, query.get("uploadId") ?? "");
      removeUpload(store, freed, upload.upload_id);
    });
    return { status: 204 };
  },
};
