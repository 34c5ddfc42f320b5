import type { Incident } from '../../protocol/messages/index.ts';
import type { DeskContext } from './deskContext.ts';

/** The incident without the units for which `leaves` holds; their routes are dropped, they lead nowhere now. */
export const withoutUnits = (incident: Incident, atMs: number, leaves: (unitId: string) => boolean): Incident => ({
  ...incident,
  assignments: incident.assignments.map((assignment) =>
    assignment.releasedAtMs === null && leaves(assignment.unitId)
      ? { ...assignment, releasedAtMs: atMs, etaAtMs: null, route: [] }
      : assignment,
  ),
});

/** Frees the units that `before` had and tells them. */
export function freeUnits(before: Incident, leaves: (unitId: string) => boolean, { fleet, order }: DeskContext): void {
  for (const { unitId, releasedAtMs } of before.assignments) {
    if (releasedAtMs !== null || !leaves(unitId)) continue;
    fleet.release(unitId);
    order({ kind: 'recall', unitId, incidentId: before.id });
  }
}
