import type { Bridge } from "./bridge.ts";
import { existingBus } from "./buses.ts";
import { limitExceeded, validation } from "./errors.ts";
import { page } from "./page.ts";
import { allowOnly, optionalList, type Parameters, requiredName, textList } from "./parameters.ts";
import { parseTarget } from "./parse-target.ts";
import { targetsOf } from "./routes.ts";
import { existingRule } from "./rules.ts";

const MAXIMUM_TARGETS = 5;

function ruleOf(bridge: Bridge, input: Parameters) {
  return existingRule(bridge, existingBus(bridge, input), requiredName(input, "Rule", 64));
}

/** Adds targets or replaces those of the same id. A bad one refuses the whole request. */
export function putTargets(bridge: Bridge, input: Parameters): Parameters {
  allowOnly(input, ["Rule", "EventBusName", "Targets"], "PutTargets");
  const rule = ruleOf(bridge, input);
  const targets = (optionalList(input, "Targets") ?? []).map(parseTarget);
  if (targets.length === 0) throw validation("Parameter Targets must have at least one target.");
  const existing = targetsOf(bridge.store, rule.bus, rule.name);
  const ids = new Set([...existing, ...targets].map((target) => target.Id));
  if (ids.size > MAXIMUM_TARGETS) {
    throw limitExceeded("The requested resource exceeds the maximum number allowed.");
  }
  bridge.store.transaction(() => {
    for (const target of targets) {
      bridge.store
        .prepare("INSERT OR REPLACE INTO targets (bus, rule, id, target) VALUES (?, ?, ?, ?)")
        .run(rule.bus, rule.name, target.Id, JSON.stringify(target));
    }
  });
  bridge.routes.changed();
  return { FailedEntryCount: 0, FailedEntries: [] };
}

export function listTargetsByRule(bridge: Bridge, input: Parameters): Parameters {
  allowOnly(input, ["Rule", "EventBusName", "NextToken", "Limit"], "ListTargetsByRule");
  const rule = ruleOf(bridge, input);
  const targets = targetsOf(bridge.store, rule.bus, rule.name);
  const { items, NextToken } = page(input, targets, (target) => target.Id);
  return { Targets: items, NextToken };
}

/** Removes the targets with these ids; an id that the rule does not have is reported as a failed entry. */
export function removeTargets(bridge: Bridge, input: Parameters): Parameters {
  allowOnly(input, ["Rule", "EventBusName", "Ids", "Force"], "RemoveTargets");
  const rule = ruleOf(bridge, input);
  const ids = textList(input, "Ids") ?? [];
  if (ids.length === 0) throw validation("Parameter Ids must have at least one id.");
  const failed = bridge.store.transaction(() =>
    ids.filter((id) => {
      const { changes } = bridge.store
        .prepare("DELETE FROM targets WHERE bus = ? AND rule = ? AND id = ?")
        .run(rule.bus, rule.name, id);
      return changes === 0;
    }),
  );
  bridge.routes.changed();
  const FailedEntries = failed.map((id) => ({
    TargetId: id,
    ErrorCode: "ResourceNotFoundException",
    ErrorMessage: `Rule ${rule.name} does not have a target with the Id ${id}.`,
  }));
  return { FailedEntryCount: FailedEntries.length, FailedEntries };
}
