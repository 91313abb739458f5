import { randomBytes } from "node:crypto";
import { illegalArgument, OpenSearchError, validationFailed } from "./errors.ts";
import type { Index } from "./indices.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import { parseDuration } from "./settings.ts";
import type { StoredDocument, Tombstone } from "./store.ts";
import { extractValues } from "./values.ts";

export type VersionType = "internal" | "external" | "external_gte";
/** One write as a route or a line of a bulk asks for it. */
export type Write = {
  action: "index" | "create" | "delete";
  id: string | undefined;
  version: number | undefined;
  versionType: VersionType;
  ifSeqNo: number | undefined;
  ifPrimaryTerm: number | undefined;
  source: string;
};
export type WriteResult = { status: number; body: JsonObject };

const MAX_ID_BYTES = 512;
const DEFAULT_GC_DELETES = "60s";
const NO_VERSION = -3;

export function parseVersionType(given: string | undefined): VersionType {
  switch (given) {
    case undefined:
    case "internal":
      return "internal";
    case "external":
    case "external_gt":
      return "external";
    case "external_gte":
      return "external_gte";
    default:
      throw illegalArgument(`No version type match [${given}]`);
  }
}

/** Checks what OpenSearch checks before it looks at the index. */
export function validateWrite(write: Write): void {
  if (write.id !== undefined && Buffer.byteLength(write.id) > MAX_ID_BYTES) {
    throw validationFailed(
      `id [${write.id}] is too long, must be no longer than ${MAX_ID_BYTES} bytes but was: ${Buffer.byteLength(write.id)}`,
    );
  }
  if (write.id === "") throw illegalArgument("if _id is specified it must not be empty");
  if (write.versionType === "internal") {
    if (write.version === undefined) return;
    throw validationFailed(
      "internal versioning can not be used for optimistic concurrency control. Please use `if_seq_no` and `if_primary_term` instead",
    );
  }
  if (write.action === "create") {
    throw validationFailed(`create operations only support internal versioning. use index instead`);
  }
  const version = write.version ?? NO_VERSION;
  if (!Number.isSafeInteger(version) || version < 0) {
    throw validationFailed(
      `illegal version value [${version}] for version type [${write.versionType.toUpperCase()}]`,
    );
  }
}

function conflict(index: Index, id: string, reason: string): OpenSearchError {
  return new OpenSearchError(409, {
    type: "version_conflict_engine_exception",
    reason: `[${id}]: version conflict, ${reason}`,
    index: index.name,
    shard: "0",
    index_uuid: index.uuid,
  });
}

function checkSequence(
  index: Index,
  write: Write,
  id: string,
  existing: StoredDocument | undefined,
): void {
  if (write.ifSeqNo === undefined) return;
  const required = `required seqNo [${write.ifSeqNo}], primary term [${write.ifPrimaryTerm ?? 0}].`;
  if (!existing) throw conflict(index, id, `${required} but no document was found`);
  const seqNo = existing.doc - 1;
  if (seqNo === write.ifSeqNo && write.ifPrimaryTerm === 1) return;
  throw conflict(
    index,
    id,
    `${required} current document has seqNo [${seqNo}] and primary term [1]`,
  );
}

/** The version that the write gives the document. @throws a version conflict. */
function nextVersion(
  index: Index,
  write: Write,
  id: string,
  existing: StoredDocument | undefined,
  tombstone: Tombstone | undefined,
): number {
  checkSequence(index, write, id, existing);
  if (write.action === "create" && existing) {
    throw conflict(index, id, `document already exists (current version [${existing.version}])`);
  }
  const current = existing?.version ?? tombstone?.version;
  if (write.versionType === "internal") return (current ?? 0) + 1;
  const version = write.version ?? NO_VERSION;
  const tooOld =
    current !== undefined &&
    (write.versionType === "external" ? current >= version : current > version);
  if (!tooOld) return version;
  const relation = write.versionType === "external" ? "higher or equal to" : "higher than";
  throw conflict(
    index,
    id,
    `current version [${current}] is ${relation} the one provided [${version}]`,
  );
}

function parseSource(text: string): JsonObject {
  const failed = (type: string, reason: string) =>
    new OpenSearchError(400, {
      type: "mapper_parsing_exception",
      reason: "failed to parse",
      caused_by: { type, reason },
    });
  let source: Json;
  try {
    source = JSON.parse(text) as Json;
  } catch (cause) {
    throw failed("json_parse_exception", String(cause));
  }
  if (isObject(source)) return source;
  throw failed(
    "not_x_content_exception",
    "Compressor detection can only be called on some xcontent bytes or compressed xcontent bytes",
  );
}

function shards(index: Index): JsonObject {
  return {
    total: 1 + Number(index.settings.number_of_replicas ?? 1),
    successful: 1,
    failed: 0,
  };
}

/**
 * Applies one write inside the store's transaction. What it throws leaves the index as it was, so that
 * a bulk goes on with its next line.
 * @param now milliseconds; a deleted document's version is remembered for `index.gc_deletes` from it on
 */
export function applyWrite(index: Index, write: Write, now: number): WriteResult {
  const id = write.id ?? randomBytes(15).toString("base64url");
  const { store } = index;
  const source = write.action === "delete" ? undefined : parseSource(write.source);
  const values = source && extractValues(store.schema(), id, source);
  const existing = store.get(id);
  const remembered = existing ? undefined : store.tombstone(id);
  const keep = parseDuration(index.settings.gc_deletes ?? DEFAULT_GC_DELETES, "index.gc_deletes");
  const tombstone = remembered && now - remembered.deletedAt <= keep ? remembered : undefined;
  const version = nextVersion(index, write, id, existing, tombstone);
  const answer = (result: string, seqNo: number): JsonObject => ({
    _index: index.name,
    _id: id,
    _version: version,
    result,
    _shards: shards(index),
    _seq_no: seqNo,
    _primary_term: 1,
  });
  if (!values) {
    const seqNo = store.remove(id, version, now, existing?.doc);
    store.dropTombstones(now - keep);
    return existing
      ? { status: 200, body: answer("deleted", seqNo) }
      : { status: 404, body: answer("not_found", seqNo) };
  }
  const seqNo = store.put(id, version, write.source, values, existing?.doc);
  return existing
    ? { status: 200, body: answer("updated", seqNo) }
    : { status: 201, body: answer("created", seqNo) };
}
