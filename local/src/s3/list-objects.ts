import { afterPrefix, commonPrefix, type ListParameters, listParameters } from "./list-keys.ts";
import { quoted } from "./object-headers.ts";
import type { Operation } from "./operation.ts";
import { invalidArgument } from "./s3-error.ts";
import type { Store } from "./store.ts";
import { fromRow, type ObjectVersion, type VersionRow } from "./versions.ts";
import { writeXml, type XmlValue } from "./xml.ts";

export const listObjectsV2: Operation = {
  name: "ListObjectsV2",
  method: "GET",
  on: "bucket",
  select: ["list-type"],
  query: [
    "prefix",
    "delimiter",
    "max-keys",
    "continuation-token",
    "start-after",
    "encoding-type",
    "fetch-owner",
  ],
  run({ store, bucket, query }) {
    if (query.get("list-type") !== "2")
      throw invalidArgument("Invalid List Type", "list-type", query.get("list-type"));
    const parameters = listParameters(query, "max-keys");
    const { show, maxKeys } = parameters;
    const token = query.get("continuation-token");
    const startAfter = query.get("start-after");
    const from = token === undefined ? (startAfter ?? "") : decodeToken(token);
    const page = collect(store, bucket, parameters, from);
    const owner = { ID: "000000000000", DisplayName: "local" };
    return {
      body: writeXml("ListBucketResult", {
        Name: bucket,
        Prefix: show(parameters.prefix),
        Delimiter: parameters.delimiter ? show(parameters.delimiter) : undefined,
        MaxKeys: maxKeys,
        EncodingType: parameters.encodingType,
        KeyCount: page.objects.length + page.prefixes.length,
        IsTruncated: page.next !== undefined,
        ContinuationToken: token,
        NextContinuationToken: page.next && Buffer.from(page.next).toString("base64url"),
        StartAfter: startAfter === undefined ? undefined : show(startAfter),
        Contents: page.objects.map((object) => ({
          ...shownObject(object, show),
          Owner: query.get("fetch-owner") === "true" ? owner : undefined,
        })),
        CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: show(prefix) })),
      }),
    };
  },
};

const shownObject = (
  object: ObjectVersion,
  show: ListParameters["show"],
): { [name: string]: XmlValue } => ({
  Key: show(object.key),
  LastModified: new Date(object.lastModified).toISOString(),
  ETag: quoted(object.etag),
  ChecksumAlgorithm: object.checksum?.algorithm,
  ChecksumType: object.checksum?.type,
  Size: object.size,
  StorageClass: object.headers["x-amz-storage-class"] ?? "STANDARD",
});

// One index seek for each page and for each common prefix, however many keys lie under it.
function collect(store: Store, bucket: string, parameters: ListParameters, after: string) {
  const { prefix, maxKeys } = parameters;
  const objects: ObjectVersion[] = [];
  const prefixes: string[] = [];
  const full = () => objects.length + prefixes.length >= maxKeys;
  if (maxKeys === 0) return { objects, prefixes, next: undefined };
  let cursor = after;
  let last = "";
  for (;;) {
    const rows = store.all<VersionRow>(
      `SELECT * FROM versions WHERE bucket = ?1 AND is_latest = 1 AND delete_marker = 0
        AND key > ?2 AND key >= ?3 AND key < ?4 ORDER BY key LIMIT ?5`,
      bucket,
      cursor,
      prefix,
      afterPrefix(prefix),
      maxKeys - objects.length - prefixes.length + 1,
    );
    let skipped = false;
    for (const row of rows) {
      const group = commonPrefix(row.key, parameters);
      // A page that ended within a group has shown it already.
      const shown = group !== undefined && afterPrefix(group) === after;
      if (full() && !shown) return { objects, prefixes, next: last };
      if (group === undefined) {
        objects.push(fromRow(row));
        last = row.key;
        cursor = row.key;
        continue;
      }
      if (!shown) prefixes.push(group);
      last = afterPrefix(group);
      cursor = last;
      skipped = true;
      break;
    }
    if (!skipped) return { objects, prefixes, next: undefined };
  }
}

function decodeToken(token: string): string {
  const key = Buffer.from(token, "base64url").toString();
  if (Buffer.from(key).toString("base64url") !== token || key === "") {
    throw invalidArgument(
      "The continuation token provided is incorrect",
      "continuation-token",
      token,
    );
  }
  return key;
}
