import { afterPrefix, commonPrefix, listParameters } from "./list-keys.ts";
import type { Operation } from "./operation.ts";
import type { Upload } from "./uploads.ts";
import { writeXml } from "./xml.ts";

const OWNER = { ID: "000000000000", DisplayName: "local" };

export const listMultipartUploads: Operation = {
  name: "ListMultipartUploads",
  method: "GET",
  on: "bucket",
  select: ["uploads"],
  query: ["prefix", "delimiter", "max-uploads", "key-marker", "upload-id-marker", "encoding-type"],
  run({ store, bucket, query }) {
    const parameters = listParameters(query, "max-uploads");
    const { prefix, maxKeys, show } = parameters;
    const keyMarker = query.get("key-marker") ?? "";
    const idMarker = query.get("upload-id-marker") ?? "";
    let position = { key: keyMarker, id: idMarker };
    if (parameters.delimiter && keyMarker.endsWith(parameters.delimiter)) {
      position = { key: afterPrefix(keyMarker), id: "" };
    }
    const uploads: Upload[] = [];
    const prefixes: string[] = [];
    let last = { key: "", id: "" };
    let truncated = false;
    for (;;) {
      const upload = store.get<Upload>(
        `SELECT * FROM uploads WHERE bucket = ?1 AND key >= ?3 AND key < ?4 AND completed_at IS NULL
          AND key >= ?2 AND (key > ?2 OR (?5 <> '' AND upload_id > ?5))
          ORDER BY key, upload_id LIMIT 1`,
        bucket,
        position.key,
        prefix,
        afterPrefix(prefix),
        position.id,
      );
      if (!upload) break;
      if (uploads.length + prefixes.length >= maxKeys) {
        truncated = maxKeys > 0;
        break;
      }
      const group = commonPrefix(upload.key, parameters);
      if (group === undefined) {
        uploads.push(upload);
        position = { key: upload.key, id: upload.upload_id };
        last = position;
      } else {
        prefixes.push(group);
        position = { key: afterPrefix(group), id: "" };
        last = { key: group, id: "" };
      }
    }
    return {
      body: writeXml("ListMultipartUploadsResult", {
        Bucket: bucket,
        KeyMarker: show(keyMarker),
        UploadIdMarker: idMarker,
        NextKeyMarker: truncated ? show(last.key) : undefined,
        NextUploadIdMarker: truncated ? last.id : undefined,
        Prefix: show(prefix),
        Delimiter: parameters.delimiter ? show(parameters.delimiter) : undefined,
        EncodingType: parameters.encodingType,
        MaxUploads: maxKeys,
        IsTruncated: truncated,
        Upload: uploads.map((upload) => ({
          Key: show(upload.key),
          UploadId: upload.upload_id,
          Initiator: OWNER,
          Owner: OWNER,
          StorageClass: JSON.parse(upload.headers)["x-amz-storage-class"] ?? "STANDARD",
          Initiated: new Date(upload.initiated).toISOString(),
          ChecksumAlgorithm: upload.checksum_algorithm ?? undefined,
          ChecksumType: upload.checksum_type ?? undefined,
        })),
        CommonPrefixes: prefixes.map((one) => ({ Prefix: show(one) })),
      }),
    };
  },
};
