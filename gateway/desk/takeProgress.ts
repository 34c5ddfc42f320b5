import type { Actor, Assignment, Incident } from '../../protocol/messages/index.ts';
import type { Progress } from '../sources/source.ts';
import type { DeskContext } from './deskContext.ts';
import { openAssignment } from './fleet.ts';
import { advance, MAX_STEPS } from './incidentSteps.ts';
import type { StepMaker } from './incidentSteps.ts';
import { freeUnits, withoutUnits } from './release.ts';

/** An ETA that moves less than this is not worth an event: drivers and walls round it anyway. */
const ETA_STEP_MS = 3000;

const withAssignment = (incident: Incident, unitId: string, change: Partial<Assignment>): Incident => ({
  ...incident,
  assignments: incident.assignments.map((a) => (a.unitId === unitId && a.releasedAtMs === null ? { ...a, ...change } : a)),
});

const noted = (incident: Incident, maker: StepMaker, action: 'acknowledged' | 'declined'): Incident =>
  incident.steps.length < MAX_STEPS ? { ...incident, steps: [...incident.steps, { ...maker, state: incident.state, action }] } : incident;

/**
 * What the field tells about an order.
 * @returns false when it does not fit (no such order, or a step that is not possible now); nothing changed then.
 */
export function takeProgress({ unitId, incidentId, etaAtMs, step, note }: Progress, atMs: number, context: DeskContext): boolean {
  const incident = context.incident(incidentId);
  const unit = context.fleet.get(unitId);
  const assignment = incident && openAssignment(incident, unitId);
  if (!incident || incident.origin || !unit || !assignment) return false;
  const by: Actor = { deskId: unitId, name: unit.name, simulated: unit.simulated };
  const maker = { atMs, by, unitId, reason: note ?? null };

  if (step === undefined) {
    if (etaAtMs === undefined || assignment.arrivedAtMs !== null) return false;
    if (assignment.etaAtMs !== null && Math.abs(assignment.etaAtMs - etaAtMs) < ETA_STEP_MS) return true;
    context.save(withAssignment(incident, unitId, { etaAtMs: Math.round(etaAtMs) }), true);
    return true;
  }
  switch (step) {
    case 'acknowledged': {
      if ((assignment.acknowledgedAtMs ?? null) !== null || assignment.setOutAtMs !== null || assignment.arrivedAtMs !== null) return false;
      context.save(withAssignment(noted(incident, maker, 'acknowledged'), unitId, { acknowledgedAtMs: atMs }));
      return true;
    }
    case 'declined': {
      if (assignment.arrivedAtMs !== null) return false;
      const leaves = (id: string): boolean => id === unitId;
      const declined = noted(withAssignment(incident, unitId, { declinedReason: note ?? '' }), maker, 'declined');
      const rest = withoutUnits(declined, atMs, leaves);
      const isLast = rest.assignments.every(({ releasedAtMs }) => releasedAtMs !== null);
      const next = isLast ? advance(rest, 'recallLast', maker) : rest;
      if (!next) return false;
      context.save(next);
      freeUnits(incident, leaves, context);
      return true;
    }
    case 'setOut': {
      const next = advance(incident, 'setOut', maker);
      if (!next || assignment.setOutAtMs !== null || assignment.arrivedAtMs !== null) return false;
      context.save(
        withAssignment(next, unitId, { setOutAtMs: atMs, etaAtMs: etaAtMs === undefined ? assignment.etaAtMs : Math.round(etaAtMs) }),
      );
      return true;
    }
    case 'arrived': {
      const next = advance(incident, 'arrive', maker);
      if (!next || assignment.arrivedAtMs !== null) return false;
      context.save(withAssignment(next, unitId, { arrivedAtMs: atMs, etaAtMs: null, route: [] }));
      context.fleet.arrive(unitId);
      return true;
    }
    case 'handled': {
      const next = advance(incident, 'handle', maker);
      if (!next || assignment.arrivedAtMs === null) return false;
      const everybody = (): boolean => true;
      context.save(withoutUnits(next, atMs, everybody));
      freeUnits(incident, everybody, context);
      return true;
    }
  }
}
