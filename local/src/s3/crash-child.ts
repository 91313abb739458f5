// Runs an S3 in a process of its own for the tests which kill it or measure its memory. Speaks JSON
// over the IPC channel: answers "rss" with the bytes it holds and the most it has held.
import { startS3 } from "./server.ts";

const [dataDir = "", emits] = process.argv.slice(2);
const server = await startS3({
  dataDir,
  credentials: [{ accessKeyId: "AKIALOCAL", secretAccessKey: "local-secret" }],
  // An emit that never ends: the event is in the outbox when the process dies.
  ...(emits === "never" ? { emit: () => new Promise<void>(() => undefined) } : {}),
});
process.on("message", () => {
  process.send?.({ rss: process.memoryUsage.rss(), maxRss: process.resourceUsage().maxRSS * 1024 });
});
process.send?.({ url: server.url });
