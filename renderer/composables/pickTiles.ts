import type { Camera, Incident, Unit } from '../../protocol/messages/index.ts';

/**
 * The body cameras worth a tile: first those of units on the open incident, then an officer's SOS, then on scene, then on the way, then those on
 * foot, then those who ride, by id. Offline cameras and officers never. An officer who rides counts as part of the vehicle, and of those in
 * one vehicle only the first is shown: their pictures are the same.
 */
export function pickTiles(
  cameras: Iterable<Camera>,
  units: ReadonlyMap<string, Unit>,
  options: { limit: number; incident: Incident | null },
): Camera[] {
  const wanted = new Set(options.incident?.assignments.filter((a) => a.releasedAtMs === null).map((a) => a.unitId));
  const rank = (unit: Unit): number => {
    const vehicle = unit.vehicleId === null ? undefined : units.get(unit.vehicleId);
    if (wanted.has(unit.id) || (vehicle && wanted.has(vehicle.id))) return 0;
    const statuses = [unit.status, vehicle?.status];
    if (unit.status === 'emergency') return 1;
    if (statuses.includes('onScene')) return 2;
    if (statuses.includes('dispatched')) return 3;
    return vehicle ? 5 : 4;
  };
  const ranked: { camera: Camera; rank: number; vehicleId: string | null }[] = [];
  for (const camera of cameras) {
    const unit = camera.unitId === null ? undefined : units.get(camera.unitId);
    if (camera.kind !== 'body' || !camera.online || !unit || unit.status === 'offline') continue;
    ranked.push({ camera, rank: rank(unit), vehicleId: unit.vehicleId });
  }
  ranked.sort((a, b) => a.rank - b.rank || (a.camera.id < b.camera.id ? -1 : 1));
  const vehicles = new Set<string>();
  const distinct = ranked.filter(({ vehicleId }) => vehicleId === null || (!vehicles.has(vehicleId) && vehicles.add(vehicleId)));
  return distinct.slice(0, options.limit).map((entry) => entry.camera);
}
