import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListPartsCommand,
  type S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";

/** A part that the object store has. */
export interface SentPart {
  partNumber: number;
  /** Bytes. */
  size: number;
  /** Without quotes. */
  etag: string;
  /** Base64, where the upload was begun with checksums. */
  sha256: string | undefined;
}

export interface MultipartUploads {
  /** Begins one and answers its id. Until its first part is sent it costs nothing; the bucket's lifecycle ends what nobody completes. */
  begin(object: NewObject): Promise<string>;
  /** All parts there are, by their numbers; undefined when the upload is completed, aborted or was never begun. */
  parts(key: string, uploadId: string): Promise<SentPart[] | undefined>;
  /**
   * Makes the object of these parts. `gone` when the upload is no more; `refused` when the store has
   * other parts by now, and nothing has changed.
   */
  complete(
    key: string,
    uploadId: string,
    parts: SentPart[],
  ): Promise<"completed" | "gone" | "refused">;
  /** Deletes all parts; one that is gone already is a success. */
  abort(key: string, uploadId: string): Promise<void>;
}

interface NewObject {
  key: string;
  contentType: string;
  /** Whether every part must carry its SHA-256. S3 takes them only if it is told at the beginning, and then takes no part without. */
  checksums: boolean;
  correlationId: string;
}

/** What S3 says of a list of parts that it can't make an object of. */
const REFUSALS = ["InvalidPart", "InvalidPartOrder", "EntityTooSmall"];

export function createMultipartUploads(client: S3Client, bucket: string): MultipartUploads {
  return {
    async begin({ key, contentType, checksums, correlationId }) {
      const { UploadId } = await client.send(
        new CreateMultipartUploadCommand({
          Bucket: bucket,
          Key: key,
          ContentType: contentType,
          Metadata: { "correlation-id": correlationId },
          ...(checksums && { ChecksumAlgorithm: "SHA256", ChecksumType: "COMPOSITE" }),
        }),
      );
      if (UploadId === undefined) throw new Error("S3 began an upload without an id.");
      return UploadId;
    },

    async parts(key, uploadId) {
      const parts: SentPart[] = [];
      try {
        for (let marker: string | undefined, more = true; more; ) {
          const page = await client.send(
            new ListPartsCommand({
              Bucket: bucket,
              Key: key,
              UploadId: uploadId,
              PartNumberMarker: marker,
            }),
          );
          for (const part of page.Parts ?? []) {
            parts.push({
              partNumber: part.PartNumber ?? 0,
              size: part.Size ?? 0,
              etag: unquoted(part.ETag ?? ""),
              sha256: part.ChecksumSHA256,
            });
          }
          more = page.IsTruncated ?? false;
          marker = page.NextPartNumberMarker;
        }
        return parts;
      } catch (error) {
        if (isNamed(error, ["NoSuchUpload"])) return undefined;
        throw error;
      }
    },

    async complete(key, uploadId, parts) {
      try {
        await client.send(
          new CompleteMultipartUploadCommand({
            Bucket: bucket,
            Key: key,
            UploadId: uploadId,
            // S3 itself counts once more.
            MpuObjectSize: parts.reduce((sum, { size }) => sum + size, 0),
            MultipartUpload: {
              Parts: parts.map(({ partNumber, etag, sha256 }) => ({
                PartNumber: partNumber,
                ETag: etag,
                ChecksumSHA256: sha256,
              })),
            },
          }),
        );
        return "completed";
      } catch (error) {
        if (isNamed(error, ["NoSuchUpload"])) return "gone";
        if (isNamed(error, REFUSALS)) return "refused";
        throw error;
      }
    },

    async abort(key, uploadId) {
      try {
        await client.send(
          new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: uploadId }),
        );
      } catch (error) {
        if (!isNamed(error, ["NoSuchUpload"])) throw error;
      }
    },
  };
}

/** ETags are written with quotes by some and without by others. */
export function unquoted(etag: string): string {
  return etag.replace(/^"(.*)"$/, "$1");
}

function isNamed(error: unknown, names: string[]): boolean {
  return error instanceof S3ServiceException && names.includes(error.name);
}
