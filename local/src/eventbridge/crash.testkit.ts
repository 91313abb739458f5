/** A bridge in a process of its own that a test can kill; its queue takes nothing, so that no delivery is done before the kill. */
import { startEventBridge } from "./server.ts";

const sqs = { send: () => Promise.reject(new Error("The queue is down.")) };
const server = await startEventBridge({ dataDir: process.argv[2] ?? "", sqs });
process.stdout.write(`${server.url}\n`);
