import type { Random } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";

export type Store = "dynamodb" | "s3" | "sqs" | "events" | "search" | "cdn";

/** How often what goes wrong goes wrong; probabilities. */
export interface FaultRates {
  /** An event or message is delivered twice. */
  twice: number;
  /** An event comes late, by seconds or minutes. */
  late: number;
  /** A process dies at a call: before it has an effect, or after. */
  crash: number;
  /** A store refuses a call because there are too many. */
  throttle: number;
  /** A call has its effect, and its answer is lost on the way. */
  lostAnswer: number;
  /** Another transaction holds an item. */
  conflict: number;
  /** The bus refuses an entry of several. */
  refusedEntry: number;
  /** The index refuses a document of several. */
  refusedItem: number;
  /** A batch of a stream is delivered again. */
  again: number;
  /** A call takes long, by seconds. */
  slow: number;
  /** The clock of the machine that a function runs on is wrong, by seconds. */
  wrongClock: number;
}

/** The one call, counted from the first that any process makes, at which its process dies. */
export interface CrashAt {
  call: number;
  when: "before" | "after";
}

export const NO_FAULTS: FaultRates = {
  twice: 0,
  late: 0,
  crash: 0,
  throttle: 0,
  lostAnswer: 0,
  conflict: 0,
  refusedEntry: 0,
  refusedItem: 0,
  again: 0,
  slow: 0,
  wrongClock: 0,
};

export type CallFault = "none" | "die-before" | "die-after" | "throttle" | "lose-answer";

/** What goes wrong, by the seed. */
export interface Faults {
  /** Milliseconds until a call arrives. */
  latency(): number;
  /** Milliseconds until an event arrives. */
  delay(): number;
  ofCall(store: Store): CallFault;
  /** How many calls processes have made. */
  calls(): number;
  /** Milliseconds by which the clock of the machine is wrong that a call of a function comes to. */
  clockError(): number;
  isTwice(): boolean;
  is(kind: "conflict" | "refusedEntry" | "refusedItem" | "again"): boolean;
  isDown(store: Store): boolean;
  /** The store answers nobody for so long (ms). */
  outage(store: Store, ms: number): void;
  /** Every call of the function (`upload/relay`) fails for so long (ms): a bad deployment. */
  breakdown(functionName: string, ms: number): void;
  isBroken(functionName: string): boolean;
  /** Nothing more goes wrong until it is resumed; outages that have begun last their time. */
  suspend(): void;
  /** Milliseconds until the last outage is over. */
  outagesLast(): number;
  resume(): void;
}

/** Milliseconds by which an event is late at most: mostly little, and rarely hours. */
const LATENESS = [...Array(14).fill(30_000), ...Array(5).fill(900_000), 10_800_000] as number[];

/** Milliseconds by which a clock is wrong at most. */
const CLOCK_ERROR = 5_000;

export function createFaults(
  { faults: given, crashAt }: { faults: FaultRates; crashAt?: CrashAt },
  random: Random,
  scheduler: Scheduler,
): Faults {
  let rates = given;
  let calls = 0;
  const down = new Map<Store, number>();
  const broken = new Map<string, number>();

  return {
    latency: () => (random.chance(rates.slow) ? random.between(100, 8_000) : random.between(1, 15)),
    delay: () =>
      random.chance(rates.late)
        ? random.between(500, random.pick(LATENESS))
        : random.between(5, 200),
    calls: () => calls,
    clockError: () =>
      random.chance(rates.wrongClock) ? Math.round(random.between(-CLOCK_ERROR, CLOCK_ERROR)) : 0,
    ofCall() {
      calls += 1;
      if (calls === crashAt?.call) return `die-${crashAt.when}`;
      const drawn = random.next();
      let reached = rates.crash / 2;
      if (drawn < reached) return "die-before";
      reached += rates.crash / 2;
      if (drawn < reached) return "die-after";
      reached += rates.throttle;
      if (drawn < reached) return "throttle";
      reached += rates.lostAnswer;
      return drawn < reached ? "lose-answer" : "none";
    },
    isTwice: () => random.chance(rates.twice),
    is: (kind) => random.chance(rates[kind]),
    isDown: (store) => (down.get(store) ?? 0) > scheduler.now(),
    outage: (store, ms) =>
      void down.set(store, Math.max(down.get(store) ?? 0, scheduler.now() + ms)),
    breakdown: (name, ms) => void broken.set(name, scheduler.now() + ms),
    isBroken: (name) => (broken.get(name) ?? 0) > scheduler.now(),
    suspend() {
      rates = NO_FAULTS;
      broken.clear();
    },
    outagesLast: () => Math.max(0, ...down.values()) - scheduler.now(),
    resume() {
      rates = given;
    },
  };
}
