import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import {
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsOutput,
  S3Client,
} from "@aws-sdk/client-s3";

const ORIGINALS = "shoebox-local-originals-000000000000";
const PROCESSED = "shoebox-local-processed-000000000000";

/** What the object store of a system has. */
export interface Stored {
  /** Image ids, once for each version of an original; a delete marker is one, too. */
  originals: string[];
  /** Image ids, once for each rendition. */
  renditions: string[];
  /** Keys of multipart uploads that were not ended. */
  openUploads: string[];
}

/** Lists both buckets of the system whose data folder this is, to the last version. */
export async function listStores(folder: string): Promise<Stored> {
  const env = parseEnv(readFileSync(join(folder, "aws.env"), "utf8"));
  const s3 = new S3Client({
    region: env.AWS_REGION,
    endpoint: env.AWS_ENDPOINT_URL_S3,
    forcePathStyle: true,
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID ?? "",
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? "",
    },
  });
  try {
    const open = await s3.send(new ListMultipartUploadsCommand({ Bucket: ORIGINALS }));
    return {
      originals: await everyVersion(s3, ORIGINALS),
      renditions: await everyVersion(s3, PROCESSED),
      openUploads: (open.Uploads ?? []).map(({ Key = "" }) => Key),
    };
  } finally {
    s3.destroy();
  }
}

async function everyVersion(s3: S3Client, Bucket: string): Promise<string[]> {
  const keys: string[] = [];
  let page: ListObjectVersionsOutput = {};
  do {
    page = await s3.send(
      new ListObjectVersionsCommand({
        Bucket,
        KeyMarker: page.NextKeyMarker,
        VersionIdMarker: page.NextVersionIdMarker,
      }),
    );
    const some = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
    keys.push(...some.map(({ Key = "" }) => Key));
  } while (page.IsTruncated);
  return keys.map((key) => /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(key)?.[0] ?? key).sort();
}
