import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asyncApi, jsonSchemas } from "./contracts.ts";

/** Writes the published contracts anew: `npm --workspace shared run contracts`, then format, then review the difference. */
const folder = join(import.meta.dirname, "schemas");
mkdirSync(folder, { recursive: true });
const files = jsonSchemas();
for (const name of readdirSync(folder)) if (!(name in files)) rmSync(join(folder, name));
for (const [name, schema] of Object.entries(files)) write(join(folder, name), schema);
write(join(import.meta.dirname, "asyncapi.json"), asyncApi());

function write(path: string, document: unknown): void {
  writeFileSync(path, `${JSON.stringify(document, null, 2)}\n`);
}
