import { defineStore } from 'pinia';
import { computed } from 'vue';
import type { Bookmark } from '../../protocol/messages/index.ts';
import { createFactMap } from './factMap.ts';

/** Notes of people at moments of the record: the same live and in every replay. */
export const useBookmarkStore = defineStore('bookmarks', () => {
  const facts = createFactMap<Bookmark>();
  /** Those that are not deleted, in the order of the moments that they mark. */
  const kept = computed(() => [...facts.byId.values()].filter(({ state }) => state === 'kept').sort((a, b) => a.atMs - b.atMs));
  return { byId: facts.byId, kept, replaceAll: facts.replaceAll, put: facts.put };
});
