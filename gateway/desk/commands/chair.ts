import type { CommandHandler } from '../deskContext.ts';
import { MAX_STEPS } from '../incidentSteps.ts';
import { refuse } from '../outcome.ts';
import { illegal, notFound } from './refusals.ts';

/** Major and sudden matters are commanded by a leader of the town in person; whoever it is, is written down. */
export const chair: CommandHandler<'incident.chair'> = ({ incidentId, chairId }, { by, reason, atMs }, context) => {
  const incident = context.incident(incidentId);
  if (!incident) return notFound(incidentId);
  const seat = context.chairs.find(({ id }) => id === chairId);
  if (chairId !== null && !seat) return refuse('notFound', `the town has no leader ${chairId}`, 'data.chairId');
  if (incident.tier !== 'major') return refuse('illegalStep', `incident ${incident.number} is ${incident.tier}, not major`);
  if (incident.state === 'closed' || incident.steps.length >= MAX_STEPS) return illegal(incident, 'chaired');
  if ((incident.chair?.id ?? null) === chairId) return refuse('illegalStep', 'that is so already', 'data.chairId');
  const step = {
    state: incident.state,
    atMs,
    by,
    unitId: null,
    reason: seat ? (reason ?? seat.name.zh) : reason,
    action: 'chaired' as const,
  };
  return {
    seq: context.save({
      ...incident,
      chair: seat ? { id: seat.id, name: seat.name, sinceMs: atMs, by } : null,
      steps: [...incident.steps, step],
    }),
  };
};
