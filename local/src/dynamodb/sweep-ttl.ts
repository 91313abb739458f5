import type { DatabaseSync } from "node:sqlite";
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";

/** "Items with a TTL timestamp older than five years are not deleted" (DynamoDB developer guide). */
const FIVE_YEARS_S = 5 * 365 * 24 * 3600;
const BATCH = 200;

interface TtlTable {
  name: string;
  attribute: string;
  keys: string[];
}

/**
 * Deletes the items whose TTL has passed at `now` (ms) and returns how many. Each delete goes through DynamoDB's own
 * API, under the condition that the item is still expired, so indexes and the stream follow and a write that
 * extends the item's life in the meantime wins.
 */
export async function sweepTtl(
  db: DatabaseSync,
  client: DynamoDBClient,
  now: number,
): Promise<number> {
  // Announcements of a sweep that crashed must not mark a later delete by somebody else.
  if (db.prepare("SELECT 1 FROM _shoebox_ttl_deletes LIMIT 1").get())
    db.exec("DELETE FROM _shoebox_ttl_deletes");
  let deleted = 0;
  for (const table of ttlTables(db))
    deleted += await sweepTable(db, client, table, Math.floor(now / 1000));
  return deleted;
}

async function sweepTable(
  db: DatabaseSync,
  client: DynamoDBClient,
  table: TtlTable,
  now: number,
): Promise<number> {
  const expiry = `CAST(json_extract(item_json, '$."${table.attribute.replaceAll("'", "''")}".N') AS INTEGER)`;
  const name = `"${table.name}"`;
  // Without the index each sweep would read the whole table.
  db.exec(
    `CREATE INDEX IF NOT EXISTS "_shoebox_ttl_${table.name}_${table.attribute}" ON ${name} (${expiry})`,
  );
  const find = db.prepare(
    `SELECT item_json FROM ${name} WHERE ${expiry} < ? AND ${expiry} > ? ORDER BY ${expiry} LIMIT ${BATCH}`,
  );
  let deleted = 0;
  const oldest = now - FIVE_YEARS_S;
  for (;;) {
    const rows = find.all(now, oldest) as { item_json: string }[];
    let removed = 0;
    for (const row of rows) {
      const item = JSON.parse(row.item_json) as Record<string, AttributeValue>;
      if (await deleteExpired(db, client, table, item, now)) removed += 1;
    }
    deleted += removed;
    // A batch in which nothing could be removed would come again for ever; the next sweep tries it.
    if (rows.length < BATCH || removed === 0) return deleted;
  }
}

async function deleteExpired(
  db: DatabaseSync,
  client: DynamoDBClient,
  table: TtlTable,
  item: Record<string, AttributeValue>,
  now: number,
): Promise<boolean> {
  const Key = Object.fromEntries(
    table.keys.map((key) => [key, item[key]] as [string, AttributeValue]),
  );
  const announced = [...table.keys]
    .sort()
    .map((key) => `${key}=${JSON.stringify(item[key])}`)
    .join("|");
  db.prepare("INSERT OR IGNORE INTO _shoebox_ttl_deletes VALUES (?, ?)").run(table.name, announced);
  try {
    await client.send(
      new DeleteItemCommand({
        TableName: table.name,
        Key,
        ConditionExpression: "#ttl < :now",
        ExpressionAttributeNames: { "#ttl": table.attribute },
        ExpressionAttributeValues: { ":now": { N: String(now) } },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  } finally {
    db.prepare("DELETE FROM _shoebox_ttl_deletes WHERE table_name = ? AND keys = ?").run(
      table.name,
      announced,
    );
  }
}

function ttlTables(db: DatabaseSync): TtlTable[] {
  const rows = db
    .prepare("SELECT table_name, ttl_attribute, key_schema FROM _tables WHERE ttl_enabled = 1")
    .all() as { table_name: string; ttl_attribute: string; key_schema: string }[];
  return rows.map((row) => ({
    name: row.table_name,
    attribute: row.ttl_attribute,
    keys: (JSON.parse(row.key_schema) as { AttributeName: string }[]).map(
      (key) => key.AttributeName,
    ),
  }));
}
