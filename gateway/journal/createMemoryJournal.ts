import { randomUUID } from 'node:crypto';
import type { Message, MessageType } from '../../protocol/messages/index.ts';
import type { Fact, Journal, JournalEntry } from './journal.ts';

/**
 * A journal that ends with the process.
 * @param options.retention Most events kept for resume; older cursors get a snapshot. About 1 to 3 KB an event.
 */
export function createMemoryJournal(options: { retention?: number; epoch?: string } = {}): Journal {
  const retention = Math.max(1, options.retention ?? 20_000);
  const epoch = options.epoch ?? randomUUID();
  /** Event `seq` lies at `seq % retention`, so the oldest is overwritten without a move. */
  const ring: (JournalEntry | undefined)[] = [];
  const latest = new Map<MessageType, Map<string, Message['data']>>();
  const listeners = new Set<() => void>();
  let headSeq = 0;

  const oldest = (): number => Math.max(1, headSeq - retention + 1);

  return {
    epoch,
    get headSeq() {
      return headSeq;
    },
    get committedSeq() {
      return headSeq;
    },
    get oldestSeq() {
      return oldest();
    },
    append(message, atMs) {
      headSeq += 1;
      ring[headSeq % retention] = { seq: headSeq, atMs, message };
      let things = latest.get(message.type);
      if (!things) {
        things = new Map();
        latest.set(message.type, things);
      }
      things.set(message.data.id, message.data);
      for (const listener of listeners) listener();
      return headSeq;
    },
    committed: () => Promise.resolve(),
    *since(seq) {
      for (let next = seq + 1; next <= headSeq; next++) {
        if (next < oldest()) throw new RangeError(`event ${next} is no longer kept, the oldest is ${oldest()}`);
        yield ring[next % retention]!;
      }
    },
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    latest: <T extends MessageType>(type: T, id: string) => latest.get(type)?.get(id) as Fact<T> | undefined,
    all: <T extends MessageType>(type: T) => (latest.get(type)?.values() ?? []) as Iterable<Fact<T>>,
    forget(type, id) {
      latest.get(type)?.delete(id);
    },
    dispose() {
      listeners.clear();
      return Promise.resolve();
    },
  };
}
