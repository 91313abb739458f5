import { DEFAULT_BUS } from "./arns.ts";
import type { Bridge } from "./bridge.ts";
import { existingBus } from "./buses.ts";
import { invalidPattern, notFound, notSupported, validation } from "./errors.ts";
import { page } from "./page.ts";
import {
  allowOnly,
  optionalText,
  type Parameters,
  requiredName,
  requiredText,
} from "./parameters.ts";
import { compilePattern } from "./pattern.ts";
import { InvalidPatternError } from "./pattern-operators.ts";
import { parseSchedule } from "./schedule-expression.ts";

export interface RuleRow {
  bus: string;
  name: string;
  pattern: string | null;
  schedule: string | null;
  state: string;
  description: string | null;
  anchor_at: number;
}

/** The default quota of a rule pattern's length, in characters. */
const MAXIMUM_PATTERN = 2048;

/** The compiled pattern of `EventPattern`, or InvalidEventPatternException with the reason. */
export function checkedPattern(pattern: string): (event: unknown) => boolean {
  try {
    return compilePattern(pattern);
  } catch (error) {
    if (error instanceof InvalidPatternError) throw invalidPattern(error.message);
    throw error;
  }
}

/** The rule on the bus, or ResourceNotFoundException in AWS's words. */
export function existingRule(bridge: Bridge, bus: string, name: string): RuleRow {
  const row = bridge.store.prepare("SELECT * FROM rules WHERE bus = ? AND name = ?").get(bus, name);
  if (row === undefined) throw notFound(`Rule ${name} does not exist on EventBus ${bus}.`);
  return row as unknown as RuleRow;
}

function described(bridge: Bridge, row: RuleRow): Parameters {
  return {
    Name: row.name,
    Arn: bridge.arns.rule(row.bus, row.name),
    EventPattern: row.pattern ?? undefined,
    ScheduleExpression: row.schedule ?? undefined,
    State: row.state,
    Description: row.description ?? undefined,
    EventBusName: row.bus,
  };
}

function checkedState(input: Parameters): string {
  const state = optionalText(input, "State") ?? "ENABLED";
  if (state === "ENABLED" || state === "DISABLED") return state;
  if (state === "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS") {
    throw notSupported(`the rule state ${state}`);
  }
  throw validation(`Parameter State is not valid: ${state}.`);
}

/**
 * Makes a rule or replaces its definition (its targets stay). Putting the same schedule again does not start its interval anew, so
 * that a system which is applied on every boot does not postpone its own schedules.
 */
export function putRule(bridge: Bridge, input: Parameters): Parameters {
  allowOnly(
    input,
    ["Name", "EventPattern", "ScheduleExpression", "State", "Description", "EventBusName"],
    "PutRule",
  );
  const name = requiredName(input, "Name", 64);
  const bus = existingBus(bridge, input);
  const pattern = optionalText(input, "EventPattern", MAXIMUM_PATTERN) || undefined;
  const schedule = optionalText(input, "ScheduleExpression", 256) || undefined;
  if (pattern === undefined && schedule === undefined) {
    throw validation("Parameter(s) EventPattern or ScheduleExpression must be specified.");
  }
  if (schedule !== undefined && bus !== DEFAULT_BUS) {
    throw validation("ScheduleExpression is supported only on the default event bus.");
  }
  if (pattern !== undefined) checkedPattern(pattern);
  if (schedule !== undefined) parseSchedule(schedule);
  const description = optionalText(input, "Description", 512);
  bridge.store
    .prepare(
      `INSERT INTO rules (bus, name, pattern, schedule, state, description, anchor_at) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (bus, name) DO UPDATE SET
         anchor_at = CASE WHEN schedule IS excluded.schedule THEN anchor_at ELSE excluded.anchor_at END,
         pattern = excluded.pattern, schedule = excluded.schedule, state = excluded.state, description = excluded.description`,
    )
    .run(
      bus,
      name,
      pattern ?? null,
      schedule ?? null,
      checkedState(input),
      description ?? null,
      bridge.now(),
    );
  bridge.routes.changed();
  return { RuleArn: bridge.arns.rule(bus, name) };
}

export function describeRule(bridge: Bridge, input: Parameters): Parameters {
  allowOnly(input, ["Name", "EventBusName"], "DescribeRule");
  const bus = existingBus(bridge, input);
  return described(bridge, existingRule(bridge, bus, requiredName(input, "Name", 64)));
}

export function listRules(bridge: Bridge, input: Parameters): Parameters {
  allowOnly(input, ["NamePrefix", "EventBusName", "NextToken", "Limit"], "ListRules");
  const bus = existingBus(bridge, input);
  const rows = bridge.store.prepare("SELECT * FROM rules WHERE bus = ? ORDER BY name").all(bus);
  const { items, NextToken } = page(input, rows as unknown as RuleRow[], (row) => row.name);
  return { Rules: items.map((row) => described(bridge, row)), NextToken };
}

/** Deletes a rule without targets; succeeds too when there is no such rule, as AWS does. `Force` is for managed rules: none here. */
export function deleteRule(bridge: Bridge, input: Parameters): Parameters {
  allowOnly(input, ["Name", "EventBusName", "Force"], "DeleteRule");
  const bus = existingBus(bridge, input);
  const name = requiredName(input, "Name", 64);
  const target = bridge.store
    .prepare("SELECT 1 FROM targets WHERE bus = ? AND rule = ? LIMIT 1")
    .get(bus, name);
  if (target !== undefined) throw validation("Rule can't be deleted since it has targets.");
  bridge.store.prepare("DELETE FROM rules WHERE bus = ? AND name = ?").run(bus, name);
  bridge.routes.changed();
  return {};
}

function setState(bridge: Bridge, input: Parameters, state: string, action: string): Parameters {
  allowOnly(input, ["Name", "EventBusName"], action);
  const rule = existingRule(bridge, existingBus(bridge, input), requiredName(input, "Name", 64));
  bridge.store
    .prepare("UPDATE rules SET state = ? WHERE bus = ? AND name = ?")
    .run(state, rule.bus, rule.name);
  bridge.routes.changed();
  return {};
}

export function enableRule(bridge: Bridge, input: Parameters): Parameters {
  return setState(bridge, input, "ENABLED", "EnableRule");
}

export function disableRule(bridge: Bridge, input: Parameters): Parameters {
  return setState(bridge, input, "DISABLED", "DisableRule");
}

/** What TestEventPattern asks of an event, by its documentation. */
const MANDATORY = ["id", "account", "source", "time", "region", "resources", "detail-type"];

export function testEventPattern(_bridge: Bridge, input: Parameters): Parameters {
  allowOnly(input, ["EventPattern", "Event"], "TestEventPattern");
  const matches = checkedPattern(requiredText(input, "EventPattern", MAXIMUM_PATTERN));
  let event: unknown;
  try {
    event = JSON.parse(requiredText(input, "Event", 1_048_576));
  } catch (error) {
    if (error instanceof SyntaxError) throw validation("Parameter Event is not valid.");
    throw error;
  }
  const isEvent = typeof event === "object" && event !== null;
  const missing = MANDATORY.filter((name) => !isEvent || !Object.hasOwn(event as object, name));
  if (missing.length > 0) {
    throw validation(`Parameter Event is not valid. Reason: it has no ${missing.join(", ")}.`);
  }
  return { Result: matches(event) };
}
