import { Counter } from "./counter.ts";
import { type Fact, factOf, type ImageStatus } from "./fact.ts";
import { type QueueDepth, tell, type WireEvent, type WireLetter } from "./wire.ts";

/** What is kept: the page stays quick however long it is open and however much happens. */
const MOST_FACTS = 1_000;
const MOST_IMAGES = 300;
/** Milliseconds between two drawings of lists and numbers. */
const DRAW_EVERY = 120;
const LOOK_EVERY = 1_500;
const RETRY_AFTER = 1_000;

export interface ImageSummary {
  imageId: string;
  ownerId?: string;
  status?: ImageStatus;
  reason?: string;
  thumbHash?: string;
  /** Milliseconds of its first and last event that was seen here. */
  since: number;
  at: number;
  events: number;
}

export interface Amount {
  total: number;
  /** A second, lately. */
  rate: number;
}

/** What the page shows at a moment; a new one whenever something of it has changed. */
export interface Snapshot {
  connection: "connecting" | "live" | "lost";
  /** How often the system was started again while the page was open. */
  restarts: number;
  paused: boolean;
  /** Events that wait for the pause to end. */
  waiting: number;
  /** Oldest first. */
  facts: readonly Fact[];
  /** The last changed first. */
  images: readonly ImageSummary[];
  letters: readonly WireLetter[];
  depths: ReadonlyMap<string, QueueDepth>;
  all: Amount;
  /** By place: `service:<name>` what it published, `queue:<name>` what it was sent, `bucket:<name>` what it told. */
  amounts: ReadonlyMap<string, Amount>;
}

const EMPTY: Snapshot = {
  connection: "connecting",
  restarts: 0,
  paused: false,
  waiting: 0,
  facts: [],
  images: [],
  letters: [],
  depths: new Map(),
  all: { total: 0, rate: 0 },
  amounts: new Map(),
};

/** Listens to a local system and keeps what the page needs of it. */
export class Feed {
  readonly #changed = new Set<() => void>();
  readonly #arrivals = new Set<(facts: Fact[]) => void>();
  readonly #counters = new Map<string, Counter>();
  readonly #images = new Map<string, ImageSummary>();
  #all = new Counter();
  #facts: Fact[] = [];
  #waiting: Fact[] = [];
  #snapshot = EMPTY;
  #last = "";
  #start = "";
  #source: EventSource | undefined;
  #timers: number[] = [];
  #retry = 0;
  #dirty = true;

  readonly subscribe = (listener: () => void) => {
    this.#changed.add(listener);
    return () => void this.#changed.delete(listener);
  };

  readonly snapshot = () => this.#snapshot;

  /** Calls with the events that arrive while nothing is paused, for what moves. */
  onArrival(listener: (facts: Fact[]) => void): () => void {
    this.#arrivals.add(listener);
    return () => void this.#arrivals.delete(listener);
  }

  open(): void {
    this.#connect();
    this.#timers = [
      window.setInterval(() => this.#draw(), DRAW_EVERY),
      window.setInterval(() => void this.#look(), LOOK_EVERY),
    ];
    void this.#look();
  }

  close(): void {
    this.#source?.close();
    clearTimeout(this.#retry);
    for (const timer of this.#timers) clearInterval(timer);
  }

  pause(paused: boolean): void {
    this.#set({ paused });
    if (paused) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const fact of waiting) this.#take(fact);
  }

  /** Forgets what was seen; dead letters stay, for they are where they are. */
  clear(): void {
    this.#facts = [];
    this.#waiting = [];
    this.#counters.clear();
    this.#images.clear();
    this.#all = new Counter();
    this.#dirty = true;
  }

  #connect(): void {
    const source = new EventSource(`/dev/events?after=${encodeURIComponent(this.#last)}`);
    this.#source = source;
    source.addEventListener("start", (message) => {
      const { start } = JSON.parse(message.data) as { start: string };
      const another = this.#start !== "" && this.#start !== start;
      this.#start = start;
      this.#set({
        connection: "live",
        restarts: this.#snapshot.restarts + (another ? 1 : 0),
      });
    });
    // What was there before the page was: it is listed and counted as the rest, and moves as the rest.
    source.addEventListener("bus", (message) => {
      this.#last = message.lastEventId;
      const fact = factOf(JSON.parse(message.data) as WireEvent);
      if (!this.#snapshot.paused) this.#take(fact);
      else {
        if (this.#waiting.push(fact) > MOST_FACTS) this.#waiting.shift();
        this.#dirty = true;
      }
    });
    // Tried again by hand: a browser gives up for good when the answer is none of events.
    source.addEventListener("error", () => {
      source.close();
      this.#set({ connection: "lost" });
      clearTimeout(this.#retry);
      this.#retry = window.setTimeout(() => this.#connect(), RETRY_AFTER);
    });
  }

  #take(fact: Fact): void {
    this.#facts.push(fact);
    this.#all.add(fact.at);
    this.#count(
      fact.source === "aws.s3" ? "bytes" : `service:${fact.source.replace(/^shoebox[.]/, "")}`,
      fact,
    );
    for (const queue of fact.queues) this.#count(`queue:${queue}`, fact);
    if (fact.imageId !== undefined) this.#remember(fact.imageId, fact);
    this.#fresh.push(fact);
    this.#dirty = true;
  }

  readonly #fresh: Fact[] = [];

  #count(id: string, { at }: Fact): void {
    const counter = this.#counters.get(id) ?? new Counter();
    this.#counters.set(id, counter);
    counter.add(at);
  }

  #remember(imageId: string, fact: Fact): void {
    const known = this.#images.get(imageId);
    const gone = known?.status === "deleted" && fact.status !== undefined;
    // Put at the end again: the map is in the order of the last change.
    this.#images.delete(imageId);
    this.#images.set(imageId, {
      imageId,
      ownerId: fact.ownerId ?? known?.ownerId,
      status: gone ? "deleted" : (laterOf(known?.status, fact.status) ?? known?.status),
      reason: fact.reason ?? known?.reason,
      thumbHash: fact.thumbHash ?? known?.thumbHash,
      since: known?.since ?? fact.at,
      at: fact.at,
      events: (known?.events ?? 0) + 1,
    });
    if (this.#images.size > MOST_IMAGES) {
      this.#images.delete(this.#images.keys().next().value ?? "");
    }
  }

  /** Queues and dead letters are asked for: nothing tells of them by itself. */
  async #look(): Promise<void> {
    if (document.hidden || this.#snapshot.connection === "lost") return;
    try {
      const { items } = await tell<{ items: QueueDepth[] }>("/dev/queues");
      const depths = new Map(items.map((depth) => [depth.queue, depth]));
      const before = lettersIn(this.#snapshot.depths);
      this.#set({ depths });
      if (lettersIn(depths) === before) return;
      const letters = await tell<{ items: WireLetter[] }>("/dev/dead-letters");
      this.#set({ letters: letters.items });
    } catch {
      // The system is on its way down or up; the stream says so, and the next look comes.
    }
  }

  #set(change: Partial<Snapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of this.#changed) listener();
  }

  #draw(): void {
    if (this.#fresh.length > 0) {
      const fresh = this.#fresh.splice(0);
      for (const listener of this.#arrivals) listener(fresh);
    }
    // Rates go on falling after the last event.
    if (!this.#dirty && this.#snapshot.all.rate === 0) return;
    this.#dirty = false;
    if (this.#facts.length > MOST_FACTS) this.#facts = this.#facts.slice(-MOST_FACTS);
    const now = Date.now();
    const amount = (counter: Counter): Amount => ({
      total: counter.total,
      rate: counter.rate(now),
    });
    this.#set({
      waiting: this.#waiting.length,
      facts: this.#facts.slice(),
      images: [...this.#images.values()].reverse(),
      all: amount(this.#all),
      amounts: new Map([...this.#counters].map(([id, counter]) => [id, amount(counter)])),
    });
  }
}

const ORDER: ImageStatus[] = ["arrived", "uploaded", "processing", "ready", "rejected", "deleted"];

/** Events of different services may come in any order; what an image has come to never goes back. */
function laterOf(a: ImageStatus | undefined, b: ImageStatus | undefined): ImageStatus | undefined {
  if (a === undefined || b === undefined) return b ?? a;
  return ORDER.indexOf(b) > ORDER.indexOf(a) ? b : a;
}

/** Changes whenever a letter came or went. */
function lettersIn(depths: ReadonlyMap<string, QueueDepth>): string {
  return [...depths.values()]
    .filter((depth) => depth.deadLetters && depth.waiting + depth.inFlight > 0)
    .map((depth) => `${depth.queue}=${depth.waiting + depth.inFlight}`)
    .join();
}
