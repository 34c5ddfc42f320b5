import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { clockRulesOf } from '../../protocol/clocks/promiseClocks.ts';
import type { ClockRules } from '../../protocol/clocks/promiseClocks.ts';
import type { Agency, ChannelRow, EventType, Place, ServicePromise, Town } from '../../protocol/town/town.ts';

const index = <T extends { id: string }>(rows: readonly T[] | undefined): ReadonlyMap<string, T> =>
  new Map((rows ?? []).map((row) => [row.id, row]));

/** Why there is no town yet: shown while it is fetched again. */
export interface TownTrouble {
  code: 'unreachable' | 'refused' | 'notATown';
  message: string;
  attempts: number;
}

/** The town as data, fetched once from `/town.json`. */
export const useTownStore = defineStore('town', () => {
  const town = shallowRef<Town | null>(null);
  const trouble = shallowRef<TownTrouble | null>(null);
  const agencies = computed(() => index<Agency>(town.value?.agencies));
  const channels = computed(() => index<ChannelRow>(town.value?.channels));
  const eventTypes = computed(() => index<EventType>(town.value?.eventTypes));
  const places = computed(() => index<Place>(town.value?.places));
  const promises = computed(() => index<ServicePromise>(town.value?.promises));
  /** What clocks are counted by; null until the town is known. */
  const clockRules = computed<ClockRules | null>(() => (town.value ? clockRulesOf(town.value) : null));
  /** Minutes east of UTC; 480 until the town is known. */
  const utcOffsetMin = computed(() => town.value?.scene.utcOffsetMin ?? 480);
  return {
    town,
    trouble,
    utcOffsetMin,
    clockRules,
    agency: (id: string): Agency | undefined => agencies.value.get(id),
    channel: (id: string): ChannelRow | undefined => channels.value.get(id),
    eventType: (id: string): EventType | undefined => eventTypes.value.get(id),
    place: (id: string): Place | undefined => places.value.get(id),
    promise: (id: string): ServicePromise | undefined => promises.value.get(id),
  };
});
