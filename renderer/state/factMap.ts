import { shallowReactive } from 'vue';

interface Fact {
  id: string;
  rev: number;
}

/** Facts by id. Reactive by item, never inside an item: each change replaces the whole object. */
export interface FactMap<T extends Fact> {
  readonly byId: ReadonlyMap<string, T>;
  replaceAll(items: readonly T[]): void;
  /** The larger rev wins; one that is not larger is ignored. */
  put(items: Iterable<T>): void;
}

/** @param surplus ids to forget when the map has grown past what a wall needs, or nothing. */
export function createFactMap<T extends Fact>(surplus?: (byId: ReadonlyMap<string, T>) => Iterable<string>): FactMap<T> {
  const byId = shallowReactive(new Map<string, T>());
  const trim = (): void => {
    if (surplus) for (const id of surplus(byId)) byId.delete(id);
  };
  return {
    byId,
    replaceAll(items) {
      const kept = new Set(items.map((item) => item.id));
      for (const id of [...byId.keys()]) if (!kept.has(id)) byId.delete(id);
      for (const item of items) byId.set(item.id, item);
      trim();
    },
    put(items) {
      for (const item of items) {
        const known = byId.get(item.id);
        if (known === undefined || item.rev > known.rev) byId.set(item.id, item);
      }
      trim();
    },
  };
}

/**
 * Ids of the finished items beyond the newest `most`. Looks only when the map is a tenth over, so that the cost is spread.
 * @param finishedAtMs when an item was finished, or null while it is not.
 */
export function oldestFinished<T extends Fact>(most: number, finishedAtMs: (item: T) => number | null) {
  return (byId: ReadonlyMap<string, T>): string[] => {
    if (byId.size <= most * 1.1) return [];
    const finished: { id: string; atMs: number }[] = [];
    for (const item of byId.values()) {
      const atMs = finishedAtMs(item);
      if (atMs !== null) finished.push({ id: item.id, atMs });
    }
    finished.sort((a, b) => a.atMs - b.atMs);
    return finished.slice(0, Math.max(0, byId.size - most)).map((item) => item.id);
  };
}
