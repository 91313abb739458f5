import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { type Image, type Problem, type SearchPage, signIn, type User, upload } from "./client.ts";
import { eventually } from "./eventually.ts";
import { type Facts, listenToFacts } from "./facts.ts";
import { smallPicture } from "./pictures.ts";

const url = inject("url");
let user: User;
let facts: Facts;
let tables: DynamoDBDocumentClient;
beforeAll(async () => {
  user = await signIn(url);
  facts = await listenToFacts(url);
  const env = parseEnv(readFileSync(join(inject("folder"), "aws.env"), "utf8"));
  tables = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      region: env.AWS_REGION,
      endpoint: env.AWS_ENDPOINT_URL_DYNAMODB,
      credentials: {
        accessKeyId: env.AWS_ACCESS_KEY_ID ?? "",
        secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? "",
      },
    }),
  );
});
afterAll(() => {
  facts.close();
  tables.destroy();
});

const retry = <T>(imageId: string, by = user) =>
  by.call<T>("POST", `/v1/processing/${imageId}/retry`, {
    headers: { "Idempotency-Key": crypto.randomUUID() },
  });

/** What the worker writes at the 26th attempt of a picture that no attempt could process. */
const giveUp = (imageId: string) =>
  tables.send(
    new UpdateCommand({
      TableName: "shoebox-local-processing-jobs",
      Key: { PK: `userId#${user.id}`, SK: `imageId#${imageId}` },
      UpdateExpression: "SET #status = :rejected, reason = :reason",
      ExpressionAttributeNames: { "#status": "status" },
      ExpressionAttributeValues: {
        ":rejected": "rejected",
        ":reason": { code: "processing-failed", message: "It was tried many times." },
      },
    }),
  );

it("a picture that could not be processed is tried again when its owner asks, and becomes ready for every reader", async () => {
  const id = await upload(user, await smallPicture(70), {
    contentType: "image/jpeg",
    tags: ["retried"],
  });
  await facts.status(id, "ready");
  await giveUp(id);
  await facts.status(id, "rejected");

  const stranger = await signIn(url);
  expect((await retry<Problem>(id, stranger)).status).toBe(404);
  const asked = await retry(id);
  expect(asked).toMatchObject({ status: 202, body: { imageId: id, status: "processing" } });
  const read = async () => (await user.get<Image>(`/v1/images/${id}`)).body;
  const image = await eventually(read, ({ status }) => status === "ready");
  expect(image.renditions).toHaveLength(5);
  expect(image.reason).toBeUndefined();
  for (const rendition of image.renditions) expect((await fetch(rendition.url)).status).toBe(200);
  await eventually(
    async () => (await user.get<SearchPage>("/v1/search?tag=retried")).body.items,
    (items) => items.some(({ status, version }) => status === "ready" && version === image.version),
  );
  expect((await retry<Problem>(id)).status).toBe(409);
});

it("what lies in the picture itself is not tried again, and its owner reads why", async () => {
  const id = await upload(user, (await smallPicture(71)).subarray(0, 600), {
    contentType: "image/jpeg",
  });
  await facts.status(id, "rejected");
  expect(await retry<Problem>(id)).toMatchObject({
    status: 409,
    body: { type: "urn:shoebox:problem:conflict", detail: expect.stringContaining("damaged") },
  });
  expect((await user.get<Image>(`/v1/images/${id}`)).body.status).toBe("rejected");
});
