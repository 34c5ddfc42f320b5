import type { Incident, Step } from '../../../protocol/messages/index.ts';
import type { CommandHandler } from '../deskContext.ts';
import { openAssignment } from '../fleet.ts';
import { advance, MAX_STEPS } from '../incidentSteps.ts';
import { refuse } from '../outcome.ts';
import { freeUnits, withoutUnits } from '../release.ts';
import { illegal, notFound } from './refusals.ts';

/** Several at once, as after a joint dispatch. An incident that loses its last unit is to be sent to again. */
export const standDown: CommandHandler<'incident.standDown'> = ({ incidentId, unitIds }, { by, reason, atMs }, context) => {
  const incident = context.incident(incidentId);
  if (!incident) return notFound(incidentId);
  const leaving = new Set(unitIds);
  for (const [i, unitId] of unitIds.entries())
    if (!openAssignment(incident, unitId))
      return refuse('notFound', `${unitId} is not on incident ${incident.number}`, `data.unitIds[${i}]`);
  const rest = withoutUnits(incident, atMs, (id) => leaving.has(id));
  const isLast = rest.assignments.every(({ releasedAtMs }) => releasedAtMs !== null);
  const steps = [...leaving].map((unitId): Step => ({ state: rest.state, atMs, by, unitId, reason, action: 'stoodDown' }));
  if (incident.steps.length + steps.length > MAX_STEPS) return illegal(incident, 'left by its units');
  const left: Incident = { ...rest, steps: [...rest.steps, ...steps] };
  const next = isLast ? advance(left, 'recallLast', { atMs, by, reason, unitId: null }) : left;
  if (!next) return illegal(incident, 'left by its units');
  const seq = context.save(next);
  freeUnits(incident, (id) => leaving.has(id), context);
  return { seq };
};
