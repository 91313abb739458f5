import { createHash } from "node:crypto";
import {
  assertChecksumForm,
  CHECKSUM_ALGORITHMS,
  type Checksum,
  type ChecksumAlgorithm,
  checksumAlgorithm,
  checksumHeader,
  declaredChecksum,
  runningChecksum,
} from "./checksums.ts";
import { invalidRequest, S3Error } from "./s3-error.ts";

export interface Digests {
  size: number;
  /** Lower-case hex; the ETag of an object sent in one piece. */
  md5: string;
  /** The checksum that the sender declared (and that was right), or the one asked for. */
  checksum: Checksum | undefined;
}

export interface Digester {
  update(chunk: Buffer): void;
  /** Verifies all that was declared. @throws S3Error BadDigest, XAmzContentSHA256Mismatch … */
  finish(trailers?: ReadonlyMap<string, string>): Digests;
}

/**
 * Hashes a body while it streams and compares the result with what its headers (or form fields)
 * declare: Content-MD5, x-amz-checksum-*, the signed payload hash, and a checksum announced by
 * x-amz-trailer. `fallback` is the algorithm to compute when none is declared.
 */
export function bodyDigester(
  headers: ReadonlyMap<string, string>,
  options: { payloadSha256?: string; fallback?: ChecksumAlgorithm } = {},
): Digester {
  const declared = declaredChecksum(headers);
  const trailer = trailerAlgorithm(headers);
  if (declared && trailer) {
    throw invalidRequest(
      "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
    );
  }
  assertAnnounced(headers, declared?.algorithm ?? trailer);
  const expectedMd5 = contentMd5(headers.get("content-md5"));
  const algorithm = declared?.algorithm ?? trailer ?? options.fallback;
  const md5 = createHash("md5");
  const checksum = algorithm && runningChecksum(algorithm);
  const payload = options.payloadSha256 === undefined ? undefined : createHash("sha256");
  let size = 0;

  return {
    update(chunk) {
      size += chunk.length;
      md5.update(chunk);
      checksum?.update(chunk);
      payload?.update(chunk);
    },
    finish(trailers) {
      if (payload && payload.digest("hex") !== options.payloadSha256) {
        throw new S3Error(
          400,
          "XAmzContentSHA256Mismatch",
          "The provided 'x-amz-content-sha256' header does not match what was computed.",
        );
      }
      const md5Bytes = md5.digest();
      if (expectedMd5 && !expectedMd5.equals(md5Bytes)) {
        throw badDigest("The Content-MD5 you specified did not match what we received.");
      }
      const value = checksum?.digest().toString("base64");
      if (algorithm && value !== undefined) {
        const expected = trailer ? trailers?.get(checksumHeader(trailer)) : declared?.value;
        if (trailer && expected === undefined) {
          throw new S3Error(
            400,
            "MalformedTrailerError",
            "The request contained trailing data that was not well-formed.",
          );
        }
        if (trailer) assertChecksumForm(trailer, expected ?? "");
        if (expected !== undefined && expected !== value) {
          throw badDigest(`The ${algorithm} you specified did not match the calculated checksum.`);
        }
      }
      return {
        size,
        md5: md5Bytes.toString("hex"),
        checksum:
          algorithm && value !== undefined ? { algorithm, value, type: "FULL_OBJECT" } : undefined,
      };
    },
  };
}

const badDigest = (message: string) => new S3Error(400, "BadDigest", message);

function trailerAlgorithm(headers: ReadonlyMap<string, string>): ChecksumAlgorithm | undefined {
  const name = headers.get("x-amz-trailer")?.trim().toLowerCase();
  if (!name) return undefined;
  return (
    CHECKSUM_ALGORITHMS.find((one) => checksumHeader(one) === name) ??
    checksumAlgorithm(name.replace(/^x-amz-checksum-/, ""))
  );
}

// S3 refuses an announced algorithm without its checksum: the sender believes it is protected.
function assertAnnounced(
  headers: ReadonlyMap<string, string>,
  actual: ChecksumAlgorithm | undefined,
): void {
  const announced = headers.get("x-amz-sdk-checksum-algorithm");
  if (announced === undefined) return;
  const algorithm = checksumAlgorithm(announced);
  if (actual === undefined) {
    throw invalidRequest(
      "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
    );
  }
  if (algorithm !== actual) {
    throw invalidRequest("Value for x-amz-sdk-checksum-algorithm header is invalid.");
  }
}

function contentMd5(value: string | undefined): Buffer | undefined {
  if (value === undefined) return undefined;
  const bytes = Buffer.from(value, "base64");
  if (bytes.length !== 16 || bytes.toString("base64") !== value) {
    throw new S3Error(400, "InvalidDigest", "The Content-MD5 you specified is not valid.");
  }
  return bytes;
}
