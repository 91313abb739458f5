import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { newDataFolder, removeDataFolder, startSystem } from "../../../e2e/system.ts";
import { bundle } from "../../../scripts/build/bundle.ts";
import { findFunctions, type LambdaFunction, root } from "../../../scripts/build/functions.ts";
import { sizeOf } from "../../../scripts/build/size.ts";
import { exactly, type Finding, type Row } from "../finding.ts";
import { alternate } from "../measure/alternate.ts";
import { ratioOf, spreadOf } from "../measure/statistics.ts";
import { deployed } from "../stand/functions.ts";

const run = promisify(execFile);
/** The one that carries a native library: it handles pictures, not requests. */
const NOT_CONTROL = "processing/worker";

export const bundles: Row = {
  name: "bundles",
  title: "what is deployed: size, and the first import in a new process",
  async measure({ quick, say }) {
    const control = findFunctions().filter((fn) => `${fn.service}/${fn.name}` !== NOT_CONTROL);
    say(`bundling ${control.length} functions`);
    const sizes: { name: string; kb: number }[] = [];
    for (const fn of control) {
      await bundle(fn);
      const { zipped } = await sizeOf(`${root}${fn.folder}`);
      sizes.push({ name: `${fn.service}/${fn.name}`, kb: zipped / 1024 });
    }
    sizes.sort((a, b) => b.kb - a.kb);
    const [largest] = sizes;
    if (!largest) throw new Error("There are no functions.");
    const findings: Finding[] = [
      {
        what: `largest of ${sizes.length} control functions, zipped (${largest.name})`,
        ours: exactly(largest.kb, "KB"),
        target: { atMost: 400 },
      },
    ];
    const folder = newDataFolder();
    const system = await startSystem(folder);
    try {
      for (const fn of control.filter(({ name }) => name === "api")) {
        findings.push(...(await imports(fn, folder, quick ? 3 : 9)));
      }
    } finally {
      await system.stop();
      removeDataFolder(folder);
    }
    return findings;
  },
};

const TABLE_AND_QUEUE = [
  "@aws-sdk/client-dynamodb",
  "@aws-sdk/lib-dynamodb",
  "@aws-sdk/client-sqs",
];

/** The clients of the stores that each API has a use for, and nothing else; and whether it has a secret to read. */
const CLIENTS: Record<string, { packages: string[]; secret: boolean }> = {
  upload: {
    packages: [...TABLE_AND_QUEUE, "@aws-sdk/client-s3"],
    secret: false,
  },
  catalog: { packages: TABLE_AND_QUEUE, secret: true },
  processing: { packages: TABLE_AND_QUEUE, secret: false },
  search: {
    packages: [...TABLE_AND_QUEUE, "@aws-sdk/client-eventbridge", "@opensearch-project/opensearch"],
    secret: true,
  },
};

/** What a cold start has to do whoever writes the function: a secret is read with the SDK and nothing besides. */
const READ_SECRET = `import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId: process.env.CDN_KEY_SECRET }));
`;

async function imports(fn: LambdaFunction, folder: string, rounds: number): Promise<Finding[]> {
  const clients = CLIENTS[fn.service];
  if (!clients) throw new Error(`The clients of ${fn.service} are not known.`);
  // Beside our own packages, so that it finds the same SDK.
  const scratch = mkdtempSync(join(fileURLToPath(new URL("../../", import.meta.url)), "dist-"));
  try {
    const bare = join(scratch, "bare.mjs");
    const lines = clients.packages.map((name) => `import "${name}";\n`);
    writeFileSync(bare, lines.join("") + (clients.secret ? READ_SECRET : ""));
    const { environment } = deployed(folder, fn.service, fn.name);
    const took = await alternate(rounds, {
      ours: () => cold(`${root}${fn.folder}/index.mjs`, environment),
      peer: () => cold(bare, environment),
    });
    const names = clients.packages.map((name) => name.replace("@aws-sdk/", ""));
    return [
      {
        what: `${fn.service}/${fn.name}: processor time of the first import`,
        ours: { ...spreadOf(took.ours), unit: "ms" },
        peer: {
          ...spreadOf(took.peer),
          unit: "ms",
          name: `${names.join(", ")}${clients.secret ? ", and its secret read" : ""}`,
        },
        ratio: ratioOf(took),
        target: { atMost: 1.5 },
        note: "ours is the bundle, which also builds its clients, its routes and what web requests are made of; the peer imports the packages as they are published",
      },
    ];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Milliseconds of processor time from an empty process to the imported module; compiled code is not kept. */
async function cold(file: string, environment: Record<string, string>): Promise<number> {
  const code = `const before = process.cpuUsage(); await import(${JSON.stringify(file)});
    const { user, system } = process.cpuUsage(before); console.error((user + system) / 1000); process.exit(0);`;
  const { stderr } = await run(process.execPath, ["--input-type=module", "--eval", code], {
    env: { ...environment, NODE_DISABLE_COMPILE_CACHE: "1" },
  });
  return Number(stderr.trim().split("\n").at(-1));
}
