import { S3Client, UploadPartCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { describe, expect, it } from "vitest";
import { createPartUrls } from "./part-urls.ts";

const now = Date.UTC(2026, 10, 22, 12);
const upload = { key: "originals/YW5u/0198c1a2.jpg", uploadId: "id+with/odd=characters~" };
const bucket = "originals";

/** The SDK's own signer, told to sign the same headers and to keep them out of the query. */
async function bySdk(client: S3Client, partNumber: number, sha256?: string): Promise<URL> {
  const command = new UploadPartCommand({
    Bucket: bucket,
    Key: upload.key,
    UploadId: upload.uploadId,
    PartNumber: partNumber,
    ContentLength: 1000,
    ChecksumSHA256: sha256,
  });
  const url = await getSignedUrl(client, command, {
    expiresIn: 3600,
    signingDate: new Date(now),
    signableHeaders: new Set(["content-length", "host", "x-amz-checksum-sha256"]),
    unhoistableHeaders: new Set(["x-amz-checksum-sha256"]),
  });
  return new URL(url);
}

describe.each([
  ["a bucket's own host", {}],
  ["an endpoint of one's own", { endpoint: "http://127.0.0.1:9000", forcePathStyle: true }],
  ["temporary credentials", { sessionToken: "token/with+odd=characters" }],
])("a part's URL at %s", (_, { sessionToken, ...options }: Record<string, unknown>) => {
  const client = new S3Client({
    region: "us-east-1",
    credentials: {
      accessKeyId: "AKIALOCAL",
      secretAccessKey: "local-secret",
      ...(typeof sessionToken === "string" && { sessionToken }),
    },
    requestChecksumCalculation: "WHEN_REQUIRED",
    ...options,
  });

  it.each([undefined, Buffer.alloc(32, 7).toString("base64")])(
    "is signed as the SDK signs it (checksum %s)",
    async (sha256) => {
      const urls = await createPartUrls(client, bucket);
      const [first, second] = await urls.sign(
        upload,
        [
          { partNumber: 1, size: 1000, sha256 },
          { partNumber: 12, size: 1000, sha256 },
        ],
        now,
        now + 3_600_000,
      );
      for (const [ours, partNumber] of [
        [first, 1],
        [second, 12],
      ] as const) {
        const url = new URL(ours?.url ?? "");
        const sdk = await bySdk(client, partNumber, sha256);
        expect(url.origin + url.pathname).toBe(sdk.origin + sdk.pathname);
        expect(Object.fromEntries(url.searchParams)).toEqual(Object.fromEntries(sdk.searchParams));
        expect(ours?.headers).toEqual(sha256 ? { "x-amz-checksum-sha256": sha256 } : {});
      }
    },
  );
});
