import { DEFAULT_BUS } from "./arns.ts";
import type { Bridge } from "./bridge.ts";
import { alreadyExists, notFound, validation } from "./errors.ts";
import { page } from "./page.ts";
import {
  allowOnly,
  optionalText,
  type Parameters,
  requiredName,
  toTimestamp,
} from "./parameters.ts";

interface BusRow {
  name: string;
  description: string | null;
  created_at: number;
}

/** The default bus exists in every account from the start and cannot be deleted. */
export function ensureDefaultBus(bridge: Bridge): void {
  bridge.store
    .prepare("INSERT INTO buses (name, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING")
    .run(DEFAULT_BUS, bridge.now());
}

/** The name of the bus that `EventBusName` names (or is the ARN of), `default` when left out. Throws when it does not exist. */
export function existingBus(bridge: Bridge, input: Parameters): string {
  const name = bridge.arns.busName(optionalText(input, "EventBusName") ?? DEFAULT_BUS);
  if (bridge.routes.of(name) === undefined) throw notFound(`Event bus ${name} does not exist.`);
  return name;
}

function described(bridge: Bridge, row: BusRow): Parameters {
  return {
    Name: row.name,
    Arn: bridge.arns.bus(row.name),
    Description: row.description ?? undefined,
    CreationTime: toTimestamp(row.created_at),
    LastModifiedTime: toTimestamp(row.created_at),
  };
}

export function createEventBus(bridge: Bridge, input: Parameters): Parameters {
  allowOnly(input, ["Name", "Description"], "CreateEventBus");
  const name = requiredName(input, "Name", 256);
  if (bridge.routes.of(name) !== undefined)
    throw alreadyExists(`Event bus ${name} already exists.`);
  const description = optionalText(input, "Description", 512);
  bridge.store
    .prepare("INSERT INTO buses (name, description, created_at) VALUES (?, ?, ?)")
    .run(name, description ?? null, bridge.now());
  bridge.routes.changed();
  return { EventBusArn: bridge.arns.bus(name), Description: description };
}

export function describeEventBus(bridge: Bridge, input: Parameters): Parameters {
  allowOnly(input, ["Name"], "DescribeEventBus");
  const name = bridge.arns.busName(optionalText(input, "Name") ?? DEFAULT_BUS);
  const row = bridge.store.prepare("SELECT * FROM buses WHERE name = ?").get(name);
  if (row === undefined) throw notFound(`Event bus ${name} does not exist.`);
  return described(bridge, row as unknown as BusRow);
}

export function listEventBuses(bridge: Bridge, input: Parameters): Parameters {
  allowOnly(input, ["NamePrefix", "NextToken", "Limit"], "ListEventBuses");
  const rows = bridge.store.prepare("SELECT * FROM buses ORDER BY name").all();
  const { items, NextToken } = page(input, rows as unknown as BusRow[], (row) => row.name);
  return { EventBuses: items.map((row) => described(bridge, row)), NextToken };
}

/** Deletes a bus without rules; succeeds too when there is no such bus, as AWS does. */
export function deleteEventBus(bridge: Bridge, input: Parameters): Parameters {
  allowOnly(input, ["Name"], "DeleteEventBus");
  const name = requiredName(input, "Name", 256);
  if (name === DEFAULT_BUS) throw validation("Cannot delete event bus default.");
  const rule = bridge.store.prepare("SELECT 1 FROM rules WHERE bus = ? LIMIT 1").get(name);
  if (rule !== undefined) throw validation(`Cannot delete event bus ${name}: it still has rules.`);
  bridge.store.prepare("DELETE FROM buses WHERE name = ?").run(name);
  bridge.routes.changed();
  return {};
}
