import type { Arns } from "./arns.ts";
import { compilePattern } from "./pattern.ts";
import type { Store } from "./store.ts";
import type { Target } from "./target.ts";

/** An enabled rule with a pattern and its targets, ready to match. */
export interface Route {
  ruleArn: string;
  ruleName: string;
  matches(event: unknown): boolean;
  targets: Target[];
}

export interface ArchiveRoute {
  archive: string;
  matches(event: unknown): boolean;
}

export interface BusRoutes {
  rules: Route[];
  archives: ArchiveRoute[];
}

/** The compiled rules of every bus: a cache of the store that is thrown away whenever a definition changes. */
export interface Routes {
  /** Undefined when there is no such bus. */
  of(bus: string): BusRoutes | undefined;
  /** To be called after every change of buses, rules, targets or archives. */
  changed(): void;
}

/** The targets of one rule, in the order of their ids. */
export function targetsOf(store: Store, bus: string, rule: string): Target[] {
  return store
    .prepare("SELECT target FROM targets WHERE bus = ? AND rule = ? ORDER BY id")
    .all(bus, rule)
    .map((row) => JSON.parse(String(row.target)) as Target);
}

function load(store: Store, arns: Arns): Map<string, BusRoutes> {
  const buses = new Map<string, BusRoutes>();
  for (const { name } of store.prepare("SELECT name FROM buses").all()) {
    buses.set(String(name), { rules: [], archives: [] });
  }
  const rules = store
    .prepare(
      "SELECT bus, name, pattern FROM rules WHERE state = 'ENABLED' AND pattern IS NOT NULL ORDER BY name",
    )
    .all();
  for (const rule of rules) {
    const bus = String(rule.bus);
    const ruleName = String(rule.name);
    buses.get(bus)?.rules.push({
      ruleArn: arns.rule(bus, ruleName),
      ruleName,
      matches: compilePattern(String(rule.pattern)),
      targets: targetsOf(store, bus, ruleName),
    });
  }
  for (const { name, bus, pattern } of store
    .prepare("SELECT name, bus, pattern FROM archives ORDER BY name")
    .all()) {
    buses.get(String(bus))?.archives.push({
      archive: String(name),
      matches: pattern === null ? () => true : compilePattern(String(pattern)),
    });
  }
  return buses;
}

export function routesOf(store: Store, arns: Arns): Routes {
  let cached: Map<string, BusRoutes> | undefined;
  return {
    of(bus) {
      cached ??= load(store, arns);
      return cached.get(bus);
    },
    changed() {
      cached = undefined;
    },
  };
}
