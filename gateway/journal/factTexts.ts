import type { Message, MessageType } from '../../protocol/messages/index.ts';
import type { Fact, Facts } from './journal.ts';
import type { FactText } from './threadMessages.ts';

/** Facts that came as text; each is parsed when somebody looks at it first. */
export function createFactTexts(texts: readonly FactText[]): Facts {
  type Slot = { json: string | null; fact: Message['data'] | null };
  const byType = new Map<MessageType, Map<string, Slot>>();
  for (const { type, id, json } of texts) {
    let slots = byType.get(type);
    if (!slots) byType.set(type, (slots = new Map<string, Slot>()));
    slots.set(id, { json, fact: null });
  }
  const read = (slot: Slot): Message['data'] => {
    if (slot.json !== null) {
      slot.fact = JSON.parse(slot.json) as Message['data'];
      slot.json = null;
    }
    return slot.fact!;
  };
  return {
    latest<T extends MessageType>(type: T, id: string) {
      const slot = byType.get(type)?.get(id);
      return slot && (read(slot) as Fact<T>);
    },
    *all<T extends MessageType>(type: T) {
      for (const slot of byType.get(type)?.values() ?? []) yield read(slot) as Fact<T>;
    },
  };
}
