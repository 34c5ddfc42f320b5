/** Something that was not taken, as people read it in Diagnostics. */
export interface SeenRefusal {
  /** Server time. */
  atMs: number;
  /** Who sent it: a desk, a topic, a terminal, or a part of the gateway. */
  from: string;
  /** A short code that is counted. */
  code: string;
  message: string;
  /** Its beginning, printable; empty where nothing can be shown (a frame of a client may hold its token). */
  sample: string;
}

const MOST_KEPT = 20;
const MESSAGE_LENGTH = 300;
const FROM_LENGTH = 128;

/** Counts refusals by code and keeps the last twenty, newest first. The codes are ours, so the counts are bounded. */
export function createRefusalBook(nowMs: () => number) {
  const counts = new Map<string, number>();
  const kept: SeenRefusal[] = [];
  return {
    add(from: string, code: string, message: string, sample = ''): void {
      counts.set(code, (counts.get(code) ?? 0) + 1);
      kept.unshift({
        atMs: Math.round(nowMs()),
        from: from.slice(0, FROM_LENGTH),
        code,
        message: message.slice(0, MESSAGE_LENGTH),
        sample,
      });
      if (kept.length > MOST_KEPT) kept.pop();
    },
    counted: () => [...counts].map(([code, count]) => ({ code, count })),
    last: (): readonly SeenRefusal[] => kept,
  };
}
export type RefusalBook = ReturnType<typeof createRefusalBook>;
