import type { BusEvent } from "./envelope.ts";
import { notSupported, validation } from "./errors.ts";
import type { Target } from "./target.ts";

/** What the reserved variables of an input template stand for. */
interface RuleIdentity {
  ruleArn: string;
  ruleName: string;
  ingestedAt: string;
}

/**
 * Reads a path of the supported kind: `$`, `.key`, `['key']` and `[index]`. Other JSONPath (wildcards, filters, slices) is refused.
 */
export function parsePath(path: string): (string | number)[] {
  if (!path.startsWith("$")) throw validation(`Invalid JSON path: ${path} does not begin with $.`);
  const steps: (string | number)[] = [];
  const step = /\.([\w-]+)|\['([^']+)'\]|\["([^"]+)"\]|\[(\d+)\]/y;
  step.lastIndex = 1;
  while (step.lastIndex < path.length) {
    const found = step.exec(path);
    if (found === null) throw notSupported(`the JSON path ${path}`);
    const key = found[1] ?? found[2] ?? found[3];
    steps.push(key ?? Number(found[4]));
  }
  return steps;
}

function valueAt(event: unknown, path: string): unknown {
  let value: unknown = event;
  for (const step of parsePath(path)) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step))
      return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

/** Calls `replace` for each `<name>`, telling whether it stands inside of a JSON string of the template. */
function fillTemplate(
  template: string,
  replace: (name: string, quoted: boolean) => string,
): string {
  let quoted = false;
  return template.replace(/\\.|"|<([\w.-]+)>/gs, (found, name: string | undefined) => {
    if (found === '"') quoted = !quoted;
    return name === undefined ? found : replace(name, quoted);
  });
}

function reserved(name: string, event: BusEvent, rule: RuleIdentity): unknown {
  switch (name) {
    case "aws.events.rule-arn":
      return rule.ruleArn;
    case "aws.events.rule-name":
      return rule.ruleName;
    case "aws.events.event.ingestion-time":
      return rule.ingestedAt;
    case "aws.events.event.json":
      return event.parsed;
    case "aws.events.event": {
      const { detail: _, ...withoutDetail } = event.parsed;
      return withoutDetail;
    }
    default:
      throw notSupported(`the reserved variable <${name}> in an input template`);
  }
}

/** In a string of the template a text is escaped and stands without its own quotes; a path that finds nothing leaves nothing. */
function written(value: unknown, quoted: boolean): string {
  if (value === undefined) return "";
  const json = JSON.stringify(value);
  return quoted && typeof value === "string" ? json.slice(1, -1) : json;
}

/** The message that a target gets for an event: the event, or what Input, InputPath or InputTransformer make of it. */
export function targetInput(target: Target, event: BusEvent, rule: RuleIdentity): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) {
    if (target.InputPath === "$") return event.body;
    return JSON.stringify(valueAt(event.parsed, target.InputPath) ?? null);
  }
  const transformer = target.InputTransformer;
  if (transformer === undefined) return event.body;
  const paths = transformer.InputPathsMap ?? {};
  return fillTemplate(transformer.InputTemplate, (name, quoted) => {
    const path = paths[name];
    const value = path === undefined ? reserved(name, event, rule) : valueAt(event.parsed, path);
    return written(value, quoted);
  });
}

/** Refuses at PutTargets what could not be filled in later: unknown variables and unsupported paths. */
export function checkTransformer(paths: Record<string, string>, template: string): void {
  if (Object.keys(paths).length > 100) throw validation("InputPathsMap has more than 100 entries.");
  for (const [name, path] of Object.entries(paths)) {
    if (name.startsWith("aws.")) throw validation(`InputPathsMap key ${name} is reserved.`);
    parsePath(path);
  }
  const probe: BusEvent = { id: "", time: 0, body: "", parsed: {} };
  fillTemplate(template, (name) => {
    if (paths[name] === undefined) {
      if (!name.startsWith("aws.")) {
        throw validation(`Invalid InputTemplate: <${name}> is not a key of InputPathsMap.`);
      }
      reserved(name, probe, { ruleArn: "", ruleName: "", ingestedAt: "" });
    }
    return "";
  });
}
