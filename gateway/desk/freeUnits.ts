import type { FreeUnit } from '../reach/reachTown.ts';
import { whereIfFree } from './candidates.ts';
import type { Whereabouts } from './candidates.ts';

/** Vehicles and officers on foot that could be sent this moment, in the order of the fleet. */
export function freeUnits(where: Whereabouts): FreeUnit[] {
  const found: FreeUnit[] = [];
  for (const unit of where.units()) {
    if (unit.status !== 'available' || where.dutyOf(unit) || (unit.kind !== 'vehicle' && unit.kind !== 'officer')) continue;
    const at = whereIfFree(unit, where);
    if (at) found.push({ unitId: unit.id, kind: unit.kind, at, postId: unit.standby?.postId ?? null });
  }
  return found;
}
