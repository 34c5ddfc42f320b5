import { defineStore } from 'pinia';
import { computed } from 'vue';
import type { Channel } from '../../protocol/messages/index.ts';
import { createFactMap } from './factMap.ts';

export const useChannelStore = defineStore('channels', () => {
  const facts = createFactMap<Channel>();
  const all = computed(() => [...facts.byId.values()]);
  const today = computed(() => all.value.reduce((sum, channel) => sum + channel.today, 0));
  const pending = computed(() => all.value.reduce((sum, channel) => sum + channel.pending, 0));
  /** Arrivals of all channels by local hour, 24 numbers. */
  const byHour = computed(() => Array.from({ length: 24 }, (_, hour) => all.value.reduce((sum, c) => sum + (c.byHour[hour] ?? 0), 0)));
  return { byId: facts.byId, all, today, pending, byHour, replaceAll: facts.replaceAll, put: facts.put };
});
