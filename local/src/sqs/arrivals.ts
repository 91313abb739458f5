/** Long polls that wait for a queue to have something. Whoever is woken looks again, and waits on if another was first. */
export class Arrivals {
  readonly #waiting = new Map<string, Set<() => void>>();

  /** Resolves when the queue is announced, after `ms`, or when the signal is aborted (the client went away, the server closes). */
  wait(queue: string, ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(queue) ?? new Set();
      this.#waiting.set(queue, waiting);
      const wake = () => {
        clearTimeout(timer);
        waiting.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.max(0, ms));
      waiting.add(wake);
      signal.addEventListener("abort", wake);
      if (signal.aborted) wake();
    });
  }

  announce(queue: string): void {
    for (const wake of [...(this.#waiting.get(queue) ?? [])]) wake();
  }
}
