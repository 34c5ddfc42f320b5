import { defineStore } from 'pinia';
import { computed } from 'vue';
import type { Unit } from '../../protocol/messages/index.ts';
import { useCameraStore } from './cameraStore.ts';
import { createFactMap } from './factMap.ts';

/** Teams: a vehicle with its crew is one, and so is an officer on foot. */
export interface TeamCount {
  onDuty: number;
  total: number;
  /** On duty and free to be sent. */
  free: number;
  vehicles: number;
  onFoot: number;
}

export const useUnitStore = defineStore('units', () => {
  const facts = createFactMap<Unit>();
  const byId = facts.byId;
  const all = computed(() => [...byId.values()]);
  /**
   * Teams by agency id; on duty is every status but offline. Only what the desk can send is a team: a crew goes where its vehicle goes, and
   * drones and boats are not offered to an incident.
   */
  const teamsByAgency = computed<ReadonlyMap<string, TeamCount>>(() => {
    const counts = new Map<string, TeamCount>();
    for (const unit of all.value) {
      if (unit.kind !== 'vehicle' && (unit.kind !== 'officer' || unit.vehicleId !== null)) continue;
      const count = counts.get(unit.agencyId) ?? { onDuty: 0, total: 0, free: 0, vehicles: 0, onFoot: 0 };
      count.total += 1;
      if (unit.status !== 'offline') {
        count.onDuty += 1;
        if (unit.kind === 'vehicle') count.vehicles += 1;
        else count.onFoot += 1;
      }
      if (unit.status === 'available') count.free += 1;
      counts.set(unit.agencyId, count);
    }
    return counts;
  });
  /** Everybody on duty in the order in which keys walk through them: by agency, each vehicle before its crew. */
  const onDuty = computed(() => {
    const team = (unit: Unit): string => `${unit.agencyId}\n${unit.vehicleId ?? unit.id}\n${unit.vehicleId === null ? '' : unit.id}`;
    return all.value
      .filter((unit) => unit.status !== 'offline')
      .map((unit) => ({ unit, team: team(unit) }))
      .sort((a, b) => (a.team < b.team ? -1 : 1))
      .map(({ unit }) => unit);
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
  return { byId, all, onDuty, teamsByAgency, bodyCamerasOnline, replaceAll: facts.replaceAll, put: facts.put };
});
