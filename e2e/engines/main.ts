import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Refusal } from "@shoebox/local/cloud/refusal";
import { startDynamoDbLocal } from "@shoebox/local/real-dynamodb/start";
import { startRealOpenSearch } from "@shoebox/local/real-opensearch/start";

/**
 * `npm run test:engines`: the tests of search over OpenSearch itself, and those of the tables over DynamoDB Local,
 * instead of the embedded stand-ins. Both engines are got through Maven, started for the run, and stopped.
 * Arguments are vitest's.
 */

const VITEST = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));
const CONFIG = fileURLToPath(new URL("vitest.config.ts", import.meta.url));

const say = (text: string) => process.stderr.write(`· ${text}\n`);
const dataDir = mkdtempSync(join(tmpdir(), "shoebox-engines-"));
const closers: (() => unknown)[] = [() => rmSync(dataDir, { recursive: true, force: true })];
let vitest: ChildProcess | undefined;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  // The engines end with this process, however it ends; the tests are asked to.
  process.on(signal, () => (vitest ? vitest.kill(signal) : process.exit(130)));
}

try {
  const { url: opensearch, close } = await startRealOpenSearch({ port: 0, dataDir, onStep: say });
  closers.unshift(close);
  const dynamodb = await startDynamoDbLocal(say);
  closers.unshift(dynamodb.close);
  vitest = spawn(process.execPath, [VITEST, "run", "--config", CONFIG, ...process.argv.slice(2)], {
    stdio: "inherit",
    env: {
      ...process.env,
      SHOEBOX_OPENSEARCH: opensearch,
      SHOEBOX_E2E_OPENSEARCH: opensearch,
      SHOEBOX_DYNAMODB: dynamodb.url,
    },
  });
  const [code] = await once(vitest, "exit");
  process.exitCode = code ?? 1;
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(`The tests over real engines did not run. ${error.message}\n`);
} finally {
  for (const close of closers) await close();
}
