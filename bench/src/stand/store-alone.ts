import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startDynamoDb } from "@shoebox/local/dynamodb/start-dynamodb";
import { startSystem } from "../../../e2e/system.ts";

/**
 * The tables of the whole system, in their database, and nothing of the rest, whose relays and consumers would take
 * turns on the processor with what is measured. Functions of this data folder find it where they look.
 */
export async function startStoreAlone(folder: string): Promise<{ stop(): Promise<void> }> {
  await (await startSystem(folder)).stop();
  const store = await startDynamoDb({ dataDir: join(folder, "dynamodb") });
  const file = join(folder, "aws.env");
  const environment = readFileSync(file, "utf8");
  writeFileSync(
    file,
    environment.replace(/^(AWS_ENDPOINT_URL_DYNAMODB(?:_STREAMS)?)=.*$/gm, `$1=${store.url}`),
  );
  return { stop: () => store.close() };
}
