import type { Fix } from '../../protocol/frames/position.ts';
import type { Incident, Unit } from '../../protocol/messages/index.ts';
import type { Skill } from '../../protocol/town/town.ts';
import { nearestUnits } from '../desk/candidates.ts';
import type { Candidate, Whereabouts } from '../desk/candidates.ts';
import type { Router } from '../desk/deskContext.ts';
import { freeUnits } from '../desk/freeUnits.ts';
import type { FreeUnit } from '../reach/reachTown.ts';
import type { Facts } from '../journal/journal.ts';

export interface Past {
  nowMs(): number;
  readonly facts: Facts;
  latestFix(unitId: string): Fix | undefined;
}

const holds = (incident: Incident, unitId: string): boolean =>
  incident.assignments.some((assignment) => assignment.unitId === unitId && assignment.releasedAtMs === null);

function whereaboutsThen(past: Past, router: Router, skills: readonly Skill[]): Whereabouts {
  const { facts } = past;
  const riders = new Map<string, string>();
  for (const unit of facts.all('unit.updated')) for (const { unitId } of unit.crew) riders.set(unitId, unit.id);
  const vehicleOf = (unit: Unit): string | null => unit.vehicleId ?? riders.get(unit.id) ?? null;
  return {
    nowMs: () => past.nowMs(),
    units: () => facts.all('unit.updated'),
    dutyOf(unit) {
      const sentTo = unit.incidentId === null ? undefined : facts.latest('incident.updated', unit.incidentId);
      return sentTo && holds(sentTo, unit.id) ? sentTo : null;
    },
    vehicleOf,
    latestFix: past.latestFix,
    router,
    skills,
  };
}

/** Who could have been sent to an incident at the replayed moment; null when it was not known then. */
export function nearestThen(incidentId: string, limit: number, past: Past, router: Router, skills: readonly Skill[]): Candidate[] | null {
  const incident = past.facts.latest('incident.updated', incidentId);
  return incident ? nearestUnits(incident, limit, whereaboutsThen(past, router, skills)) : null;
}

/** Who was free at the replayed moment. */
export const freeUnitsThen = (past: Past, router: Router, skills: readonly Skill[]): FreeUnit[] =>
  freeUnits(whereaboutsThen(past, router, skills));
