import { createHash } from 'node:crypto';
import type { Journal } from '../journal/journal.ts';
import { seenPrefix } from './noteKeys.ts';

/**
 * A connection that falls brings some hundred messages again. A broker that is killed brings all that it delivered since it last wrote down what it
 * keeps: with an outage of a minute and the minutes around it, at 500 messages a second, some ten thousand. About 12 MB in the journal.
 */
const MOST_KEPT = 100_000;
const MOST_LENGTH = 128;
/** Long names often differ at their end alone. */
const short = (messageId: string): string =>
  messageId.length <= MOST_LENGTH ? messageId : createHash('sha256').update(messageId).digest('hex');

/** The names of the messages that were taken from one source, the newest hundred thousand, kept in the journal. */
export function createSeenMessages(journal: Journal, sourceId: string, mostKept = MOST_KEPT) {
  const prefix = seenPrefix(sourceId);
  const forget = (name: string): void => journal.note(`${prefix}${name}`, null);
  /** A ring: the first entry of a Set that grows and shrinks costs a walk over the gaps. */
  const ring = Array.from(journal.notes(prefix), ([key]) => key.slice(prefix.length));
  for (const name of ring.splice(0, Math.max(0, ring.length - mostKept))) forget(name);
  const seen = new Set(ring);
  let oldestAt = 0;

  return {
    has: (messageId: string): boolean => seen.has(short(messageId)),
    /** In the same transaction as what the message said. @param messageId one that was not seen. */
    add(messageId: string): void {
      const kept = short(messageId);
      seen.add(kept);
      journal.note(`${prefix}${kept}`, '');
      if (ring.length < mostKept) return void ring.push(kept);
      const oldest = ring[oldestAt]!;
      ring[oldestAt] = kept;
      oldestAt = (oldestAt + 1) % mostKept;
      seen.delete(oldest);
      forget(oldest);
    },
  };
}
