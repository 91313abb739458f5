import { readFile } from "node:fs/promises";
import pino from "pino";
import type { ServiceSpec } from "./spec.ts";
import { startService } from "./start-service.ts";

/** How long what is under way may take to end after SIGTERM, in milliseconds. */
const DRAIN_MS = 3000;

interface InvokeMessage {
  type: "invoke";
  id: unknown;
  functionName: string;
  event: unknown;
}

/**
 * The entry of a service's child process: `argv[2]` is the path of its ServiceSpec in JSON. Over IPC it says
 * `{type:"ready",apiUrls}` and answers `{type:"invoke",id,functionName,event}` with `{type:"result",id,…}`.
 */
async function main(): Promise<void> {
  const log = pino({ base: null });
  process.on("uncaughtException", (error) => {
    log.fatal({ err: error }, "crashed");
    process.exit(1);
  });
  // Without its supervisor nothing would ever stop this process.
  process.on("disconnect", () => process.exit(0));
  const path = process.argv[2];
  if (!path) throw new Error("The path of the service's specification is missing.");
  const spec = JSON.parse(await readFile(path, "utf8")) as ServiceSpec;
  const service = await startService(spec, log.child({ service: spec.service }));

  process.on("SIGTERM", () => {
    setTimeout(() => process.exit(0), DRAIN_MS).unref();
    service.close().then(() => process.exit(0));
  });
  process.on("message", async (message: InvokeMessage) => {
    if (message?.type !== "invoke") return;
    const { id, functionName, event } = message;
    const result = await service
      .invoke(functionName, event, { whenBusy: "throttle" })
      .catch((error) => ({ outcome: "refused", reason: String(error.message) }));
    process.send?.({ type: "result", id, ...result });
  });
  process.send?.({ type: "ready", apiUrls: service.apiUrls });
}

await main();
