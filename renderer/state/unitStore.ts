import { defineStore } from 'pinia';
import { computed } from 'vue';
import type { Unit } from '../../protocol/messages/index.ts';
import { useCameraStore } from './cameraStore.ts';
import { createFactMap } from './factMap.ts';

export interface UnitCount {
  onDuty: number;
  total: number;
}

export const useUnitStore = defineStore('units', () => {
  const facts = createFactMap<Unit>();
  const byId = facts.byId;
  const all = computed(() => [...byId.values()]);
  /** Units of every kind by agency id; on duty is every status but offline. */
  const byAgency = computed<ReadonlyMap<string, UnitCount>>(() => {
    const counts = new Map<string, UnitCount>();
    for (const unit of all.value) {
      const count = counts.get(unit.agencyId) ?? { onDuty: 0, total: 0 };
      count.total += 1;
      if (unit.status !== 'offline') count.onDuty += 1;
      counts.set(unit.agencyId, count);
    }
    return counts;
  });
  const cameras = useCameraStore();
  /** Body cameras that are online and whose officer is on duty, of all body cameras. */
  const bodyCamerasOnline = computed(() => {
    let online = 0;
    let total = 0;
    for (const camera of cameras.byId.values()) {
      if (camera.kind !== 'body') continue;
      total += 1;
      const carrier = camera.unitId === null ? undefined : byId.get(camera.unitId);
      if (camera.online && carrier?.status !== 'offline') online += 1;
    }
    return { online, total };
  });
  return { byId, all, byAgency, bodyCamerasOnline, replaceAll: facts.replaceAll, put: facts.put };
});
