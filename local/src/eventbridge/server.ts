import { createServer } from "node:http";
import { listen } from "../listen.ts";
import { type ArchivedEvent, archivedWith, trimArchives } from "./archives.ts";
import { arnsOf } from "./arns.ts";
import type { Bridge } from "./bridge.ts";
import { ensureDefaultBus } from "./buses.ts";
import { type SqsSender, startPump } from "./delivery.ts";
import { answer } from "./http.ts";
import type { Logger } from "./logger.ts";
import { type EmittedEntry, emitEntry } from "./put-events.ts";
import { resumeReplays } from "./replay-run.ts";
import { routesOf } from "./routes.ts";
import { fireDueSchedules, runScheduleNow } from "./schedules.ts";
import { openStore } from "./store.ts";
import { newTap, type TapListener } from "./tap.ts";

export interface EventBridgeOptions {
  /** Folder of the database. */
  dataDir: string;
  /** 0, the default, takes a free one. */
  port?: number;
  region?: string;
  accountId?: string;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** How targets and dead-letter queues are reached. Its promises must settle: it sets its own time limits. */
  sqs: SqsSender;
  logger?: Logger;
  /** How often schedules, retention and clocks that jumped are looked at; 1000 ms. Events and retries do not wait for it. */
  heartbeat?: number;
  /** Milliseconds until an event that was published is in the archives, which on AWS are minutes; 0. */
  archiveLag?: number;
}

export interface EventBridgeServer {
  url: string;
  port: number;
  /** Stops listening, lets the sends that are under way end, and closes the store. What is not delivered is delivered next time. */
  close(): Promise<void>;
  /** Accepts an event of the local cloud itself, of any source. Resolves when it is stored, like a PutEvents that answered. */
  emit(entry: EmittedEntry): Promise<{ eventId: string }>;
  /** Fires a scheduled rule of the default bus now. */
  runSchedule(ruleName: string): Promise<void>;
  /** Calls the listener with every event that a bus accepts from now on. Returns the function that ends it. */
  tap(listener: TapListener): () => void;
  /** The archived events that have this text in them, oldest first; at most `most`, the latest ones. */
  archivedWith(text: string, most: number): ArchivedEvent[];
}

const SILENT: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Calls `work` with the time of the call before (at first: of the start) until the returned function is called. */
function startHeartbeat(bridge: Bridge, interval: number): () => void {
  let since = bridge.now();
  const timer = setInterval(() => {
    const now = bridge.now();
    try {
      fireDueSchedules(bridge, since);
      trimArchives(bridge);
      bridge.pump.tick();
      since = now;
    } catch (error) {
      bridge.logger.error({ error }, "the heartbeat of EventBridge failed");
    }
  }, interval);
  return () => clearInterval(timer);
}

/** Starts an EventBridge for one account in one region on 127.0.0.1, going on with the state in `dataDir`. */
export async function startEventBridge(options: EventBridgeOptions): Promise<EventBridgeServer> {
  const logger = options.logger ?? SILENT;
  const now = options.now ?? Date.now;
  const store = openStore(options.dataDir);
  const arns = arnsOf(options.region ?? "us-east-1", options.accountId ?? "000000000000");
  let closed = false;
  const bridge: Bridge = {
    arns,
    store,
    logger,
    now,
    closed: () => closed,
    routes: routesOf(store, arns),
    archiveLag: options.archiveLag ?? 0,
    pump: startPump(store, options.sqs, now, logger),
    tap: newTap(logger),
  };
  ensureDefaultBus(bridge);
  const server = createServer((request, response) => {
    answer(bridge, request, response).catch((error: unknown) => {
      logger.warn({ error }, "an EventBridge answer could not be sent");
      response.destroy();
    });
  });
  const { url, port } = await listen(server, options.port).catch(async (error: unknown) => {
    await bridge.pump.close();
    store.close();
    throw error;
  });
  resumeReplays(bridge);
  const stopHeartbeat = startHeartbeat(bridge, options.heartbeat ?? 1000);
  return {
    url,
    port,
    emit: async (entry) => emitEntry(bridge, entry),
    runSchedule: async (ruleName) => runScheduleNow(bridge, ruleName),
    tap: (listener) => bridge.tap.listen(listener),
    archivedWith: (text, most) => archivedWith(bridge, text, most),
    async close() {
      if (closed) return;
      stopHeartbeat();
      const stopped = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      await bridge.pump.close();
      closed = true;
      server.closeAllConnections();
      await stopped;
      store.close();
    },
  };
}
