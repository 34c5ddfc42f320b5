import { defineStore } from 'pinia';
import { computed } from 'vue';
import type { Call } from '../../protocol/messages/index.ts';
import { createFactMap, oldestFinished } from './factMap.ts';

/** Ended calls that a wall keeps. */
const MOST_CALLS = 300;

export const useCallStore = defineStore('calls', () => {
  const facts = createFactMap<Call>(oldestFinished(MOST_CALLS, (call) => call.endedAtMs));
  /** Calls of any desk that are ringing or connected, newest first. */
  const running = computed(() =>
    [...facts.byId.values()]
      .filter((call) => call.state === 'ringing' || call.state === 'connected')
      .sort((a, b) => b.startedAtMs - a.startedAtMs),
  );
  return { byId: facts.byId, running, replaceAll: facts.replaceAll, put: facts.put };
});
