import type { CommandHandler } from '../deskContext.ts';
import { advance, needsReason } from '../incidentSteps.ts';
import { freeUnits, withoutUnits } from '../release.ts';
import { resumed } from './pauseClock.ts';
import { illegal, notFound, reasonRequired } from './refusals.ts';

export const close: CommandHandler<'incident.close'> = ({ incidentId, outcome }, { by, reason, atMs }, context) => {
  const incident = context.incident(incidentId);
  if (!incident) return notFound(incidentId);
  const next = advance(incident, 'close', { atMs, by, reason, unitId: null });
  if (!next) return illegal(incident, 'closed');
  if (needsReason(incident.state) && !reason?.trim()) return reasonRequired(`closing an incident that is only ${incident.state}`);
  const everybody = (): boolean => true;
  const seq = context.save({ ...resumed(withoutUnits(next, atMs, everybody), atMs, by), outcome });
  freeUnits(incident, everybody, context);
  return { seq };
};
