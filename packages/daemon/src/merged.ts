/** What comes from several iterations, as it comes. Ends with the last of them. */
export async function* merged<Item>(
  sources: readonly AsyncIterable<Item>[],
): AsyncGenerator<Item, undefined> {
  const iterators = new Set(sources.map((source) => source[Symbol.asyncIterator]()));
  const take = async (iterator: AsyncIterator<Item>) => ({
    iterator,
    result: await iterator.next(),
  });
  const waiting = new Map([...iterators].map((iterator) => [iterator, take(iterator)]));
  try {
    while (waiting.size > 0) {
      const { iterator, result } = await Promise.race(waiting.values());
      if (result.done === true) {
        waiting.delete(iterator);
        continue;
      }
      // At the end of the line, so that a busy one does not keep the others from their turn.
      waiting.delete(iterator);
      waiting.set(iterator, take(iterator));
      yield result.value;
    }
  } finally {
    for (const iterator of waiting.keys()) void iterator.return?.();
  }
}
