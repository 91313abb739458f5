import type { Bridge } from "./bridge.ts";
import { replayedEvent } from "./envelope.ts";
import { notFound } from "./errors.ts";
import { storeEvent } from "./publish.ts";

export interface ReplayRow {
  name: string;
  archive: string;
  bus: string;
  description: string | null;
  filter_arns: string | null;
  start_time: number;
  end_time: number;
  state: "STARTING" | "RUNNING" | "CANCELLING" | "COMPLETED" | "CANCELLED" | "FAILED";
  state_reason: string | null;
  cursor_time: number | null;
  cursor_seq: number | null;
  started_at: number;
  ended_at: number | null;
}

/** Events in one transaction. */
const PAGE = 100;
/** Milliseconds between two pages: live events come in between, and a replay can be cancelled before it is through. */
const PAUSE = 5;

export function existingReplay(bridge: Bridge, name: string): ReplayRow {
  const row = bridge.store.prepare("SELECT * FROM replays WHERE name = ?").get(name);
  if (row === undefined) throw notFound(`Replay ${name} does not exist.`);
  return row as unknown as ReplayRow;
}

/** Sets the state and, when it is a last one, the end time. */
export function setReplayState(
  bridge: Bridge,
  name: string,
  state: ReplayRow["state"],
  reason?: string,
): void {
  const ended = state === "COMPLETED" || state === "CANCELLED" || state === "FAILED";
  bridge.store
    .prepare("UPDATE replays SET state = ?, state_reason = ?, ended_at = ? WHERE name = ?")
    .run(state, reason ?? null, ended ? bridge.now() : null, name);
}

/** Puts out the next page of a replay and moves its cursor, in one transaction. Returns whether there may be more. */
function replayPage(bridge: Bridge, row: ReplayRow): boolean {
  const events = bridge.store
    .prepare(
      `SELECT seq, time, body FROM archived_events
       WHERE archive = ? AND (time, seq) > (?, ?) AND time < ? AND stored_at <= ? ORDER BY time, seq LIMIT ?`,
    )
    .all(
      row.archive,
      row.cursor_time ?? row.start_time,
      row.cursor_seq ?? -1,
      row.end_time,
      bridge.now() - bridge.archiveLag,
      PAGE,
    );
  const only = row.filter_arns === null ? undefined : new Set<string>(JSON.parse(row.filter_arns));
  const replayed = events.map(({ time, body }) =>
    replayedEvent(String(body), Number(time), row.name),
  );
  const last = events.at(-1);
  const stored = bridge.store.transaction(() => {
    if (last !== undefined) {
      bridge.store
        .prepare("UPDATE replays SET cursor_time = ?, cursor_seq = ? WHERE name = ?")
        .run(Number(last.time), Number(last.seq), row.name);
    }
    return replayed.map((event) => ({
      busName: row.bus,
      body: event.body,
      queueArns: storeEvent(bridge, row.bus, event, only),
    }));
  });
  bridge.pump.wake(stored.flatMap(({ queueArns }) => queueArns));
  for (const event of stored) bridge.tap.saw(event);
  return events.length === PAGE;
}

/** Takes a replay one step further, and itself again until the replay has ended. */
export function advanceReplay(bridge: Bridge, name: string): void {
  if (bridge.closed()) return;
  const row = existingReplay(bridge, name);
  try {
    if (row.state === "CANCELLING") {
      setReplayState(bridge, name, "CANCELLED", "Replay was cancelled.");
    } else if (row.state === "STARTING") {
      setReplayState(bridge, name, "RUNNING");
      setTimeout(() => advanceReplay(bridge, name), PAUSE);
    } else if (replayPage(bridge, row)) {
      setTimeout(() => advanceReplay(bridge, name), PAUSE);
    } else {
      setReplayState(bridge, name, "COMPLETED", "Replay completed successfully.");
    }
  } catch (error) {
    bridge.logger.error({ error, replayName: name }, "a replay failed");
    setReplayState(bridge, name, "FAILED", error instanceof Error ? error.message : String(error));
  }
}

/** Goes on, after a restart, with the replays that had not ended. */
export function resumeReplays(bridge: Bridge): void {
  const rows = bridge.store
    .prepare("SELECT name FROM replays WHERE state IN ('STARTING', 'RUNNING', 'CANCELLING')")
    .all();
  for (const { name } of rows) setImmediate(() => advanceReplay(bridge, String(name)));
}
