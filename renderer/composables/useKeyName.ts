import { bindings, keyName, mapKeys } from '../keys/bindings.ts';
import type { ActionId, KeyGroup } from '../keys/bindings.ts';

export type { ActionId };

/** First key of an action as it is written on buttons. */
export function useKeyName(action: ActionId): string {
  return keyName(bindings.find((b) => b.id === action)!.keys[0]);
}

/** Every action with its keys, in groups, in the order of the list. */
export function useKeyList(): { id: KeyGroup; actions: { id: ActionId; names: string[] }[] }[] {
  const groups = new Map<KeyGroup, { id: ActionId; names: string[] }[]>();
  for (const b of bindings) {
    const list = groups.get(b.group) ?? [];
    list.push({ id: b.id, names: b.keys.map(keyName) });
    groups.set(b.group, list);
  }
  return [...groups].map(([id, actions]) => ({ id, actions }));
}

/** The keys of the map while it has the focus. */
export const useMapKeyList = (): { id: (typeof mapKeys)[number]['id']; names: string[] }[] =>
  mapKeys.map(({ id, shift, keys }) => ({ id, names: [...(shift ? ['Shift'] : []), ...keys.map(keyName)] }));
