import type { Retry } from "../retry.ts";

export interface SendOptions {
  signal: AbortSignal;
  retry: Retry;
  /** Milliseconds without a byte in either direction after which an attempt is given up. */
  idleTimeout: number;
}
