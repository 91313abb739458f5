import {
  assertKey,
  OBJECT_HEADERS,
  quoted,
  storedHeaders,
  taggingHeader,
} from "./object-headers.ts";
import type { Call, Operation } from "./operation.ts";
import { notModified } from "./preconditions.ts";
import { invalidArgument, invalidRequest, preconditionFailed, S3Error } from "./s3-error.ts";
import { assertBucket, storeObject } from "./store-object.ts";
import { blobsOf, readableVersion, versioningOf } from "./versions.ts";
import { writeXml } from "./xml.ts";

const CONDITIONS = ["if-match", "if-none-match", "if-modified-since", "if-unmodified-since"];
const MAX_COPY = 5 * 1024 ** 3;

export const copyObject: Operation = {
  name: "CopyObject",
  method: "PUT",
  on: "object",
  selectHeader: "x-amz-copy-source",
  headers: [
    ...OBJECT_HEADERS,
    "x-amz-copy-source",
    "x-amz-metadata-directive",
    "x-amz-tagging-directive",
    ...CONDITIONS.map((name) => `x-amz-copy-source-${name}`),
  ],
  async run(call) {
    const { store, bucket, key } = call;
    assertKey(key);
    const source = sourceOf(call);
    const metadata = directive(call, "x-amz-metadata-directive");
    const tagging = directive(call, "x-amz-tagging-directive");
    if (
      source.bucket === bucket &&
      source.key === key &&
      metadata === "COPY" &&
      !call.headers.has("x-amz-storage-class")
    ) {
      throw invalidRequest(
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
      );
    }
    assertCopyConditions(call, source);
    if (source.size > MAX_COPY) {
      throw invalidRequest(
        "The specified copy source is larger than the maximum allowable size for a copy source: 5368709120",
      );
    }
    const requested = storedHeaders(call.headers);
    const headers =
      metadata === "REPLACE"
        ? requested
        : { ...source.headers, "x-amz-storage-class": requested["x-amz-storage-class"] };
    // A multipart object's ETag changes when it is copied in one piece; its bytes are not read
    // here to find the new one, so the source's ETag and checksum stay with the copy.
    const copied = await storeObject(
      store,
      {
        bucket,
        key,
        blobs: blobsOf(store, source).map(store.blobs.duplicate),
        etag: source.etag,
        checksum: source.checksum,
        headers: JSON.parse(JSON.stringify(headers)),
        tags: tagging === "REPLACE" ? taggingHeader(call.headers) : source.tags,
      },
      { ...call.cause, reason: "CopyObject" },
      () => undefined,
    );
    const sourceVersioned = versioningOf(store, source.bucket) !== "";
    return {
      headers: {
        ...copied.versionHeader,
        "x-amz-copy-source-version-id": sourceVersioned ? source.versionId : undefined,
        "x-amz-server-side-encryption": "AES256",
      },
      body: writeXml("CopyObjectResult", {
        LastModified: new Date(copied.version.lastModified).toISOString(),
        ETag: quoted(copied.version.etag),
        [`Checksum${source.checksum?.algorithm ?? ""}`]: source.checksum?.value,
        ChecksumType: source.checksum?.type,
      }),
    };
  },
};

function sourceOf({ store, headers }: Call) {
  const text = headers.get("x-amz-copy-source") ?? "";
  const [path = "", query, rest] = text.split("?");
  const versionId = query?.startsWith("versionId=") ? query.slice("versionId=".length) : undefined;
  if (rest !== undefined || (query !== undefined && !versionId)) throw badSource(text);
  let decoded: string;
  try {
    decoded = decodeURIComponent(path.replaceAll("+", " ")).replace(/^\//, "");
  } catch {
    throw badSource(text);
  }
  const slash = decoded.indexOf("/");
  if (slash < 1 || slash === decoded.length - 1) throw badSource(text);
  const bucket = decoded.slice(0, slash);
  assertBucket(store, bucket);
  try {
    return readableVersion(store, bucket, decoded.slice(slash + 1), versionId);
  } catch (error) {
    if (!(error instanceof S3Error) || error.code !== "MethodNotAllowed") throw error;
    throw invalidRequest(
      "The source of a copy request may not specifically refer to a delete marker by version id.",
    );
  }
}

const badSource = (text: string) =>
  invalidArgument(
    "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
    "x-amz-copy-source",
    text,
  );

function directive({ headers }: Call, name: string): "COPY" | "REPLACE" {
  const value = headers.get(name) ?? "COPY";
  if (value !== "COPY" && value !== "REPLACE")
    throw invalidArgument("Unknown directive.", name, value);
  return value;
}

function assertCopyConditions({ headers }: Call, source: Parameters<typeof notModified>[0]): void {
  const conditions = new Map(
    CONDITIONS.flatMap((name) => {
      const value = headers.get(`x-amz-copy-source-${name}`);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
  // What a read would answer with 304 is a failed precondition of a copy.
  if (notModified(source, conditions)) throw preconditionFailed("x-amz-copy-source-If-None-Match");
}
