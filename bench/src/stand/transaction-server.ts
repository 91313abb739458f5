import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { deployed } from "./functions.ts";
import { serveMeasured } from "./serve-measured.ts";

/**
 * `node transaction-server.ts DATA`: what is left of beginning an upload when nobody is asked who he is, nothing is
 * checked, signed or logged: the SDK's transaction that writes a session and takes it from a quota.
 */
const { environment } = deployed(process.argv[2] ?? "", "upload", "api");
Object.assign(process.env, environment);
const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const TableName = environment.UPLOADS_TABLE;

serveMeasured(
  createServer(async (request, response) => {
    const { contentType, size, fileName } = JSON.parse(await text(request));
    const imageId = crypto.randomUUID();
    const PK = "userId#bare";
    const session = {
      ...{ PK, SK: `imageId#${imageId}`, ownerId: "bare", imageId, contentType, size, fileName },
      ...{ tags: [], visibility: "private", status: "awaiting", correlationId: imageId },
      expiresAt: Date.now() + 300_000,
    };
    await documents.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Update: {
              TableName,
              Key: { PK, SK: "quota" },
              UpdateExpression: "ADD #bytes :bytes, #images :one",
              ConditionExpression: "attribute_not_exists(#bytes) OR #bytes <= :most",
              ExpressionAttributeNames: { "#bytes": "bytes", "#images": "images" },
              ExpressionAttributeValues: { ":bytes": size, ":one": 1, ":most": 1e15 },
            },
          },
          {
            Put: { TableName, Item: session, ConditionExpression: "attribute_not_exists(PK)" },
          },
        ],
      }),
    );
    response.writeHead(201, { "Content-Type": "application/json" });
    response.end(JSON.stringify({ imageId }));
  }),
);
