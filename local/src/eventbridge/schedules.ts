import { DEFAULT_BUS } from "./arns.ts";
import type { Bridge } from "./bridge.ts";
import { newEvent } from "./envelope.ts";
import { validation } from "./errors.ts";
import { targetsOf } from "./routes.ts";
import { existingRule, type RuleRow } from "./rules.ts";
import { parseSchedule } from "./schedule-expression.ts";
import { targetInput } from "./target-input.ts";

/**
 * Sends one "Scheduled Event" to the targets of the rule. It goes to them alone and not over the bus, so that no other rule and no
 * archive sees it, as on AWS.
 */
function fire(bridge: Bridge, rule: RuleRow, dueAt: number, anchorAt: number): void {
  const ruleArn = bridge.arns.rule(rule.bus, rule.name);
  const event = newEvent(
    {
      source: "aws.events",
      detailType: "Scheduled Event",
      detail: "{}",
      resources: [ruleArn],
      time: dueAt,
    },
    bridge.arns,
  );
  const identity = {
    ruleArn,
    ruleName: rule.name,
    ingestedAt: new Date(bridge.now()).toISOString(),
  };
  const targets = targetsOf(bridge.store, rule.bus, rule.name);
  bridge.store.transaction(() => {
    for (const target of targets) {
      bridge.pump.enqueue(target, ruleArn, targetInput(target, event, identity));
    }
    bridge.store
      .prepare("UPDATE rules SET anchor_at = ? WHERE bus = ? AND name = ?")
      .run(anchorAt, rule.bus, rule.name);
  });
  const queueArns = targets.map((target) => target.Arn);
  bridge.pump.wake(queueArns);
  bridge.tap.saw({ busName: rule.bus, body: event.body, queueArns });
}

function scheduledRules(bridge: Bridge): RuleRow[] {
  return bridge.store
    .prepare("SELECT * FROM rules WHERE schedule IS NOT NULL AND state = 'ENABLED'")
    .all() as unknown as RuleRow[];
}

/** Fires what came due after the heartbeat before, once each however late the heartbeat is. */
export function fireDueSchedules(bridge: Bridge, since: number): void {
  const now = bridge.now();
  for (const rule of scheduledRules(bridge)) {
    const schedule = parseSchedule(rule.schedule ?? "");
    // What came due while the bridge was down (before `since`) is missed, as it is for a disabled rule.
    const dueAt = schedule.next(rule.anchor_at, Math.max(since, rule.anchor_at));
    if (dueAt !== undefined && dueAt <= now) fire(bridge, rule, dueAt, dueAt);
  }
}

/**
 * Fires a scheduled rule now, whatever its state, without moving its schedule. Throws ResourceNotFoundException for an unknown rule and
 * ValidationException for a rule without a schedule. The deliveries are stored when it returns.
 */
export function runScheduleNow(bridge: Bridge, ruleName: string): void {
  const rule = existingRule(bridge, DEFAULT_BUS, ruleName);
  if (rule.schedule === null) throw validation(`Rule ${ruleName} has no ScheduleExpression.`);
  fire(bridge, rule, bridge.now(), rule.anchor_at);
}
