import { Readable } from "node:stream";
import { GetObjectCommand, type S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import type { Originals } from "../pipeline/ports.ts";

/** Error codes with which S3 says that a version is gone; a delete marker answers 405. */
const GONE = ["NoSuchKey", "NoSuchVersion", "MethodNotAllowed"];

/** The uploaded originals in S3, read by pinned version. */
export function createOriginals(client: S3Client): Originals {
  return {
    async open({ bucket, key, versionId }) {
      try {
        const answer = await client.send(
          new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }),
        );
        if (!(answer.Body instanceof Readable) || answer.ContentLength === undefined) {
          throw new Error(`S3 answered without a body for ${key}.`);
        }
        return { size: answer.ContentLength, body: answer.Body };
      } catch (error) {
        if (error instanceof S3ServiceException && GONE.includes(error.name)) return undefined;
        throw error;
      }
    },
  };
}
