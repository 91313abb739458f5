import type { Bridge } from "./bridge.ts";
import { alreadyExists, notFound } from "./errors.ts";
import { page } from "./page.ts";
import {
  allowOnly,
  optionalInteger,
  optionalText,
  type Parameters,
  requiredName,
  requiredText,
  toTimestamp,
} from "./parameters.ts";
import { checkedPattern } from "./rules.ts";
import type { TappedEvent } from "./tap.ts";

export interface ArchiveRow {
  name: string;
  bus: string;
  pattern: string | null;
  description: string | null;
  /** 0 keeps the events for ever. */
  retention_days: number;
  created_at: number;
  event_count: number;
  size_bytes: number;
}

const DAY = 86_400_000;
/** How many expired events one trimming takes at most, so that it never holds up the bus for long. */
const TRIM_AT_ONCE = 5000;

export function existingArchive(bridge: Bridge, name: string): ArchiveRow {
  const row = bridge.store.prepare("SELECT * FROM archives WHERE name = ?").get(name);
  if (row === undefined) throw notFound(`Archive ${name} does not exist.`);
  return row as unknown as ArchiveRow;
}

function listed(bridge: Bridge, row: ArchiveRow): Parameters {
  return {
    ArchiveName: row.name,
    EventSourceArn: bridge.arns.bus(row.bus),
    State: "ENABLED",
    RetentionDays: row.retention_days,
    SizeBytes: row.size_bytes,
    EventCount: row.event_count,
    CreationTime: toTimestamp(row.created_at),
  };
}

function created(bridge: Bridge, row: ArchiveRow): Parameters {
  return {
    ArchiveArn: bridge.arns.archive(row.name),
    State: "ENABLED",
    CreationTime: toTimestamp(row.created_at),
  };
}

function definition(input: Parameters) {
  const pattern = optionalText(input, "EventPattern", 4096) || undefined;
  if (pattern !== undefined) checkedPattern(pattern);
  return {
    pattern,
    description: optionalText(input, "Description", 512),
    days: optionalInteger(input, "RetentionDays", 0, 2 ** 31 - 1),
  };
}

/** Keeps from now on the bus's events that match the pattern (all when it has none), but not replayed ones. */
export function createArchive(bridge: Bridge, input: Parameters): Parameters {
  allowOnly(
    input,
    ["ArchiveName", "EventSourceArn", "Description", "EventPattern", "RetentionDays"],
    "CreateArchive",
  );
  const name = requiredName(input, "ArchiveName", 48);
  const bus = bridge.arns.busName(requiredText(input, "EventSourceArn"));
  if (bridge.routes.of(bus) === undefined) throw notFound(`Event bus ${bus} does not exist.`);
  const { pattern, description, days } = definition(input);
  const { changes } = bridge.store
    .prepare(
      `INSERT INTO archives (name, bus, pattern, description, retention_days, created_at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
    )
    .run(name, bus, pattern ?? null, description ?? null, days ?? 0, bridge.now());
  if (changes === 0) throw alreadyExists(`Archive ${name} already exists.`);
  bridge.routes.changed();
  return created(bridge, existingArchive(bridge, name));
}

export function describeArchive(bridge: Bridge, input: Parameters): Parameters {
  allowOnly(input, ["ArchiveName"], "DescribeArchive");
  const row = existingArchive(bridge, requiredName(input, "ArchiveName", 48));
  return {
    ...listed(bridge, row),
    ArchiveArn: bridge.arns.archive(row.name),
    Description: row.description ?? undefined,
    EventPattern: row.pattern ?? undefined,
  };
}

export function listArchives(bridge: Bridge, input: Parameters): Parameters {
  allowOnly(input, ["NamePrefix", "EventSourceArn", "NextToken", "Limit"], "ListArchives");
  const source = optionalText(input, "EventSourceArn");
  const rows = bridge.store
    .prepare("SELECT * FROM archives ORDER BY name")
    .all() as unknown as ArchiveRow[];
  const wanted = rows.filter((row) => source === undefined || bridge.arns.bus(row.bus) === source);
  const { items, NextToken } = page(input, wanted, (row) => row.name);
  return { Archives: items.map((row) => listed(bridge, row)), NextToken };
}

/** Changes what is given and leaves the rest. */
export function updateArchive(bridge: Bridge, input: Parameters): Parameters {
  allowOnly(
    input,
    ["ArchiveName", "Description", "EventPattern", "RetentionDays"],
    "UpdateArchive",
  );
  const row = existingArchive(bridge, requiredName(input, "ArchiveName", 48));
  const { pattern, description, days } = definition(input);
  bridge.store
    .prepare("UPDATE archives SET pattern = ?, description = ?, retention_days = ? WHERE name = ?")
    .run(
      pattern ?? row.pattern,
      description ?? row.description,
      days ?? row.retention_days,
      row.name,
    );
  bridge.routes.changed();
  return created(bridge, row);
}

export function deleteArchive(bridge: Bridge, input: Parameters): Parameters {
  allowOnly(input, ["ArchiveName"], "DeleteArchive");
  const { name } = existingArchive(bridge, requiredName(input, "ArchiveName", 48));
  bridge.store.transaction(() => {
    bridge.store.prepare("DELETE FROM archived_events WHERE archive = ?").run(name);
    bridge.store.prepare("DELETE FROM archives WHERE name = ?").run(name);
  });
  bridge.routes.changed();
  return {};
}

/** How many of an archive's latest events are looked through at most, so that a look never holds up the bus for long. */
const LOOKED_THROUGH = 50_000;

/** An event of the archives, as its bus took it at that time (ms). */
export interface ArchivedEvent extends Pick<TappedEvent, "busName" | "body"> {
  at: number;
}

/** The archived events that have this text in them, oldest first: the `most` latest, among the latest events of all archives. */
export function archivedWith(bridge: Bridge, text: string, most: number): ArchivedEvent[] {
  const rows = bridge.store
    .prepare(
      `SELECT * FROM (
         SELECT seq, archives.bus AS bus, stored_at, body
         FROM archived_events JOIN archives ON archives.name = archive
         WHERE seq > (SELECT coalesce(max(seq), 0) FROM archived_events) - ? AND instr(body, ?) > 0
         ORDER BY seq DESC LIMIT ?
       ) ORDER BY seq`,
    )
    .all(LOOKED_THROUGH, text, most);
  return rows.map(({ bus, stored_at, body }) => ({
    busName: String(bus),
    body: String(body),
    at: Number(stored_at),
  }));
}

/** Deletes events that were archived longer ago than their archive's retention. Called by the heartbeat. */
export function trimArchives(bridge: Bridge): void {
  const archives = bridge.store
    .prepare("SELECT name, retention_days FROM archives WHERE retention_days > 0")
    .all();
  for (const { name, retention_days } of archives) {
    const before = bridge.now() - Number(retention_days) * DAY;
    const expired = bridge.store
      .prepare(
        "SELECT seq, octet_length(body) AS bytes FROM archived_events WHERE archive = ? AND stored_at < ? LIMIT ?",
      )
      .all(String(name), before, TRIM_AT_ONCE);
    if (expired.length === 0) continue;
    bridge.store.transaction(() => {
      let bytes = 0;
      for (const event of expired) {
        bytes += Number(event.bytes);
        bridge.store.prepare("DELETE FROM archived_events WHERE seq = ?").run(Number(event.seq));
      }
      bridge.store
        .prepare(
          "UPDATE archives SET event_count = event_count - ?, size_bytes = size_bytes - ? WHERE name = ?",
        )
        .run(expired.length, bytes, String(name));
    });
  }
}
