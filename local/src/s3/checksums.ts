import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { invalidRequest, notImplemented } from "./s3-error.ts";

/** The checksum algorithms of S3 that Node computes itself; CRC32C and CRC64NVME are refused. */
export const CHECKSUM_ALGORITHMS = ["CRC32", "SHA1", "SHA256"] as const;
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

/** A checksum as S3 stores and shows it: base64, composite ones end in `-<part count>`. */
export interface Checksum {
  algorithm: ChecksumAlgorithm;
  value: string;
  type: "FULL_OBJECT" | "COMPOSITE";
}

const BYTES: Record<ChecksumAlgorithm, number> = { CRC32: 4, SHA1: 20, SHA256: 32 };

export const checksumHeader = (algorithm: ChecksumAlgorithm) =>
  `x-amz-checksum-${algorithm.toLowerCase()}`;

/** @throws S3Error 501 for an algorithm that is not one of the three. */
export function checksumAlgorithm(name: string): ChecksumAlgorithm {
  const known = CHECKSUM_ALGORITHMS.find((algorithm) => algorithm === name.toUpperCase());
  if (!known) throw notImplemented(`The checksum algorithm ${name}`);
  return known;
}

/** The one checksum that headers (or form fields) declare. */
export function declaredChecksum(
  headers: ReadonlyMap<string, string>,
): { algorithm: ChecksumAlgorithm; value: string } | undefined {
  const declared = CHECKSUM_ALGORITHMS.filter((one) => headers.has(checksumHeader(one)));
  const [algorithm] = declared;
  if (!algorithm) return undefined;
  if (declared.length > 1) {
    throw invalidRequest(
      "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
    );
  }
  const value = headers.get(checksumHeader(algorithm)) ?? "";
  assertChecksumForm(algorithm, value);
  return { algorithm, value };
}

/** Whether a text has the form of this algorithm's checksums; of one that is not known, whether it is base64. */
export function isChecksum(algorithm: string, value: string): boolean {
  const bytes = Buffer.from(value, "base64");
  const known = CHECKSUM_ALGORITHMS.find((one) => one === algorithm);
  const length = known ? BYTES[known] : bytes.length;
  return bytes.length === length && bytes.toString("base64") === value;
}

/** What S3 says to a checksum that is not of the algorithm for which an upload was begun; "null" is none. */
export function checksumTypeMismatch(expected: string | undefined, actual: string | undefined) {
  return invalidRequest(
    `Checksum Type mismatch occurred, expected checksum Type: ${expected?.toLowerCase() ?? null}, actual checksum Type: ${actual?.toLowerCase() ?? null}`,
  );
}

export function assertChecksumForm(algorithm: ChecksumAlgorithm, value: string): void {
  if (!isChecksum(algorithm, value)) {
    throw invalidRequest(`Value for ${checksumHeader(algorithm)} header is invalid.`);
  }
}

export interface RunningChecksum {
  update(chunk: Buffer): void;
  digest(): Buffer;
}

/** Computes a checksum over a stream, chunk by chunk. */
export function runningChecksum(algorithm: ChecksumAlgorithm): RunningChecksum {
  if (algorithm !== "CRC32") {
    const hash = createHash(algorithm.toLowerCase());
    return { update: (chunk) => void hash.update(chunk), digest: () => hash.digest() };
  }
  let value = 0;
  return {
    update(chunk) {
      value = crc32(chunk, value);
    },
    digest() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value >>> 0);
      return bytes;
    },
  };
}
