import type { Fix } from '../../protocol/frames/position.ts';
import type { Incident, Unit } from '../../protocol/messages/index.ts';
import { nearestUnits } from '../desk/candidates.ts';
import type { Candidate, Whereabouts } from '../desk/candidates.ts';
import type { Router } from '../desk/deskContext.ts';
import type { Facts } from '../journal/journal.ts';

export interface Past {
  nowMs(): number;
  readonly facts: Facts;
  latestFix(unitId: string): Fix | undefined;
}

const holds = (incident: Incident | undefined, unitId: string): boolean =>
  incident?.assignments.some((assignment) => assignment.unitId === unitId && assignment.releasedAtMs === null) ?? false;

/** Who could have been sent to an incident at the replayed moment; null when it was not known then. */
export function nearestThen(incidentId: string, limit: number, past: Past, router: Router): Candidate[] | null {
  const { facts } = past;
  const incident = facts.latest('incident.updated', incidentId);
  if (!incident) return null;
  const riders = new Map<string, string>();
  for (const unit of facts.all('unit.updated')) for (const { unitId } of unit.crew) riders.set(unitId, unit.id);
  const vehicleOf = (unit: Unit): string | null => unit.vehicleId ?? riders.get(unit.id) ?? null;
  const where: Whereabouts = {
    nowMs: () => past.nowMs(),
    units: () => facts.all('unit.updated'),
    onDuty: (unit) => unit.incidentId !== null && holds(facts.latest('incident.updated', unit.incidentId), unit.id),
    vehicleOf,
    latestFix: past.latestFix,
    router,
  };
  return nearestUnits(incident, limit, where);
}
