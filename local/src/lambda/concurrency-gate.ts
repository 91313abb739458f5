/** More callers than this are not kept waiting: they are throttled. */
const MAX_WAITING = 10_000;

/** Lets `limit` holders in at a time and the others wait in the order in which they came. */
export class ConcurrencyGate {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #held = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes a place now, or says that there is none. */
  tryEnter(): boolean {
    if (this.#held >= this.#limit) return false;
    this.#held += 1;
    return true;
  }

  /** Waits for a place; false when too many wait already, or when there will never be one. */
  async enter(): Promise<boolean> {
    if (this.tryEnter()) return true;
    if (this.#limit === 0 || this.#waiting.length >= MAX_WAITING) return false;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return true;
  }

  leave(): void {
    // The place is handed over directly, so that a newcomer cannot overtake who waits.
    const next = this.#waiting.shift();
    if (next) next();
    else this.#held -= 1;
  }
}
