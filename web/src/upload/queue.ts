/** Does things one after another, a few at the same time. */
export class Queue {
  #running = 0;
  readonly #waiting: (() => Promise<void>)[] = [];
  readonly #atOnce: number;

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  add(task: () => Promise<void>): void {
    this.#waiting.push(task);
    this.#next();
  }

  #next(): void {
    const task = this.#running < this.#atOnce ? this.#waiting.shift() : undefined;
    if (!task) return;
    this.#running += 1;
    void task().finally(() => {
      this.#running -= 1;
      this.#next();
    });
  }
}
