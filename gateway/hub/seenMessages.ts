import type { Journal } from '../journal/journal.ts';
import { seenPrefix } from './noteKeys.ts';

/** A broker delivers again what was on its way when the connection fell: some hundred messages. A producer that repeats itself sends older ones. */
const MOST_KEPT = 20_000;
const MOST_LENGTH = 128;

/** The names of the messages that were taken from one source, the newest twenty thousand, kept in the journal. */
export function createSeenMessages(journal: Journal, sourceId: string, mostKept = MOST_KEPT) {
  const prefix = seenPrefix(sourceId);
  const seen = new Set<string>();
  for (const [key] of journal.notes(prefix)) seen.add(key.slice(prefix.length));

  return {
    has: (messageId: string): boolean => seen.has(messageId.slice(0, MOST_LENGTH)),
    /** In the same transaction as what the message said. */
    add(messageId: string): void {
      const kept = messageId.slice(0, MOST_LENGTH);
      seen.add(kept);
      journal.note(`${prefix}${kept}`, '');
      if (seen.size <= mostKept) return;
      const [oldest] = seen;
      seen.delete(oldest!);
      journal.note(`${prefix}${oldest!}`, null);
    },
  };
}
