import { afterPrefix, commonPrefix, listParameters } from "./list-keys.ts";
import { quoted } from "./object-headers.ts";
import type { Operation } from "./operation.ts";
import { invalidArgument } from "./s3-error.ts";
import type { Store } from "./store.ts";
import { exactVersion, fromRow, type ObjectVersion, type VersionRow } from "./versions.ts";
import { writeXml, type XmlValue } from "./xml.ts";

/** Where a page ended: after a version of a key, or (without `seq`) after all of a key's versions. */
interface Marker {
  key: string;
  seq: number;
}

export const listObjectVersions: Operation = {
  name: "ListObjectVersions",
  method: "GET",
  on: "bucket",
  select: ["versions"],
  query: ["prefix", "delimiter", "max-keys", "key-marker", "version-id-marker", "encoding-type"],
  run({ store, bucket, query }) {
    const parameters = listParameters(query, "max-keys");
    const { prefix, maxKeys, show } = parameters;
    const entries: { [name: string]: XmlValue }[] = [];
    const prefixes: string[] = [];
    let marker = startOf(store, bucket, query);
    let last: { key: string; versionId?: string } | undefined;
    let truncated = false;
    for (;;) {
      const [row] = nextRow(store, bucket, prefix, marker);
      if (!row) break;
      if (entries.length + prefixes.length >= maxKeys) {
        truncated = maxKeys > 0;
        break;
      }
      const group = commonPrefix(row.key, parameters);
      if (group === undefined) {
        entries.push(shown(fromRow(row), show));
        marker = { key: row.key, seq: row.seq };
        last = { key: row.key, versionId: row.version_id };
      } else {
        prefixes.push(group);
        marker = { key: afterPrefix(group), seq: 0 };
        last = { key: group };
      }
    }
    return {
      body: writeXml("ListVersionsResult", {
        Name: bucket,
        Prefix: show(prefix),
        Delimiter: parameters.delimiter ? show(parameters.delimiter) : undefined,
        KeyMarker: show(query.get("key-marker") ?? ""),
        VersionIdMarker: query.get("version-id-marker") ?? "",
        MaxKeys: maxKeys,
        EncodingType: parameters.encodingType,
        IsTruncated: truncated,
        NextKeyMarker: truncated && last ? show(last.key) : undefined,
        NextVersionIdMarker: truncated ? last?.versionId : undefined,
        Version: entries.filter((entry) => "Size" in entry),
        DeleteMarker: entries.filter((entry) => !("Size" in entry)),
        CommonPrefixes: prefixes.map((one) => ({ Prefix: show(one) })),
      }),
    };
  },
};

function startOf(store: Store, bucket: string, query: ReadonlyMap<string, string>): Marker {
  const key = query.get("key-marker") ?? "";
  const versionId = query.get("version-id-marker");
  if (versionId !== undefined && versionId !== "") {
    const version = exactVersion(store, bucket, key, versionId);
    if (!version)
      throw invalidArgument("Invalid version id specified", "version-id-marker", versionId);
    return { key, seq: version.seq };
  }
  const delimiter = query.get("delimiter");
  // A page that ended with a common prefix goes on after everything under it.
  return delimiter && key.endsWith(delimiter) ? { key: afterPrefix(key), seq: 0 } : { key, seq: 0 };
}

const nextRow = (store: Store, bucket: string, prefix: string, { key, seq }: Marker) =>
  store.all<VersionRow>(
    `SELECT * FROM versions WHERE bucket = ?1 AND key >= ?3 AND key < ?4
      AND (key > ?2 OR (key = ?2 AND seq < ?5)) AND key >= ?2
      ORDER BY key, seq DESC LIMIT 1`,
    bucket,
    key,
    prefix,
    afterPrefix(prefix),
    seq,
  );

const shown = (version: ObjectVersion, show: (key: string) => string) => ({
  Key: show(version.key),
  VersionId: version.versionId,
  IsLatest: version.isLatest,
  LastModified: new Date(version.lastModified).toISOString(),
  ...(version.deleteMarker
    ? {}
    : {
        ETag: quoted(version.etag),
        Size: version.size,
        StorageClass: version.headers["x-amz-storage-class"] ?? "STANDARD",
      }),
  Owner: { ID: "000000000000", DisplayName: "local" },
});
