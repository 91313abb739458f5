/** Milliseconds. */
const PATIENCE = 30_000;
const PAUSE = 100;

/**
 * Asks until the answer fits: for what no fact announces, such as that the index shows a change.
 *
 * @throws Error with the last answer when none fits within the deadline
 */
export async function eventually<T>(
  ask: () => Promise<T> | T,
  fits: (answer: T) => boolean,
  within = PATIENCE,
): Promise<T> {
  const deadline = performance.now() + within;
  for (;;) {
    const answer = await ask();
    if (fits(answer)) return answer;
    if (performance.now() > deadline) {
      throw new Error(`Not within ${within} ms; last: ${JSON.stringify(answer)?.slice(0, 1_000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}
