import { existingArchive } from "./archives.ts";
import type { Bridge } from "./bridge.ts";
import { alreadyExists, EventBridgeError, limitExceeded, validation } from "./errors.ts";
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
import { advanceReplay, existingReplay, type ReplayRow, setReplayState } from "./replay-run.ts";

const MAXIMUM_RUNNING = 10;
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
  setImmediate(() => advanceReplay(bridge, name));
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
  setReplayState(bridge, row.name, "CANCELLING");
  return summary(bridge, existingReplay(bridge, row.name));
}
