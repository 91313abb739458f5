import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { BatchWriteCommand, DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { newImageId } from "@shoebox/shared/ids";
import { originalKey } from "@shoebox/shared/image";

/** The catalog's table of a running system. */
export const CATALOG_TABLE = "shoebox-local-catalog-images";

export type StoredImage = ReturnType<typeof storedImage>;

/** The tables of a running system, reached as its `aws.env` says. */
export function openTables(folder: string) {
  const env = parseEnv(readFileSync(join(folder, "aws.env"), "utf8"));
  const client = new DynamoDBClient({
    region: env.AWS_REGION ?? "us-east-1",
    endpoint: env.AWS_ENDPOINT_URL_DYNAMODB ?? "",
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID ?? "",
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? "",
    },
  });
  return { client, documents: DynamoDBDocumentClient.from(client) };
}

/** An image that was uploaded and processed, as the catalog keeps it; `at` is when it was accepted (ms). */
export function storedImage(ownerId: string, tags: string[], at = Date.now()) {
  const imageId = newImageId(at);
  const uploadTime = new Date(at).toISOString();
  return {
    PK: `userId#${ownerId}`,
    SK: `imageId#${imageId}`,
    version: 1,
    updatedAt: uploadTime,
    correlationId: "measure-rebuild",
    s3Key: originalKey(ownerId, imageId, "image/jpeg"),
    s3VersionId: "v1",
    contentType: "image/jpeg",
    size: 2_000_000,
    fileName: "IMG_0001.jpg",
    uploadTime,
    uploadDate: `${uploadTime.slice(0, 10)}#0`,
    tags,
    caption: "A picture that was made to be counted",
    visibility: "private",
    processed: {
      width: 4_000,
      height: 3_000,
      thumbHash: "1QcSHQRnh493V4dIh4eXh1h4kJUI",
      color: "#808080",
      renditions: ["thumb", "small", "medium", "large"].map((name) => ({
        name,
        format: "webp",
        width: 150,
        height: 150,
        size: 10_000,
        key: `renditions/${imageId}/${name}.webp`,
      })),
    },
  };
}

/** Writes images into a table as they are, twenty-five at a time. */
export async function putImages(
  documents: DynamoDBDocumentClient,
  items: StoredImage[],
  table = CATALOG_TABLE,
): Promise<void> {
  for (let at = 0; at < items.length; at += 25) {
    let rest = items.slice(at, at + 25).map((Item) => ({ PutRequest: { Item } }));
    while (rest.length > 0) {
      const { UnprocessedItems } = await documents.send(
        new BatchWriteCommand({ RequestItems: { [table]: rest } }),
      );
      rest = (UnprocessedItems?.[table] ?? []) as typeof rest;
    }
  }
}
