import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import type { Alarm } from '../../protocol/messages/index.ts';
import { createFactMap } from './factMap.ts';
import { useFeedStore } from './feedStore.ts';

/** EEMUA 191: more than an operator can act on one by one. */
const FLOOD = { count: 10, withinMs: 600_000 } as const;
/** Silence ends by itself. */
const MUTE_MS = 600_000;
const WORD: Record<Alarm['state'], number> = { unacknowledged: 0, returned: 1, acknowledged: 2, shelved: 3, normal: 4 };

/** What an operator sees to first: heard by nobody yet, then by priority, then the newest. */
const byDuty = (a: Alarm, b: Alarm): number =>
  WORD[a.state] - WORD[b.state] || a.priority - b.priority || b.raisedAtMs - a.raisedAtMs || (a.id < b.id ? -1 : 1);

export const useAlarmStore = defineStore('alarms', () => {
  const feed = useFeedStore();
  const facts = createFactMap<Alarm>();
  const all = computed(() => [...facts.byId.values()]);
  /** In sight: neither shelved nor over. */
  const active = computed(() => all.value.filter(({ state }) => state !== 'shelved' && state !== 'normal').sort(byDuty));
  /** Nobody has seen to it yet. */
  const waiting = computed(() => active.value.filter(({ state }) => state === 'unacknowledged' || state === 'returned'));
  const shelved = computed(() =>
    all.value.filter(({ state }) => state === 'shelved').sort((a, b) => a.shelved!.untilMs - b.shelved!.untilMs),
  );
  /** Server time until which this wall is silent; null while it sounds. */
  const mutedUntilMs = ref<number | null>(null);
  return {
    byId: facts.byId,
    active,
    waiting,
    shelved,
    mutedUntilMs,
    /** Whether ten came in the last ten minutes. @param nowMs server time. */
    isFlood: (nowMs: number): boolean => active.value.filter(({ raisedAtMs }) => raisedAtMs > nowMs - FLOOD.withinMs).length >= FLOOD.count,
    toggleMute: (): void => void (mutedUntilMs.value = mutedUntilMs.value === null ? feed.nowMs() + MUTE_MS : null),
    replaceAll: facts.replaceAll,
    put: facts.put,
  };
});
