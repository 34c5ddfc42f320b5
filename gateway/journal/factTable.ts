import type { Message, MessageType } from '../../protocol/messages/index.ts';
import type { Fact, Facts, HistoryEntry } from './journal.ts';

export interface FactTable extends Facts {
  set(message: Message): void;
  forget(type: MessageType, id: string): void;
  apply(entry: HistoryEntry): void;
  /** A table of its own with the same facts. */
  copy(): FactTable;
}

type Things = Map<string, Message['data']>;

/** The newest of each thing, in order of first appearance. A thing that was forgotten and comes again is new. */
export function createFactTable(facts: ReadonlyMap<MessageType, Things> = new Map<MessageType, Things>()): FactTable {
  const latest = new Map<MessageType, Things>();
  for (const [type, things] of facts) latest.set(type, new Map<string, Message['data']>(things));
  const table: FactTable = {
    latest: <T extends MessageType>(type: T, id: string) => latest.get(type)?.get(id) as Fact<T> | undefined,
    all: <T extends MessageType>(type: T) => (latest.get(type)?.values() ?? []) as Iterable<Fact<T>>,
    set({ type, data }) {
      let things = latest.get(type);
      if (!things) latest.set(type, (things = new Map<string, Message['data']>()));
      things.set(data.id, data);
    },
    forget(type, id) {
      latest.get(type)?.delete(id);
    },
    apply(entry) {
      if ('message' in entry) table.set(entry.message);
      else table.forget(entry.forgotten.type, entry.forgotten.id);
    },
    copy: () => createFactTable(latest),
  };
  return table;
}
