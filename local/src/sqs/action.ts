import type { Arrivals } from "./arrivals.ts";
import type { QueueStore } from "./store.ts";

export interface ActionContext {
  store: QueueStore;
  arrivals: Arrivals;
  /** Of this server, without a trailing slash; queue URLs begin with it. */
  url: string;
  /** Aborted when the client has gone or the server closes. */
  signal: AbortSignal;
}

/** One SQS action: takes the request's JSON and returns the answer's. */
export type Action = (
  request: Record<string, unknown>,
  context: ActionContext,
) => Record<string, unknown> | Promise<Record<string, unknown>>;
