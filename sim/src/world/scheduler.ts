/** A cancellable place in the schedule. */
export interface Planned {
  cancel(): void;
}

/**
 * The simulated clock and what is to happen when. One thing happens at a time; between two of them all
 * that follows from the first by promises has run to where it waits for the world again. So the order
 * of everything is the order of this schedule, and the schedule follows from the seed.
 */
export interface Scheduler {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Lets something happen so many milliseconds from now. */
  after(ms: number, what: () => void, options?: { background?: boolean }): Planned;
  /**
   * Lets happen what is to happen until nothing is left but background (time to live, schedules) or
   * the limit is reached. @throws Error when the world does not come to rest
   */
  settle(limit?: number): Promise<void>;
  /** Lets time pass, background included. */
  pass(ms: number): Promise<void>;
  /** The clock jumps: what was to happen in between happens late, one after the other, as soon as time goes on. */
  jump(ms: number): void;
}

interface Entry {
  at: number;
  order: number;
  what: (() => void) | undefined;
  background: boolean;
}

/** More than any run of ours has; what needs more turns in circles. */
const MOST_STEPS = 400_000;

const realImmediate = setImmediate;

/** Until all promises and ticks that can go on have done so. */
function quiescence(): Promise<void> {
  return new Promise((resolve) => realImmediate(resolve));
}

export function createScheduler(start: number): Scheduler {
  const heap: Entry[] = [];
  let time = start;
  let order = 0;
  let steps = 0;
  let foreground = 0;

  async function run(entry: Entry): Promise<void> {
    time = Math.max(time, entry.at);
    const { what } = entry;
    if (!what) return;
    if (!entry.background) foreground -= 1;
    entry.what = undefined;
    steps += 1;
    if (steps > MOST_STEPS) throw new Error("The world does not come to rest.");
    what();
    await quiescence();
  }

  return {
    now: () => Math.floor(time),

    after(ms, what, { background = false } = {}) {
      const entry: Entry = { at: time + Math.max(ms, 0), order: order++, what, background };
      if (!background) foreground += 1;
      push(heap, entry);
      return {
        cancel() {
          if (entry.what && !background) foreground -= 1;
          entry.what = undefined;
        },
      };
    },

    async settle(limit = Number.POSITIVE_INFINITY) {
      const until = time + limit;
      await quiescence();
      while (foreground > 0) {
        const entry = heap[0];
        if (!entry || entry.at > until) break;
        pop(heap);
        await run(entry);
      }
    },

    async pass(ms) {
      const until = time + ms;
      await quiescence();
      for (let entry = heap[0]; entry && entry.at <= until; entry = heap[0]) {
        pop(heap);
        await run(entry);
      }
      time = Math.max(time, until);
    },

    jump(ms) {
      time += ms;
    },
  };
}

function before(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function push(heap: Entry[], entry: Entry): void {
  let at = heap.length;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const other = heap[parent];
    if (!other || !before(entry, other)) break;
    heap[at] = other;
    at = parent;
  }
  heap[at] = entry;
}

function pop(heap: Entry[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    const right = left + 1;
    const a = heap[left];
    const b = heap[right];
    const child = b && a && before(b, a) ? right : left;
    const smallest = heap[child];
    if (!smallest || !before(smallest, last)) break;
    heap[at] = smallest;
    at = child;
  }
  heap[at] = last;
}
