import type { Scheduler } from "./scheduler.ts";

/**
 * Lets the world go on until the work is done. Some of the SDK's first calls wait for files, which the
 * world's time knows nothing of: so it is asked again, and no timeout that is far ahead is reached meanwhile.
 */
export async function goOnUntil<T>(work: Promise<T>, scheduler: Scheduler): Promise<T> {
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  work.then(over, over);
  while (!isOver) {
    await scheduler.settle(1_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return work;
}
