import { join } from "node:path";
import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { BatchWriteCommand, DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { imageIdOf, linkItem } from "@shoebox/catalog/adapters/image-item";
import { applyTable } from "@shoebox/local/dynamodb/apply-table";
import { newImageId } from "@shoebox/shared/ids";
import { type StoredImage, storedImage } from "../../../e2e/stored-images.ts";

const INDEXES = [
  { name: "byTag", keys: ["tagKey", "imageKey"] },
  { name: "byUploadDate", keys: ["uploadDate", "SK"] },
];

/** A table as the catalog's is declared, but without the stream, which nobody would read. */
export async function declareImagesTable(client: DynamoDBClient, table: string): Promise<void> {
  const keys = new Set(["PK", "SK", ...INDEXES.flatMap((index) => index.keys)]);
  const schema = ([hash, range]: string[]) => [
    { AttributeName: hash, KeyType: "HASH" as const },
    { AttributeName: range, KeyType: "RANGE" as const },
  ];
  await applyTable(client, {
    TableName: table,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [...keys].map((name) => ({ AttributeName: name, AttributeType: "S" })),
    KeySchema: schema(["PK", "SK"]),
    GlobalSecondaryIndexes: INDEXES.map(({ name, keys }) => ({
      IndexName: name,
      KeySchema: schema(keys),
      Projection: { ProjectionType: "KEYS_ONLY" },
    })),
  });
}

/** Whose images are written, when they were uploaded (ms), and which of them have this tag. */
export interface Collection {
  ownerId: string;
  times: number[];
  tag: string;
  hasTag: (n: number) => boolean;
}

/**
 * Fills a table of the local DynamoDB. Through its API an item costs half a millisecond of its processor, so that 200,000
 * would take minutes: two images are written that way, one without the tag and one with it, and the rows that it has
 * made of them, in the table and in its indexes, are copied in its file with other ids and times. All is read through the API.
 */
export async function fillImagesTable(
  client: DynamoDBClient,
  { table, dataDir }: { table: string; dataDir: string },
  { ownerId, times, tag, hasTag }: Collection,
): Promise<void> {
  const [plain, tagged] = [storedImage(ownerId, [], 0), storedImage(ownerId, [tag], 0)];
  const link = linkItem({ ownerId, imageId: idOf(tagged) }, tag);
  await DynamoDBDocumentClient.from(client).send(
    new BatchWriteCommand({
      RequestItems: {
        [table]: [plain, tagged, link].map((Item) => ({ PutRequest: { Item } })),
      },
    }),
  );
  const db = new DatabaseSync(join(dataDir, "dynamodb.sqlite"), { timeout: 5_000 });
  try {
    const [copyPlain, copyTagged] = [takeOut(db, table, plain), takeOut(db, table, tagged)];
    db.exec("BEGIN IMMEDIATE");
    times.forEach((time, n) => {
      (hasTag(n) ? copyTagged : copyPlain)(newImageId(time), new Date(time).toISOString());
    });
    db.exec("COMMIT");
  } finally {
    db.close();
  }
}

/** Removes what is in the file of an image, and gives what puts it back under another id and time. */
function takeOut(db: DatabaseSync, table: string, image: StoredImage) {
  const was = idOf(image);
  const copies = [table, ...INDEXES.map(({ name }) => `${table}::gsi::${name}`)].flatMap((name) => {
    const ofImage = `FROM "${name}" WHERE instr(item_json, '${was}')`;
    const rows = db.prepare(`SELECT * ${ofImage}`).all();
    db.exec(`DELETE ${ofImage}`);
    return rows.map((row) => {
      const columns = Object.keys(row);
      const insert = `INSERT INTO "${name}" (${columns}) VALUES (${columns.map(() => "?")})`;
      return { row: Object.values(row), statement: db.prepare(insert) };
    });
  });
  return (imageId: string, uploadTime: string): void => {
    const renamed = (value: SQLOutputValue) =>
      typeof value === "string"
        ? value
            .replaceAll(was, imageId)
            .replaceAll(image.uploadTime, uploadTime)
            .replaceAll(image.uploadDate, `${uploadTime.slice(0, 10)}#0`)
        : value;
    for (const { row, statement } of copies) statement.run(...row.map(renamed));
  };
}

const idOf = ({ SK }: StoredImage): string => imageIdOf(SK);
