import { existingArchive } from "./archives.ts";
import type { Bridge } from "./bridge.ts";
import { replayedEvent } from "./envelope.ts";
import { alreadyExists, EventBridgeError, limitExceeded, notFound, validation } from "./errors.ts";
import { page } from "./page.ts";
import {
  allowOnly,
  isParameters,
  optionalText,
  type Parameters,
  requiredName,
  requiredText,
  requiredTime,
  textList,
  toTimestamp,
} from "./parameters.ts";
import { storeEvent } from "./publish.ts";

interface ReplayRow {
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

const MAXIMUM_RUNNING = 10;
/** Events in one transaction; between two the bus serves everybody else. */
const PAGE = 200;

function existingReplay(bridge: Bridge, name: string): ReplayRow {
  const row = bridge.store.prepare("SELECT * FROM replays WHERE name = ?").get(name);
  if (row === undefined) throw notFound(`Replay ${name} does not exist.`);
  return row as unknown as ReplayRow;
}

function listed(bridge: Bridge, row: ReplayRow): Parameters {
  return {
    ReplayName: row.name,
    EventSourceArn: bridge.arns.archive(row.archive),
    State: row.state,
    StateReason: row.state_reason ?? undefined,
    EventStartTime: toTimestamp(row.start_time),
    EventEndTime: toTimestamp(row.end_time),
    EventLastReplayedTime: toTimestamp(row.cursor_time),
    ReplayStartTime: toTimestamp(row.started_at),
    ReplayEndTime: toTimestamp(row.ended_at),
  };
}

function summary(bridge: Bridge, row: ReplayRow): Parameters {
  return {
    ReplayArn: bridge.arns.replay(row.name),
    State: row.state,
    StateReason: row.state_reason ?? undefined,
    ReplayStartTime: toTimestamp(row.started_at),
  };
}

/** The rules to replay to, checked to be of the bus; undefined for all. A replay goes only to the bus that was archived. */
function filterOf(bridge: Bridge, bus: string, destination: unknown): string[] | undefined {
  if (!isParameters(destination)) throw validation("Parameter Destination is required.");
  allowOnly(destination, ["Arn", "FilterArns"], "Destination");
  if (requiredText(destination, "Arn") !== bridge.arns.bus(bus)) {
    throw validation(
      "Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.",
    );
  }
  const filter = textList(destination, "FilterArns");
  const rows = bridge.store.prepare("SELECT name FROM rules WHERE bus = ?").all(bus);
  const known = new Set(rows.map((row) => bridge.arns.rule(bus, String(row.name))));
  const unknown = filter?.find((arn) => !known.has(arn));
  if (unknown !== undefined) {
    throw validation(
      `Parameter Destination.FilterArns is not valid. Reason: ${unknown} is not a rule of event bus ${bus}.`,
    );
  }
  return filter?.length === 0 ? undefined : filter;
}

/** Starts a replay of the archived events with `EventStartTime` ≤ time < `EventEndTime`, the oldest first. */
export function startReplay(bridge: Bridge, input: Parameters): Parameters {
  allowOnly(
    input,
    [
      "ReplayName",
      "Description",
      "EventSourceArn",
      "EventStartTime",
      "EventEndTime",
      "Destination",
    ],
    "StartReplay",
  );
  const name = requiredName(input, "ReplayName", 64);
  const archive = existingArchive(
    bridge,
    bridge.arns.archiveName(requiredText(input, "EventSourceArn")),
  );
  const filter = filterOf(bridge, archive.bus, input.Destination);
  const start = requiredTime(input, "EventStartTime");
  const end = requiredTime(input, "EventEndTime");
  if (start >= end) {
    throw validation(
      "Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.",
    );
  }
  const { running } = bridge.store
    .prepare(
      "SELECT count(*) AS running FROM replays WHERE state IN ('STARTING', 'RUNNING', 'CANCELLING')",
    )
    .get() ?? { running: 0 };
  if (Number(running) >= MAXIMUM_RUNNING) {
    throw limitExceeded(`There are ${MAXIMUM_RUNNING} replays running already.`);
  }
  const { changes } = bridge.store
    .prepare(
      `INSERT INTO replays (name, archive, bus, description, filter_arns, start_time, end_time, state, started_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, 'STARTING', ?) ON CONFLICT DO NOTHING`,
    )
    .run(
      name,
      archive.name,
      archive.bus,
      optionalText(input, "Description", 512) ?? null,
      filter === undefined ? null : JSON.stringify(filter),
      start,
      end,
      bridge.now(),
    );
  if (changes === 0) throw alreadyExists(`Replay ${name} already exists.`);
  setImmediate(() => advance(bridge, name));
  return summary(bridge, existingReplay(bridge, name));
}

export function describeReplay(bridge: Bridge, input: Parameters): Parameters {
  allowOnly(input, ["ReplayName"], "DescribeReplay");
  const row = existingReplay(bridge, requiredName(input, "ReplayName", 64));
  return {
    ...listed(bridge, row),
    ReplayArn: bridge.arns.replay(row.name),
    Description: row.description ?? undefined,
    Destination: {
      Arn: bridge.arns.bus(row.bus),
      FilterArns: row.filter_arns === null ? undefined : JSON.parse(row.filter_arns),
    },
  };
}

export function listReplays(bridge: Bridge, input: Parameters): Parameters {
  allowOnly(input, ["NamePrefix", "State", "EventSourceArn", "NextToken", "Limit"], "ListReplays");
  const state = optionalText(input, "State");
  const source = optionalText(input, "EventSourceArn");
  const rows = bridge.store
    .prepare("SELECT * FROM replays ORDER BY name")
    .all() as unknown as ReplayRow[];
  const wanted = rows.filter(
    (row) =>
      (state === undefined || row.state === state) &&
      (source === undefined || bridge.arns.archive(row.archive) === source),
  );
  const { items, NextToken } = page(input, wanted, (row) => row.name);
  return { Replays: items.map((row) => listed(bridge, row)), NextToken };
}

/** Stops a replay that has not ended; what it has put out already is delivered. */
export function cancelReplay(bridge: Bridge, input: Parameters): Parameters {
  allowOnly(input, ["ReplayName"], "CancelReplay");
  const row = existingReplay(bridge, requiredName(input, "ReplayName", 64));
  if (row.state !== "STARTING" && row.state !== "RUNNING") {
    throw new EventBridgeError(
      "IllegalStatusException",
      `Replay ${row.name} is not in a valid state for this operation.`,
    );
  }
  setState(bridge, row.name, "CANCELLING");
  return summary(bridge, existingReplay(bridge, row.name));
}

function setState(bridge: Bridge, name: string, state: ReplayRow["state"], reason?: string): void {
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
       WHERE archive = ? AND (time, seq) > (?, ?) AND time < ? ORDER BY time, seq LIMIT ?`,
    )
    .all(row.archive, row.cursor_time ?? row.start_time, row.cursor_seq ?? -1, row.end_time, PAGE);
  const only = row.filter_arns === null ? undefined : new Set<string>(JSON.parse(row.filter_arns));
  const replayed = events.map(({ time, body }) =>
    replayedEvent(String(body), Number(time), row.name),
  );
  const last = events.at(-1);
  const queues = bridge.store.transaction(() => {
    if (last !== undefined) {
      bridge.store
        .prepare("UPDATE replays SET cursor_time = ?, cursor_seq = ? WHERE name = ?")
        .run(Number(last.time), Number(last.seq), row.name);
    }
    return replayed.flatMap((event) => storeEvent(bridge, row.bus, event, only));
  });
  bridge.pump.wake(queues);
  for (const { body } of replayed) bridge.tap.saw({ busName: row.bus, body });
  return events.length === PAGE;
}

function advance(bridge: Bridge, name: string): void {
  if (bridge.closed()) return;
  const row = existingReplay(bridge, name);
  try {
    if (row.state === "CANCELLING") {
      setState(bridge, name, "CANCELLED", "Replay was cancelled.");
    } else if (row.state === "STARTING") {
      setState(bridge, name, "RUNNING");
      setImmediate(() => advance(bridge, name));
    } else if (replayPage(bridge, row)) {
      setImmediate(() => advance(bridge, name));
    } else {
      setState(bridge, name, "COMPLETED", "Replay completed successfully.");
    }
  } catch (error) {
    bridge.logger.error({ error, replayName: name }, "a replay failed");
    setState(bridge, name, "FAILED", error instanceof Error ? error.message : String(error));
  }
}

/** Goes on, after a restart, with the replays that had not ended. */
export function resumeReplays(bridge: Bridge): void {
  const rows = bridge.store
    .prepare("SELECT name FROM replays WHERE state IN ('STARTING', 'RUNNING', 'CANCELLING')")
    .all();
  for (const { name } of rows) setImmediate(() => advance(bridge, String(name)));
}
