/** Milliseconds of a slot, and how many of them a rate looks back. */
const SLOT = 500;
const SLOTS = 8;

/** Counts, and how many a second there were lately. Time is given, in milliseconds. */
export class Counter {
  total = 0;
  readonly #slots = new Array<number>(SLOTS).fill(0);
  #current = 0;

  add(at: number): void {
    this.#turn(at);
    const slot = this.#current % SLOTS;
    this.#slots[slot] = (this.#slots[slot] ?? 0) + 1;
    this.total += 1;
  }

  /** A second, over the last four. */
  rate(at: number): number {
    this.#turn(at);
    return this.#slots.reduce((sum, count) => sum + count, 0) / ((SLOT * SLOTS) / 1_000);
  }

  #turn(at: number): void {
    const now = Math.floor(at / SLOT);
    const passed = Math.min(now - this.#current, SLOTS);
    for (let step = 1; step <= passed; step += 1) this.#slots[(now - passed + step) % SLOTS] = 0;
    this.#current = Math.max(this.#current, now);
  }
}
