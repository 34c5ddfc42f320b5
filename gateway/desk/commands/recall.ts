import type { CommandHandler } from '../deskContext.ts';
import { openAssignment } from '../fleet.ts';
import { advance, MAX_STEPS } from '../incidentSteps.ts';
import { refuse } from '../outcome.ts';
import { freeUnits, withoutUnits } from '../release.ts';
import { illegal, notFound } from './refusals.ts';

export const recall: CommandHandler<'incident.recall'> = ({ incidentId, unitId }, { by, reason, atMs }, context) => {
  const incident = context.incident(incidentId);
  if (!incident) return notFound(incidentId);
  if (!openAssignment(incident, unitId)) return refuse('notFound', `${unitId} is not on incident ${incident.number}`, 'data.unitId');
  const leaves = (id: string): boolean => id === unitId;
  const rest = withoutUnits(incident, atMs, leaves);
  const isLast = rest.assignments.every((assignment) => assignment.releasedAtMs !== null);
  const maker = { atMs, by, reason, unitId };
  const next = isLast ? advance(rest, 'recallLast', maker) : { ...rest, steps: [...rest.steps, { state: rest.state, ...maker }] };
  if (!next || incident.steps.length >= MAX_STEPS) return illegal(incident, 'left by its unit');
  const seq = context.save(next);
  freeUnits(incident, leaves, context);
  return { seq };
};
