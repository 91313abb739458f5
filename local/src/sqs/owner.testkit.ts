import { startSqs } from "./start-sqs.ts";

/** A process that owns a local SQS, for tests to kill: prints its URL and stays. */
const [dataDir = ""] = process.argv.slice(2);
const { url } = await startSqs({ dataDir });
process.stdout.write(`${url}\n`);
