import { startDynamoDb } from "./start-dynamodb.ts";

/** A process that owns a local DynamoDB, for tests to kill: prints `{"url","pid"}` and stays. */
const [dataDir = ""] = process.argv.slice(2);
const { url, pid } = await startDynamoDb({ dataDir });
process.stdout.write(`${JSON.stringify({ url, pid })}\n`);
setInterval(() => undefined, 60_000);
