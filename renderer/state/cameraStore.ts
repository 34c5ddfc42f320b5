import { defineStore } from 'pinia';
import { computed } from 'vue';
import type { Camera } from '../../protocol/messages/index.ts';
import { createFactMap } from './factMap.ts';

export const useCameraStore = defineStore('cameras', () => {
  const facts = createFactMap<Camera>();
  const all = computed(() => [...facts.byId.values()]);
  /** Cameras by the id of the unit that carries them. */
  const byUnit = computed<ReadonlyMap<string, readonly Camera[]>>(() => {
    const carried = new Map<string, Camera[]>();
    for (const camera of all.value) {
      if (camera.unitId === null) continue;
      const list = carried.get(camera.unitId);
      if (list) list.push(camera);
      else carried.set(camera.unitId, [camera]);
    }
    return carried;
  });
  return { byId: facts.byId, all, byUnit, replaceAll: facts.replaceAll, put: facts.put };
});
