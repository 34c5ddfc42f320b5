import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { Call, CallState } from '../../protocol/messages/index.ts';
import { createFactMap, oldestFinished } from './factMap.ts';

/** Ended calls that a wall keeps. */
const MOST_CALLS = 300;

/** This desk's own call, as its call agent sees it; other walls see it through `call.updated`. */
export interface ActiveCall {
  callId: string;
  unitId: string;
  incidentId: string | null;
  media: 'audio' | 'video';
  state: CallState;
  /** Server time. */
  startedAtMs: number;
  connectedAtMs: number | null;
  endedAtMs: number | null;
  /** A code when it failed, e.g. `noAnswer`, `noMedia`. */
  reason: string | null;
  muted: boolean;
}

export const useCallStore = defineStore('calls', () => {
  const facts = createFactMap<Call>(oldestFinished(MOST_CALLS, (call) => call.endedAtMs));
  /** Written by the media bridge, replaced whole. Streams and peer connections never come here. */
  const active = shallowRef<ActiveCall | null>(null);
  /** Calls of any desk that are ringing or connected, newest first. */
  const running = computed(() =>
    [...facts.byId.values()]
      .filter((call) => call.state === 'ringing' || call.state === 'connected')
      .sort((a, b) => b.startedAtMs - a.startedAtMs),
  );
  return { byId: facts.byId, active, running, replaceAll: facts.replaceAll, put: facts.put };
});
