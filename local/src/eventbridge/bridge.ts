import type { Arns } from "./arns.ts";
import type { DeliveryPump } from "./delivery.ts";
import type { Logger } from "./logger.ts";
import type { Routes } from "./routes.ts";
import type { Store } from "./store.ts";
import type { Tap } from "./tap.ts";

/** What every action works with. */
export interface Bridge {
  arns: Arns;
  store: Store;
  routes: Routes;
  pump: DeliveryPump;
  tap: Tap;
  logger: Logger;
  /** Milliseconds until an event that was published is in the archives. */
  archiveLag: number;
  /** Whether the bridge has been closed and the store must not be touched any more. */
  closed(): boolean;
  /** Milliseconds since 1970. */
  now(): number;
}
