import { createHash } from "node:crypto";
import { insertObject } from "./change-versions.ts";
import {
  CHECKSUM_ALGORITHMS,
  type Checksum,
  checksumHeader,
  checksumTypeMismatch,
  runningChecksum,
} from "./checksums.ts";
import { chosenParts, type NamedPart, namedParts } from "./completed-parts.ts";
import { combineCrc32 } from "./crc32-combine.ts";
import { quoted } from "./object-headers.ts";
import { BODY_HEADERS, type Call, type Operation } from "./operation.ts";
import { assertWritable } from "./preconditions.ts";
import { receiveXml } from "./receive.ts";
import { invalidRequest, noSuchUpload, S3Error } from "./s3-error.ts";
import { versionHeader } from "./store-object.ts";
import { anyUpload, type Part, type Upload } from "./uploads.ts";
import { exactVersion, type ObjectVersion } from "./versions.ts";
import { writeXml } from "./xml.ts";

export const completeMultipartUpload: Operation = {
  name: "CompleteMultipartUpload",
  method: "POST",
  on: "object",
  select: ["uploadId"],
  headers: [
    "content-md5",
    "if-match",
    "if-none-match",
    "x-amz-mp-object-size",
    "x-amz-checksum-type",
    // These describe the object here, not this request's body.
    ...BODY_HEADERS.filter((name) => name.startsWith("x-amz-")),
  ],
  async run(call) {
    const { store, bucket, key } = call;
    const uploadId = call.query.get("uploadId") ?? "";
    const request = await receiveXml(
      { ...call, headers: withoutChecksums(call) },
      "CompleteMultipartUpload",
    );
    const upload = anyUpload(store, bucket, key, uploadId);
    const requested = namedParts(request, upload);
    const fingerprint = createHash("sha256").update(JSON.stringify(requested)).digest("hex");
    const version =
      upload.completed_at === null
        ? complete(call, uploadId, requested, fingerprint)
        : repeated(call, upload, fingerprint);
    return answer(call, version);
  },
};

const withoutChecksums = (call: Call) =>
  new Map([...call.headers].filter(([name]) => !/^x-amz-(sdk-)?checksum-/.test(name)));

// S3 answers a repeated completion as it answered the first; to anything else the upload is gone.
function repeated(call: Call, upload: Upload, fingerprint: string): ObjectVersion {
  const version = exactVersion(
    call.store,
    upload.bucket,
    upload.key,
    upload.completed_version ?? "",
  );
  if (!version || upload.completed_parts !== fingerprint) throw noSuchUpload(upload.upload_id);
  return version;
}

// The parts become the object's segments as they are: no byte is read or copied.
function complete(
  call: Call,
  uploadId: string,
  requested: NamedPart[],
  fingerprint: string,
): ObjectVersion {
  const { store, bucket, key } = call;
  return store.commit((freed) => {
    const upload = anyUpload(store, bucket, key, uploadId);
    const parts = chosenParts(store, upload, requested);
    assertWritable(store, bucket, key, call.headers);
    const checksum = objectChecksum(upload, parts);
    assertDeclared(call, parts, checksum);
    const used = new Set(parts.map((part) => part.blob));
    const all = store.all<{ blob: string }>(
      "DELETE FROM parts WHERE upload_id = ? RETURNING blob",
      uploadId,
    );
    freed.push(...all.map((part) => part.blob).filter((blob) => !used.has(blob)));
    const version = insertObject(
      store,
      freed,
      {
        bucket,
        key,
        blobs: parts.map((part) => ({ id: part.blob, size: part.size })),
        etag: `${createHash("md5")
          .update(Buffer.from(parts.map((part) => part.etag).join(""), "hex"))
          .digest("hex")}-${parts.length}`,
        headers: JSON.parse(upload.headers),
        checksum,
        tags: JSON.parse(upload.tags),
      },
      { ...call.cause, reason: "CompleteMultipartUpload" },
    );
    store.run(
      "UPDATE uploads SET completed_at = ?, completed_parts = ?, completed_version = ? WHERE upload_id = ?",
      store.now(),
      fingerprint,
      version.versionId,
      uploadId,
    );
    return version;
  });
}

function objectChecksum(upload: Upload, parts: Part[]): Checksum | undefined {
  const algorithm = upload.checksum_algorithm;
  if (!algorithm) return undefined;
  const values = parts.map((part) => Buffer.from(part.checksum ?? "", "base64"));
  if (upload.checksum_type === "COMPOSITE") {
    const whole = runningChecksum(algorithm);
    whole.update(Buffer.concat(values));
    return {
      algorithm,
      value: `${whole.digest().toString("base64")}-${parts.length}`,
      type: "COMPOSITE",
    };
  }
  const crc = parts.reduce(
    (sum, part, index) => combineCrc32(sum, values[index]?.readUInt32BE() ?? 0, part.size),
    0,
  );
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc);
  return { algorithm, value: bytes.toString("base64"), type: "FULL_OBJECT" };
}

// What the client says the whole object must be.
function assertDeclared({ headers }: Call, parts: Part[], checksum: Checksum | undefined): void {
  const size = headers.get("x-amz-mp-object-size");
  const actual = parts.reduce((sum, part) => sum + part.size, 0);
  if (size !== undefined && Number(size) !== actual) {
    throw invalidRequest(
      `The provided 'x-amz-mp-object-size' header value ${size} does not match what was computed: ${actual}`,
    );
  }
  const type = headers.get("x-amz-checksum-type")?.toUpperCase();
  if (type !== undefined && type !== checksum?.type) {
    throw invalidRequest(
      `The upload was created using the ${checksum?.type ?? "null"} checksum mode. The complete request must use the same checksum mode.`,
    );
  }
  const declared = CHECKSUM_ALGORITHMS.find((algorithm) => headers.has(checksumHeader(algorithm)));
  if (declared === undefined) return;
  if (declared !== checksum?.algorithm) {
    throw checksumTypeMismatch(checksum?.algorithm, declared);
  }
  const value = headers.get(checksumHeader(declared));
  if (value !== checksum.value && value !== checksum.value.replace(/-\d+$/, "")) {
    throw new S3Error(
      400,
      "BadDigest",
      `The ${declared.toLowerCase()} you specified did not match the calculated checksum.`,
    );
  }
}

function answer(call: Call, version: ObjectVersion) {
  const { checksum } = version;
  return {
    headers: { ...versionHeader(call.store, version), "x-amz-server-side-encryption": "AES256" },
    body: writeXml("CompleteMultipartUploadResult", {
      Location: `${call.baseUrl}/${version.bucket}/${version.key}`,
      Bucket: version.bucket,
      Key: version.key,
      ETag: quoted(version.etag),
      [`Checksum${checksum?.algorithm ?? ""}`]: checksum?.value,
      ChecksumType: checksum?.type,
    }),
  };
}
