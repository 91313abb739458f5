import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs, styleText } from "node:util";
import { pino } from "pino";
import { parseChaos, writeChaos } from "../chaos/settings.ts";
import { leftOut } from "./apply/apply-graph.ts";
import { type Cloud, startCloud } from "./cloud.ts";
import { openDataFolder } from "./data-folder.ts";
import { Refusal } from "./refusal.ts";

const USAGE = `Usage: npm start -- [options]

  --port N           the front door's port; 0 takes any free one (default 7070)
  --data DIR         where everything is kept (default .shoebox)
  --fresh            forget what is in the data folder first
  --origin URL       let pages of this origin use the system, besides the front door's; repeatable
  --archive-lag SEC  let an event be in the bus's archive only after so many seconds, as on AWS (default 0)
  --user-rate N      let a user make only so many requests a second of each API (default 10000)
  --opensearch URL   use a running OpenSearch instead of the embedded stand-in
  --chaos seed=N     deliver events late, twice, in any order, and to functions that die in the middle, by this seed;
                     after commas duplicate=, delay=, crash= (probabilities), late= (milliseconds)
  --bundles          run the functions as they are deployed: what npm run build made
  --json             print one line of JSON when ready, nothing else
  --help             this text`;

const DEFAULT_PORT = 7070;

await main().catch((error: unknown) => {
  const sentence =
    error instanceof Refusal ? error.message : String(error instanceof Error ? error.stack : error);
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
});

async function main(): Promise<void> {
  const started = performance.now();
  const options = readOptions();
  if (options.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const folder = openDataFolder(options.data, { fresh: options.fresh });
  mkdirSync(join(folder.path, "logs"), { recursive: true });
  const log = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: join(folder.path, "logs", "cloud.log"), sync: true, append: true }),
  );
  const say = options.json ? () => undefined : (text: string) => process.stdout.write(`${text}\n`);
  // Whoever started us is gone when this pipe breaks; the system itself goes on.
  process.stdout.on("error", () => undefined);

  const stop = stopOnSignal(say);
  const cloud = await startCloud({
    dataDir: folder.path,
    port: options.port,
    opensearchUrl: options.opensearch,
    bundles: options.bundles,
    origins: options.origin,
    archiveLag: options.archiveLag,
    userRate: options.userRate,
    chaos: options.chaos,
    log,
    onStep: (step) => say(styleText("dim", `· ${step}`)),
  });
  stop.running(cloud);
  const milliseconds = Math.round(performance.now() - started);
  if (options.json) {
    const { url, pids } = cloud;
    const chaos = options.chaos && writeChaos(options.chaos);
    const ready = { ready: true, url, milliseconds, data: folder.path, pids: pids(), chaos };
    process.stdout.write(`${JSON.stringify(ready)}\n`);
  } else {
    announce(cloud, folder.path, milliseconds, say);
    if (options.chaos) {
      say(`Deliveries are rough: ${styleText("yellow", writeChaos(options.chaos))}`);
    }
  }
}

function announce(cloud: Cloud, data: string, ms: number, say: (text: string) => void): void {
  say("");
  say(`${styleText("bold", "Shoebox is ready")} after ${(ms / 1000).toFixed(1)} s`);
  say("");
  say(`  front door   ${styleText("cyan", cloud.url)}`);
  say(`  API          ${cloud.url}/docs`);
  say(`  data, logs   ${data}`);
  say(
    styleText("dim", `  left out     ${leftOut(cloud.graph).join(", ")} (declared, not emulated)`),
  );
  say("");
  say(styleText("dim", "Ctrl-C stops all of it; what it holds stays in the data folder."));
}

/** A terminal's Ctrl-C reaches a process once by itself and may reach it again through npm. */
const SAME_SIGNAL_MS = 1_000;

/** One signal stops all in order; a second one, a while later, at once. Before the system runs there is nothing to stop in order. */
function stopOnSignal(say: (text: string) => void): { running(cloud: Cloud): void } {
  let cloud: Cloud | undefined;
  let since: number | undefined;
  const stop = async () => {
    if (!cloud) process.exit(130);
    if (since !== undefined) {
      if (performance.now() - since > SAME_SIGNAL_MS) process.exit(1);
      return;
    }
    since = performance.now();
    say("stopping…");
    await cloud.close();
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop);
  return {
    running(started) {
      cloud = started;
    },
  };
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: "string", default: String(DEFAULT_PORT) },
        data: { type: "string", default: ".shoebox" },
        fresh: { type: "boolean", default: false },
        origin: { type: "string", multiple: true, default: [] },
        "archive-lag": { type: "string", default: "0" },
        "user-rate": { type: "string" },
        chaos: { type: "string" },
        opensearch: { type: "string" },
        bundles: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      throw new Refusal(`--port takes a number from 0 to 65535, not ${values.port}.`);
    }
    const archiveLag = Number(values["archive-lag"]);
    if (!Number.isInteger(archiveLag) || archiveLag < 0) {
      throw new Refusal(`--archive-lag takes whole seconds, not ${values["archive-lag"]}.`);
    }
    for (const origin of values.origin) {
      if (!isOrigin(origin)) {
        throw new Refusal(`--origin takes one like http://localhost:5173, not ${origin}.`);
      }
    }
    const rate = values["user-rate"];
    const userRate = rate === undefined ? undefined : Number(rate);
    if (userRate !== undefined && !(Number.isInteger(userRate) && userRate > 0)) {
      throw new Refusal(`--user-rate takes requests a second, a whole number, not ${rate}.`);
    }
    const chaos = values.chaos === undefined ? undefined : parseChaos(values.chaos);
    return { ...values, port, archiveLag, userRate, chaos };
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal(`${reason}\n\n${USAGE}`);
  }
}

/** Whether a browser would write the origin of a page so. */
function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.parse(text)?.origin === text;
}
