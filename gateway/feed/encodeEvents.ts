import type { Ev } from '../../protocol/frames/server.ts';
import type { JournalEntry } from '../journal/journal.ts';

/**
 * Events as bytes, each encoded once for all clients. Keeps the newest `capacity` encodings: walls that are up to date share
 * them, one that resumes from far behind pays for itself.
 */
export function createEventEncoder(epoch: string, source: string, capacity = 512) {
  const kept: { seq: number; bytes: Buffer }[] = [];
  let encoded = 0;
  return {
    get encoded() {
      return encoded;
    },
    encode(entry: JournalEntry): Buffer {
      const slot = entry.seq % capacity;
      const before = kept[slot];
      if (before?.seq === entry.seq) return before.bytes;
      const { type, data } = entry.message;
      const frame: Ev = {
        frame: 'ev',
        seq: entry.seq,
        ce: {
          specversion: '1.0',
          id: `${epoch}-${entry.seq}`,
          source,
          type,
          subject: data.id,
          time: new Date(entry.atMs).toISOString(),
          data,
        },
      };
      encoded += 1;
      const bytes = Buffer.from(JSON.stringify(frame));
      kept[slot] = { seq: entry.seq, bytes };
      return bytes;
    },
  };
}
export type EventEncoder = ReturnType<typeof createEventEncoder>;
