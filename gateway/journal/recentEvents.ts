import type { JournalEntry } from './journal.ts';

/** The newest events in memory, in one ring. */
export function createRecentEvents(capacity: number) {
  /** Event `seq` lies at `seq % capacity`, so the oldest is overwritten without a move. */
  const ring = new Array<JournalEntry | undefined>(capacity);
  let first = 0;
  let last = 0;
  return {
    /** Numbers follow each other; a jump starts anew. */
    add(entry: JournalEntry): void {
      if (entry.seq !== last + 1) first = entry.seq;
      ring[entry.seq % capacity] = entry;
      last = entry.seq;
      first = Math.max(first, last - capacity + 1);
    },
    /** @returns null when some of them are no longer here. */
    between(afterSeq: number, untilSeq: number): JournalEntry[] | null {
      if (afterSeq >= untilSeq) return [];
      if (first === 0 || afterSeq + 1 < first) return null;
      return Array.from({ length: untilSeq - afterSeq }, (_, i) => ring[(afterSeq + 1 + i) % capacity]!);
    },
  };
}
