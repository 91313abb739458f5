import { parentPort, workerData } from "node:worker_threads";
import { openCluster } from "./cluster.ts";
import { OpenSearchError } from "./errors.ts";
import type { WorkerAnswer, WorkerOptions, WorkerRequest } from "./http-message.ts";
import { errorAnswer, route } from "./routes/router.ts";

// All of the engine runs in this thread: SQLite is synchronous, and the process's other parts must not wait for it.
const { dataDir } = workerData as WorkerOptions;
const cluster = openCluster(dataDir);

async function answer(request: WorkerRequest): Promise<WorkerAnswer & { fault?: string }> {
  try {
    return { id: request.id, ...(await route(cluster, request)) };
  } catch (error) {
    const answered = { id: request.id, ...errorAnswer(error) };
    if (error instanceof OpenSearchError) return answered;
    return { ...answered, fault: error instanceof Error ? String(error.stack) : String(error) };
  }
}

parentPort?.on("message", (request: WorkerRequest | "close") => {
  if (request !== "close") {
    void answer(request).then((result) => parentPort?.postMessage(result));
    return;
  }
  cluster.close();
  parentPort?.close();
});
parentPort?.postMessage("ready");
