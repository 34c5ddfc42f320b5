/**
 * Things of the record in order, read no faster than they are due. The record grows meanwhile: where it ended is looked at again when time has
 * passed that.
 * @param open What comes after all that was taken so far, up to and at `untilMs`.
 */
export function createPastStream<T>(open: (untilMs: number) => AsyncIterable<T>, recordEndMs: () => number, fromMs: number) {
  let items: AsyncIterator<T> | null = null;
  let next: T | null = null;
  let readUntilMs = fromMs;
  return {
    /** The next thing, or null where there is none up to `dueMs` as far as is known. Stays the next one until it is taken. */
    async peek(dueMs: number): Promise<T | null> {
      while (next === null) {
        if (!items) {
          if (dueMs <= readUntilMs) return null;
          // To the end of the record, so that one reader serves for long.
          readUntilMs = Math.max(dueMs, recordEndMs());
          items = open(readUntilMs)[Symbol.asyncIterator]();
        }
        const read = await items.next();
        if (read.done === true) items = null;
        else next = read.value;
      }
      return next;
    },
    take(): void {
      next = null;
    },
    async dispose(): Promise<void> {
      await items?.return?.();
    },
  };
}
export type PastStream<T> = ReturnType<typeof createPastStream<T>>;
