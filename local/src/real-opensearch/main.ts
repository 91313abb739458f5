import { join, resolve } from "node:path";
import { parseArgs, styleText } from "node:util";
import { Refusal } from "../cloud/refusal.ts";
import { enginesFolder } from "../java/engines-folder.ts";
import { VERSION } from "./distribution.ts";
import { startRealOpenSearch } from "./start.ts";

const USAGE = `Usage: npm run opensearch -- [options]

Gets OpenSearch ${VERSION} through Maven at the first time and runs it until Ctrl-C: one node on
127.0.0.1, without security, with a heap of 512 MB. Needs Java 17 or newer, and Maven.

  --port N     its port; 0 takes any free one (default 9200)
  --data DIR   where its data and logs are kept (default .engines/opensearch-data)
  --json       print one line of JSON when ready, nothing else
  --help       this text`;

await main().catch((error: unknown) => {
  const sentence =
    error instanceof Refusal ? error.message : String(error instanceof Error ? error.stack : error);
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
});

async function main(): Promise<void> {
  const options = readOptions();
  if (options.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const started = performance.now();
  const dataDir = resolve(options.data ?? join(enginesFolder(), "opensearch-data"));
  const say = options.json ? () => undefined : (text: string) => process.stdout.write(`${text}\n`);
  let stopping = false;
  const starting = startRealOpenSearch({
    port: options.port,
    dataDir,
    onStep: (step) => say(styleText("dim", `· ${step}`)),
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, async () => {
      // A terminal's Ctrl-C arrives more than once, by itself and through npm.
      if (stopping) return;
      stopping = true;
      say("stopping…");
      // What has not answered yet has nothing to lose: it ends with this process.
      const ready = await Promise.race([starting, undefined]);
      await ready?.close();
      process.exit(0);
    });
  }
  const opensearch = await starting;
  const milliseconds = Math.round(performance.now() - started);
  if (options.json) {
    const { url, pid } = opensearch;
    const ready = { ready: true, url, version: VERSION, milliseconds, data: dataDir, pid };
    process.stdout.write(`${JSON.stringify(ready)}\n`);
  } else {
    const seconds = `${(milliseconds / 1000).toFixed(1)} s`;
    say(`\n${styleText("bold", `OpenSearch ${VERSION} is ready`)} after ${seconds}\n`);
    say(`  URL          ${styleText("cyan", opensearch.url)}`);
    say(`  data, logs   ${dataDir}`);
    say(`  use it       npm start -- --opensearch ${opensearch.url}\n`);
    say(styleText("dim", "Ctrl-C stops it; what it holds stays in the data folder."));
  }
  const words = await opensearch.ended;
  if (!stopping) throw new Refusal(words);
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: "string", default: "9200" },
        data: { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      throw new Refusal(`--port takes a number from 0 to 65535, not ${values.port}.`);
    }
    return { ...values, port };
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal(`${reason}\n\n${USAGE}`);
  }
}
