import { setTimeout as pause } from "node:timers/promises";
import { BatchGetCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { AppError } from "@shoebox/shared/errors";
import type { ImageRecord } from "../domain/image-record.ts";
import { itemKey, toRecord } from "./image-item.ts";

/** BatchGetItem takes 100 keys and answers with 16 MB; what it leaves out it names. */
const BATCH = 100;
const ATTEMPTS = 6;

/** One owner's records by id, strongly consistent. Ids that are not there are missing from the answer. */
export async function getImages(
  client: DynamoDBDocumentClient,
  table: string,
  ownerId: string,
  imageIds: string[],
): Promise<Map<string, ImageRecord>> {
  const records = new Map<string, ImageRecord>();
  let pending: Record<string, unknown>[] = imageIds.map((imageId) => itemKey({ ownerId, imageId }));
  for (let attempt = 0; pending.length > 0; ) {
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetCommand({
        RequestItems: { [table]: { Keys: pending.slice(0, BATCH), ConsistentRead: true } },
      }),
    );
    for (const item of Responses?.[table] ?? []) {
      const record = toRecord(item);
      if (record) records.set(record.imageId, record);
    }
    const left = UnprocessedKeys?.[table]?.Keys ?? [];
    pending = [...left, ...pending.slice(BATCH)];
    if (left.length === 0) continue;
    attempt += 1;
    if (attempt === ATTEMPTS) {
      throw new AppError("unavailable", "The catalog is busy; try again in a moment.", {
        headers: { "Retry-After": "1" },
      });
    }
    await pause(Math.random() * 10 * 2 ** attempt);
  }
  return records;
}
