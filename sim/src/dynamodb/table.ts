import type { Random } from "../world/random.ts";
import type { Scheduler } from "../world/scheduler.ts";
import { createIndex, type Index, type IndexSpec } from "./index-view.ts";
import { createStream, type Stream } from "./stream.ts";
import { type Item, isEqual, type Value } from "./values.ts";

export interface TableSpec {
  name: string;
  arn: string;
  indexes: IndexSpec[];
  /** The attribute of the time to live. */
  ttl: string | undefined;
}

/** One table: its items, the indexes that follow them late, and the stream that tells of every change. */
export interface Table {
  spec: TableSpec;
  get(key: Item): Item | undefined;
  /** What a reader may be told who does not ask for consistency: the item as it was a moment ago. */
  getLate(key: Item): Item | undefined;
  /** Puts the item in its place, or takes it away. `byTtl` marks a change that DynamoDB itself makes. */
  write(key: Item, after: Item | undefined, byTtl?: boolean): void;
  /** Every item, in the order of its keys. */
  items(): Item[];
  /** The same as late as `getLate`. */
  itemsLate(): Item[];
  index(name: string): Index | undefined;
  stream: Stream;
}

/** Milliseconds after its end in which DynamoDB takes an item away: within two days. */
const TTL_LATENESS = 48 * 3_600_000;
/** Milliseconds after which every reader sees a write. */
const STALENESS = 1_000;
const CHANCE_OF_STALENESS = 0.5;

export function createTable(
  spec: TableSpec,
  world: { scheduler: Scheduler; random: Random },
): Table {
  const { scheduler, random } = world;
  const items = new Map<string, Item>();
  const indexes = new Map(spec.indexes.map((index) => [index.name, createIndex(index, world)]));
  const stream = createStream(spec.arn, scheduler);

  /** By the name of its key, what an item was before its last write, and when that was. */
  const earlier = new Map<string, { item: Item | undefined; at: number }>();

  function late(name: string): Item | undefined {
    const before = earlier.get(name);
    const isLate =
      before && scheduler.now() - before.at < STALENESS && random.chance(CHANCE_OF_STALENESS);
    return isLate ? before.item : items.get(name);
  }

  function write(key: Item, after: Item | undefined, byTtl = false): void {
    const name = keyName(key);
    const before = items.get(name);
    if (before && after && isEqual({ M: before }, { M: after })) return;
    if (!before && !after) return;
    earlier.set(name, { item: before, at: scheduler.now() });
    if (after) items.set(name, after);
    else items.delete(name);
    for (const index of indexes.values()) index.follow(name, after);
    stream.append({ key, before, after, byTtl });
    if (after) expireLater(key, after);
  }

  function expireLater(key: Item, item: Item): void {
    const ttl = spec.ttl === undefined ? undefined : item[spec.ttl];
    if (!ttl || !("N" in ttl)) return;
    const end = Number(ttl.N) * 1000;
    const late = random.between(60_000, TTL_LATENESS);
    const wait = Math.max(end - scheduler.now(), 0) + late;
    const sweep = () => {
      // Only who still has this very end goes; every write with another one has its own sweep.
      if (items.get(keyName(key))?.[spec.ttl ?? ""]?.N === ttl.N) write(key, undefined, true);
    };
    scheduler.after(wait, sweep, { background: true });
  }

  return {
    spec,
    stream,
    write,
    get: (key) => items.get(keyName(key)),
    index: (name) => indexes.get(name),
    getLate: (key) => late(keyName(key)),
    items: () => [...items.values()].sort(byKeys),
    itemsLate: () =>
      [...new Set([...items.keys(), ...earlier.keys()])]
        .flatMap((name): Item[] => {
          const item = late(name);
          return item ? [item] : [];
        })
        .sort(byKeys),
  };
}

export function keyOf(item: Item): Item {
  return { PK: item.PK as Value, SK: item.SK as Value };
}

function keyName({ PK, SK }: Item): string {
  return `${PK?.S}\n${SK?.S}`;
}

function byKeys(a: Item, b: Item): number {
  const [left, right] = [keyName(a), keyName(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
