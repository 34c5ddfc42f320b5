import type { CommandHandler } from '../deskContext.ts';
import { advance, MAX_STEPS } from '../incidentSteps.ts';
import { illegal, notFound } from './refusals.ts';

export const triage: CommandHandler<'incident.triage'> = ({ incidentId, tier }, { by, reason, atMs }, context) => {
  const incident = context.incident(incidentId);
  if (!incident) return notFound(incidentId);
  const next = incident.steps.length < MAX_STEPS ? advance(incident, 'triage', { atMs, by, reason, unitId: null }) : null;
  return next ? { seq: context.save({ ...next, tier }) } : illegal(incident, 'triaged');
};
