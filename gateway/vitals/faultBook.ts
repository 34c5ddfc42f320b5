/** A fault that comes again with every tick would fill the log of a machine that runs for months. */
const SAY_AGAIN_MS = 60_000;
const MOST_KNOWN = 100;
const MESSAGE_LENGTH = 300;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, MESSAGE_LENGTH);

/**
 * Errors that were caught so that the rest goes on: bugs, each of them. All are counted; the same message is said once a minute.
 * @param say Told of the error itself, with its stack. @param realMs A monotonic clock.
 */
export function createFaultBook(say: (error: unknown) => void, realMs: () => number = () => performance.now()) {
  const saidAtMs = new Map<string, number>();
  let count = 0;
  let last: string | null = null;
  return {
    note(error: unknown): void {
      count += 1;
      const message = (last = messageOf(error));
      const nowMs = realMs();
      if (nowMs - (saidAtMs.get(message) ?? -Infinity) < SAY_AGAIN_MS) return;
      saidAtMs.delete(message);
      saidAtMs.set(message, nowMs);
      if (saidAtMs.size > MOST_KNOWN) saidAtMs.delete(saidAtMs.keys().next().value!);
      say(error);
    },
    /** Null while there was none. */
    told: (): string | null =>
      count === 0 ? null : `${count} ${count === 1 ? 'task' : 'tasks'} failed since the start; the last: ${last}`,
  };
}
