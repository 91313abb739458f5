/** The first of a list, all of it without a limit; what is not needed is not asked for. */
export async function* upTo<T>(
  limit: number | undefined,
  list: AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  let left = limit ?? Number.POSITIVE_INFINITY;
  for await (const item of list) {
    yield item;
    left -= 1;
    if (left <= 0) return;
  }
}
