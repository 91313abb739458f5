import type { S3Event } from "./events.ts";
import type { Store } from "./store.ts";

const AT_ONCE = 16;
/** An attempt that hangs longer counts as failed, or a few of them would hold up all others. */
const EMIT_LIMIT_MS = 60_000;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 30_000;

interface OutboxRow {
  id: number;
  entry: string;
  attempts: number;
}

/**
 * Delivers the outbox: each event is handed to `emit` until that resolves, then forgotten. A crash
 * in between delivers it once more: at least once, in no promised order, as S3 does. Retries wait
 * 100 ms to 30 s by the machine's own clock, whatever clock the objects live by.
 */
export function startDispatcher(
  store: Store,
  emit: (event: S3Event) => Promise<void>,
  onFailure: (error: unknown, event: S3Event, attempts: number) => void,
) {
  const inFlight = new Set<number>();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  async function deliver(row: OutboxRow): Promise<void> {
    inFlight.add(row.id);
    const event: S3Event = JSON.parse(row.entry);
    let failure: { error: unknown } | undefined;
    const expired = Promise.withResolvers<never>();
    const limit = setTimeout(() => expired.reject(new Error("no answer in time")), EMIT_LIMIT_MS);
    try {
      await Promise.race([emit(event), expired.promise]);
    } catch (error) {
      failure = { error };
    } finally {
      clearTimeout(limit);
    }
    inFlight.delete(row.id);
    if (closed) return;
    if (failure) {
      const wait = Math.min(FIRST_RETRY_MS * 2 ** Math.min(row.attempts, 16), LONGEST_RETRY_MS);
      store.run(
        "UPDATE outbox SET attempts = attempts + 1, due = ? WHERE id = ?",
        Date.now() + wait,
        row.id,
      );
      onFailure(failure.error, event, row.attempts + 1);
    } else {
      store.run("DELETE FROM outbox WHERE id = ?", row.id);
    }
    pump();
  }

  function pump(): void {
    clearTimeout(timer);
    if (closed || inFlight.size >= AT_ONCE) return;
    const now = Date.now();
    const due = store
      .all<OutboxRow>(
        "SELECT id, entry, attempts FROM outbox WHERE due <= ? ORDER BY id LIMIT ?",
        now,
        AT_ONCE + inFlight.size,
      )
      .filter((row) => !inFlight.has(row.id))
      .slice(0, AT_ONCE - inFlight.size);
    for (const row of due) void deliver(row);
    const next = store.get<{ due: number | null }>(
      "SELECT MIN(due) AS due FROM outbox WHERE due > ?",
      now,
    )?.due;
    if (next) timer = setTimeout(pump, next - now);
  }

  // A new process starts over: what waited for its retry is tried at once.
  store.run("UPDATE outbox SET due = 0");
  pump();
  return {
    pump,
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
