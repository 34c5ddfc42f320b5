import type { CommandHandler } from '../deskContext.ts';
import { advance, MAX_STEPS } from '../incidentSteps.ts';
import { illegal, notFound, reasonRequired } from './refusals.ts';

/** The rules propose, a person decides; whoever decides otherwise says why. */
export const triage: CommandHandler<'incident.triage'> = ({ incidentId, tier }, { by, reason, atMs }, context) => {
  const incident = context.incident(incidentId);
  if (!incident) return notFound(incidentId);
  const proposed = incident.triageRule?.tier ?? tier;
  if (tier !== proposed && !reason?.trim()) return reasonRequired(`another tier than ${proposed}, which the rules propose,`);
  const next = incident.steps.length < MAX_STEPS ? advance(incident, 'triage', { atMs, by, reason, unitId: null }) : null;
  if (!next) return illegal(incident, 'triaged');
  const last = next.steps.length - 1;
  const steps = tier === proposed ? next.steps : next.steps.with(last, { ...next.steps[last]!, action: 'overridden' });
  // A leader takes the chair of what is major; below that there is none to have.
  return { seq: context.save({ ...next, steps, tier, ...(tier === 'major' ? {} : { chair: null }) }) };
};
