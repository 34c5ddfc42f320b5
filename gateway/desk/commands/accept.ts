import type { CommandHandler } from '../deskContext.ts';
import { advance } from '../incidentSteps.ts';
import { refuse } from '../outcome.ts';
import { illegal, notFound } from './refusals.ts';

export const accept: CommandHandler<'incident.accept'> = ({ incidentId }, { by, reason, atMs }, context) => {
  const incident = context.incident(incidentId);
  if (!incident) return notFound(incidentId);
  const next = advance(incident, 'accept', { atMs, by, reason, unitId: null });
  if (next) return { seq: context.save(next) };
  const who = incident.steps.find((step) => step.state === 'accepted')?.by.name.en;
  return who ? refuse('illegalStep', `incident ${incident.number} was accepted by ${who}`) : illegal(incident, 'accepted');
};
