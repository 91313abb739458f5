/** Looks at things, twenty at a time, and gives back what was found, in their order. */
export async function lookAt<T, F>(
  items: T[],
  look: (item: T) => Promise<F | undefined>,
): Promise<F[]> {
  const found: (F | undefined)[] = [];
  const queue = [...items.entries()];
  const worker = async () => {
    for (let entry = queue.shift(); entry; entry = queue.shift()) {
      found[entry[0]] = await look(entry[1]);
    }
  };
  await Promise.all(Array.from({ length: 20 }, worker));
  return found.filter((finding) => finding !== undefined);
}
