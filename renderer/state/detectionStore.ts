import { defineStore } from 'pinia';
import { computed } from 'vue';
import type { Detection } from '../../protocol/messages/index.ts';
import { createFactMap, oldestFinished } from './factMap.ts';

/** Alerts that a wall keeps. Older ones are in the gateway's journal. */
const MOST_DETECTIONS = 500;

export const useDetectionStore = defineStore('detections', () => {
  const facts = createFactMap<Detection>(oldestFinished(MOST_DETECTIONS, (detection) => detection.detectedAtMs));
  /** Newest first. */
  const recent = computed(() => [...facts.byId.values()].sort((a, b) => b.detectedAtMs - a.detectedAtMs || (a.id < b.id ? -1 : 1)));
  return { byId: facts.byId, recent, replaceAll: facts.replaceAll, put: facts.put };
});
