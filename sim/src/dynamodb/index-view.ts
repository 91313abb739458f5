import type { Random } from "../world/random.ts";
import type { Scheduler } from "../world/scheduler.ts";
import type { Item } from "./values.ts";

export interface IndexSpec {
  name: string;
  hashKey: string;
  rangeKey: string | undefined;
  /** Attributes besides the keys; undefined means all of them. */
  includes: string[] | undefined;
}

/** A global secondary index: what the table was a moment ago. */
export interface Index {
  spec: IndexSpec;
  follow(name: string, item: Item | undefined): void;
  items(): Item[];
}

/** Milliseconds: mostly at once, now and then long enough for a reader to see it. */
const USUAL_LAG = 20;
const LONG_LAG = 5_000;

export function createIndex(
  spec: IndexSpec,
  { scheduler, random }: { scheduler: Scheduler; random: Random },
): Index {
  const items = new Map<string, Item>();
  // An index follows each item in the order of its writes.
  const newest = new Map<string, number>();
  let writes = 0;

  return {
    spec,
    follow(name, item) {
      writes += 1;
      const write = writes;
      const lag = random.between(0, random.chance(0.05) ? LONG_LAG : USUAL_LAG);
      scheduler.after(lag, () => {
        if ((newest.get(name) ?? 0) > write) return;
        newest.set(name, write);
        const projected = item && project(item, spec);
        if (projected) items.set(name, projected);
        else items.delete(name);
      });
    },
    items: () => [...items.values()],
  };
}

/** Undefined for an item that has not the index's keys: the index is sparse. */
function project(item: Item, { hashKey, rangeKey, includes }: IndexSpec): Item | undefined {
  if (!item[hashKey] || (rangeKey !== undefined && !item[rangeKey])) return undefined;
  if (!includes) return item;
  const names = ["PK", "SK", hashKey, ...(rangeKey === undefined ? [] : [rangeKey]), ...includes];
  return Object.fromEntries(
    [...new Set(names)].flatMap((name) => {
      const value = item[name];
      return value ? [[name, value]] : [];
    }),
  );
}
