import {
  compileOperator,
  InvalidPatternError,
  type Leaf,
  type LeafMatcher,
  RESERVED_IN_OR,
} from "./pattern-operators.ts";

/** What one path of a pattern asks: any of the matchers, or (`absent`) that the event has no such leaf. */
interface FieldCondition {
  path: string;
  matchers: LeafMatcher[];
  absent: boolean;
}

/** One way to satisfy a pattern: all of its conditions. A pattern without `$or` has exactly one. */
type Alternative = FieldCondition[];

/** The elements of arrays a leaf lies in, outermost first: `[arrayId, index]`. Array ids are unique in an event. */
type Membership = (readonly [array: number, index: number])[];

interface EventLeaf {
  leaf: Leaf;
  membership: Membership;
}

/** EventBridge refuses a pattern whose `$or`s multiply to more than this many combinations. */
const MAXIMUM_ALTERNATIVES = 1000;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function compileField(path: string, elements: unknown[]): FieldCondition {
  if (elements.length === 0) throw new InvalidPatternError("Empty arrays are not allowed");
  const isAbsence = (element: unknown) =>
    isObject(element) && element.exists === false && Object.keys(element).length === 1;
  return {
    path,
    matchers: elements.filter((element) => !isAbsence(element)).map(compileOperator),
    absent: elements.some(isAbsence),
  };
}

function expandOr(branches: unknown, path: string, soFar: Alternative[]): Alternative[] {
  if (!Array.isArray(branches)) {
    throw new InvalidPatternError("It must be an Array followed with $or.");
  }
  if (branches.length < 2) {
    throw new InvalidPatternError("There must have at least 2 Objects in $or relationship.");
  }
  const expanded = branches.flatMap((branch: unknown) => {
    if (!isObject(branch)) {
      throw new InvalidPatternError("Only JSON object is allowed in array of $or relationship.");
    }
    return expand(branch, path, soFar, true);
  });
  if (expanded.length > MAXIMUM_ALTERNATIVES) {
    throw new InvalidPatternError(`Rule is too complex - $or makes over ${MAXIMUM_ALTERNATIVES}`);
  }
  return expanded;
}

/** Adds an object of the pattern to every alternative so far; `$or` multiplies the alternatives. */
function expand(
  pattern: Record<string, unknown>,
  path: string,
  soFar: Alternative[],
  insideOr: boolean,
): Alternative[] {
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw new InvalidPatternError("Empty objects are not allowed");
  let alternatives = soFar;
  for (const [name, value] of entries) {
    if (name === "$or") {
      alternatives = expandOr(value, path, alternatives);
      continue;
    }
    if (insideOr && RESERVED_IN_OR.has(name)) {
      throw new InvalidPatternError(
        `${name} is Ruler reserved fieldName which cannot be used inside $or.`,
      );
    }
    const fieldPath = path === "" ? name : `${path}.${name}`;
    if (isObject(value)) {
      alternatives = expand(value, fieldPath, alternatives, insideOr);
    } else if (Array.isArray(value)) {
      const condition = compileField(fieldPath, value);
      alternatives = alternatives.map((alternative) => {
        if (alternative.some((other) => other.path === fieldPath)) {
          throw new InvalidPatternError(`Path \`${fieldPath}\` cannot be allowed multiple times`);
        }
        return [...alternative, condition];
      });
    } else {
      throw new InvalidPatternError(`"${name}" must be an object or an array`);
    }
  }
  return alternatives;
}

/**
 * Finds the leaves at the wanted paths. As in event-ruler arrays leave no trace in a path (only in the membership), and a
 * key with a dot equals a nesting. `steps` holds every prefix of a wanted path, so that the rest of an event is not walked.
 */
function collectLeaves(
  event: unknown,
  wanted: ReadonlySet<string>,
  steps: ReadonlySet<string>,
): Map<string, EventLeaf[]> {
  const found = new Map<string, EventLeaf[]>();
  let arrays = 0;
  const walk = (value: unknown, path: string, membership: Membership): void => {
    if (Array.isArray(value)) {
      const array = arrays;
      arrays += 1;
      value.forEach((element: unknown, index) => {
        const nested = typeof element === "object" && element !== null;
        walk(element, path, nested ? [...membership, [array, index]] : membership);
      });
    } else if (typeof value === "object" && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        const innerPath = path === "" ? key : `${path}.${key}`;
        if (steps.has(innerPath)) walk(inner, innerPath, membership);
      }
    } else if (wanted.has(path)) {
      const leaves = found.get(path) ?? [];
      leaves.push({ leaf: value as Leaf, membership });
      found.set(path, leaves);
    }
  };
  walk(event, "", []);
  return found;
}

/** The memberships under which a condition holds; `[]` inside means that it holds wherever the others are. */
function candidates(condition: FieldCondition, leaves: EventLeaf[] | undefined): Membership[] {
  if (leaves === undefined) return condition.absent ? [[]] : [];
  const matching = leaves.filter(({ leaf }) => condition.matchers.some((match) => match(leaf)));
  const anywhere = matching.find(({ membership }) => membership.length === 0);
  return anywhere === undefined ? matching.map(({ membership }) => membership) : [[]];
}

/** An array id that every one of the memberships has an index for, if there is one. */
function sharedArray(memberships: Iterable<ReadonlyMap<number, number>>): number | undefined {
  let shared: number[] | undefined;
  for (const membership of memberships) {
    shared = shared?.filter((array) => membership.has(array)) ?? [...membership.keys()];
  }
  return shared?.[0];
}

function merge(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>) {
  const merged = new Map(a);
  for (const [array, index] of b) {
    if ((merged.get(array) ?? index) !== index) return undefined;
    merged.set(array, index);
  }
  return merged;
}

/**
 * Array consistency: whether one membership can be taken from each list so that no two of them lie in different elements of the
 * same array. A join, list by list: buckets by an array that both sides share and forgetting arrays which no later list knows
 * keep it near-linear for the shapes of real events instead of exponential.
 */
function consistent(lists: Membership[][]): boolean {
  let partial: ReadonlyMap<number, number>[] = [new Map()];
  for (const [at, list] of lists.entries()) {
    const later = new Set(
      lists
        .slice(at + 1)
        .flat(2)
        .map(([array]) => array),
    );
    const next = list.map((membership) => new Map(membership));
    const shared = sharedArray([...partial, ...next]);
    const buckets = Map.groupBy(partial, (membership) =>
      shared === undefined ? undefined : membership.get(shared),
    );
    const joined = new Map<string, ReadonlyMap<number, number>>();
    for (const candidate of next) {
      const bucket = buckets.get(shared === undefined ? undefined : candidate.get(shared)) ?? [];
      for (const membership of bucket) {
        const merged = merge(membership, candidate);
        if (merged === undefined) continue;
        const kept = [...merged].filter(([array]) => later.has(array)).sort(([a], [b]) => a - b);
        joined.set(kept.join(";"), new Map(kept));
      }
    }
    if (joined.size === 0) return false;
    partial = [...joined.values()];
  }
  return true;
}

function holds(alternative: Alternative, leaves: Map<string, EventLeaf[]>): boolean {
  const constrained: Membership[][] = [];
  for (const condition of alternative) {
    const possible = candidates(condition, leaves.get(condition.path));
    if (possible.length === 0) return false;
    if (possible[0]?.length !== 0) constrained.push(possible);
  }
  return constrained.length < 2 || consistent(constrained);
}

/**
 * Compiles an EventBridge event pattern (JSON text or the parsed object) to a predicate on parsed events, with the semantics of
 * aws/event-ruler. Throws `InvalidPatternError` with the reason. Stricter than AWS in one place: a `$or` that is not a list of two or
 * more objects is refused instead of being taken for a field of that name.
 */
export function compilePattern(pattern: unknown): (event: unknown) => boolean {
  let parsed = pattern;
  if (typeof pattern === "string") {
    try {
      parsed = JSON.parse(pattern);
    } catch (error) {
      throw new InvalidPatternError(`Not JSON: ${error instanceof Error ? error.message : error}`);
    }
  }
  if (!isObject(parsed)) throw new InvalidPatternError("Filter is not an object");
  // Sorted, so that conditions on the same arrays are neighbours in the consistency join.
  const alternatives = expand(parsed, "", [[]], false).map((alternative) =>
    alternative.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
  );
  const wanted = new Set(alternatives.flat().map((condition) => condition.path));
  const steps = new Set<string>();
  for (const path of wanted) {
    const keys = path.split(".");
    keys.forEach((_, at) => {
      steps.add(keys.slice(0, at + 1).join("."));
    });
  }
  return (event) => {
    const leaves = collectLeaves(event, wanted, steps);
    return alternatives.some((alternative) => holds(alternative, leaves));
  };
}
