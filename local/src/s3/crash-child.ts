// Runs an S3 in a process of its own for the tests which kill it or measure its memory. Speaks JSON
// over the IPC channel: answers "held" with the bytes it cannot let go of, wherever in the process they are.
import { startS3 } from "./server.ts";

const [dataDir = "", emits] = process.argv.slice(2);
const server = await startS3({
  dataDir,
  credentials: [{ accessKeyId: "AKIALOCAL", secretAccessKey: "local-secret" }],
  // An emit that never ends: the event is in the outbox when the process dies.
  ...(emits === "never" ? { emit: () => new Promise<void>(() => undefined) } : {}),
});
process.on("message", () => {
  // With --expose-gc. What is let go of but not collected yet says nothing: it depends on the load of the machine.
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  process.send?.(heapUsed + external);
});
process.send?.({ url: server.url });
