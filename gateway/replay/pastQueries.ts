import type { Fix } from '../../protocol/frames/position.ts';
import type { Incident, Unit } from '../../protocol/messages/index.ts';
import type { Skill } from '../../protocol/town/town.ts';
import { nearestUnits } from '../desk/candidates.ts';
import type { Candidate, Whereabouts } from '../desk/candidates.ts';
import type { Router } from '../desk/deskContext.ts';
import type { Facts } from '../journal/journal.ts';

export interface Past {
  nowMs(): number;
  readonly facts: Facts;
  latestFix(unitId: string): Fix | undefined;
}

const holds = (incident: Incident, unitId: string): boolean =>
  incident.assignments.some((assignment) => assignment.unitId === unitId && assignment.releasedAtMs === null);

/** Who could have been sent to an incident at the replayed moment; null when it was not known then. */
export function nearestThen(incidentId: string, limit: number, past: Past, router: Router, skills: readonly Skill[]): Candidate[] | null {
  const { facts } = past;
  const incident = facts.latest('incident.updated', incidentId);
  if (!incident) return null;
  const riders = new Map<string, string>();
  for (const unit of facts.all('unit.updated')) for (const { unitId } of unit.crew) riders.set(unitId, unit.id);
  const vehicleOf = (unit: Unit): string | null => unit.vehicleId ?? riders.get(unit.id) ?? null;
  const where: Whereabouts = {
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
  return nearestUnits(incident, limit, where);
}
