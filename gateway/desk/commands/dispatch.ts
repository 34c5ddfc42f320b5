import type { Assignment, Incident, Step, StepAction, Unit } from '../../../protocol/messages/index.ts';
import type { LonLat } from '../../../protocol/primitives.ts';
import type { Asked, CommandHandler, DeskContext } from '../deskContext.ts';
import { openAssignment } from '../fleet.ts';
import { advance, MAX_STEPS, pathOf } from '../incidentSteps.ts';
import { refuse } from '../outcome.ts';
import type { Outcome } from '../outcome.ts';
import { wayTo } from '../wayTo.ts';
import { illegal, notFound } from './refusals.ts';

/** The schema allows as many, released ones included. */
const MAX_ASSIGNMENTS = 32;

/** @param takenAway It comes from another incident, so its duty there is no obstacle. */
function obstacle(unitId: string, index: number, incident: Incident, { fleet }: DeskContext, takenAway: boolean): Outcome | null {
  const path = `data.unitIds[${index}]`;
  const unit = fleet.get(unitId);
  if (!unit) return refuse('notFound', `no unit ${unitId}`, path);
  if (unit.origin) return refuse('notOurs', `${unit.name.en} is of ${unit.origin.name.en}: only they can send it`, path, 'forbidden');
  if (openAssignment(incident, unitId)) return refuse('unitNotAvailable', `${unit.name.en} was sent here already`, path);
  const vehicleId = fleet.vehicleOf(unit);
  if (vehicleId !== null) return refuse('unitNotAvailable', `${unit.name.en} rides in ${vehicleId}: send the vehicle`, path);
  const isFree = unit.status === 'available' && !fleet.onDuty(unitId);
  const comesAlong = takenAway && (unit.status === 'dispatched' || unit.status === 'onScene');
  if (!isFree && !comesAlong) return refuse('unitNotAvailable', `${unit.name.en} is ${unit.status}`, path);
  return null;
}

function assign(unit: Unit, incident: Incident, asked: Asked, { positions, router }: DeskContext): Assignment {
  const fix = positions.latest(unit.id);
  const to: LonLat = [incident.lonDeg, incident.latDeg];
  const way = fix ? wayTo(router, unit.kind, [fix.lonDeg, fix.latDeg], to, asked.atMs) : null;
  return {
    unitId: unit.id,
    orderedAtMs: asked.atMs,
    setOutAtMs: null,
    arrivedAtMs: null,
    releasedAtMs: null,
    etaAtMs: way ? asked.atMs + Math.round(way.durationS * 1000) : null,
    route: way?.line ?? [],
  };
}

/** Why the units cannot be sent there, or null. @param takenAway They come from another incident. */
export function dispatchObstacle(incident: Incident, unitIds: readonly string[], context: DeskContext, takenAway = false): Outcome | null {
  if (!pathOf(incident.state, 'dispatch') || incident.steps.length >= MAX_STEPS) return illegal(incident, 'dispatched');
  for (const [index, unitId] of unitIds.entries()) {
    const refusal = obstacle(unitId, index, incident, context, takenAway);
    if (refusal) return refusal;
  }
  return incident.assignments.length + unitIds.length > MAX_ASSIGNMENTS
    ? refuse('tooManyUnits', `incident ${incident.number} takes ${MAX_ASSIGNMENTS} assignments at most`, 'data.unitIds')
    : null;
}

/** All units or none: half a dispatch would leave the operator guessing. */
export const dispatch: CommandHandler<'incident.dispatch'> = (data, asked, context) => {
  const incident = context.incident(data.incidentId);
  if (!incident) return notFound(data.incidentId);
  const unitIds = [...new Set(data.unitIds)];
  const refusal = dispatchObstacle(incident, unitIds, context);
  return refusal ?? send(incident, unitIds, asked, context);
};

/** After `dispatchObstacle` found none. @param action How the steps of units that were taken from elsewhere are marked. */
export function send(
  incident: Incident,
  unitIds: readonly string[],
  asked: Asked,
  context: DeskContext,
  action?: Extract<StepAction, 'reassigned'>,
): Outcome {
  const { by, reason, atMs } = asked;
  const next = advance(incident, 'dispatch', { atMs, by, reason, unitId: unitIds[0]! })!;
  const assignments = unitIds.map((unitId) => assign(context.fleet.get(unitId)!, incident, asked, context));
  // The path names the first unit; every further one, and every one that reinforces, gets its own line.
  const named = next === incident || action ? unitIds : unitIds.slice(1);
  const steps = named.map((unitId): Step => ({ state: 'dispatched', atMs, by, unitId, reason, ...(action ? { action } : {}) }));
  const seq = context.save({ ...next, assignments: [...next.assignments, ...assignments], steps: [...next.steps, ...steps] });
  for (const { unitId, route } of assignments) {
    context.fleet.send(unitId, incident.id, asked);
    context.order({ kind: 'go', unitId, incidentId: incident.id, lonDeg: incident.lonDeg, latDeg: incident.latDeg, route });
  }
  return { seq };
}
