import { randomBytes } from "node:crypto";
import { illegalArgument, OpenSearchError, shardFailure } from "./errors.ts";
import type { Index } from "./indices.ts";
import { parseDuration } from "./settings.ts";
import type { OwnedSnapshot } from "./snapshot.ts";

export type Pit = {
  id: string;
  createdAt: number;
  expiresAt: number;
  targets: { index: Index; snapshot: OwnedSnapshot }[];
};

const MAX_OPEN = 100;
const MAX_KEEP_ALIVE = 86_400_000;
const PREFIX = "pit-";

/** Points in time: snapshots that outlive refreshes, each for as long as it is kept alive. */
export type Pits = {
  open(indices: Index[], keepAlive: string, now: number): Pit;
  /** The point in time of a search, its life prolonged when `keepAlive` is given. */
  use(id: string, keepAlive: string | undefined, now: number): Pit;
  /** Ends points in time and returns their ids. An id that is no longer known counts as ended. */
  remove(ids: string[]): void;
  all(): Pit[];
  /** Ends those whose time is over, so that their snapshots are let go. */
  expire(now: number): void;
  forget(index: Index): void;
  close(): void;
};

function keepAliveMillis(keepAlive: string): number {
  const millis = parseDuration(keepAlive, "keep_alive");
  if (millis <= MAX_KEEP_ALIVE) return millis;
  throw illegalArgument(
    `Keep alive for request (${keepAlive}) is too large. It must be less than (1d). This limit can be set by changing the [point_in_time.max_keep_alive] cluster level setting.`,
  );
}

function checkId(id: string): void {
  if (!Buffer.from(id, "base64url").toString("latin1").startsWith(PREFIX)) {
    throw illegalArgument(`invalid id: [${id}]`);
  }
}

export function createPits(): Pits {
  const open = new Map<string, Pit>();

  function end(pit: Pit): void {
    open.delete(pit.id);
    for (const { index, snapshot } of pit.targets) index.store.unpin(snapshot);
  }

  function expire(now: number): void {
    for (const pit of open.values()) if (pit.expiresAt <= now) end(pit);
  }

  return {
    open(indices, keepAlive, now) {
      const millis = keepAliveMillis(keepAlive);
      if (open.size >= MAX_OPEN) {
        throw new OpenSearchError(429, {
          type: "rejected_execution_exception",
          reason: `Trying to create too many Point In Time contexts. Must be less than or equal to: [${MAX_OPEN}]. This limit can be set by changing the [search.max_open_pit_context] setting.`,
        });
      }
      const id = Buffer.concat([Buffer.from(PREFIX), randomBytes(24)]).toString("base64url");
      const targets = indices.map((index) => {
        const snapshot = index.store.snapshot();
        snapshot.pins += 1;
        return { index, snapshot };
      });
      const pit = { id, createdAt: now, expiresAt: now + millis, targets };
      open.set(id, pit);
      return pit;
    },
    use(id, keepAlive, now) {
      checkId(id);
      const pit = open.get(id);
      if (!pit) {
        const reason = `No search context found for id [${id}]`;
        throw shardFailure("_na_", { type: "search_context_missing_exception", reason }, 404);
      }
      if (keepAlive !== undefined) {
        pit.expiresAt = Math.max(pit.expiresAt, now + keepAliveMillis(keepAlive));
      }
      return pit;
    },
    remove(ids) {
      for (const id of ids) checkId(id);
      for (const id of ids) {
        const pit = open.get(id);
        if (pit) end(pit);
      }
    },
    all: () => [...open.values()],
    expire,
    forget(index) {
      for (const pit of open.values()) {
        if (pit.targets.some((target) => target.index === index)) end(pit);
      }
    },
    close() {
      for (const pit of open.values()) end(pit);
    },
  };
}
