import type { CommandHandler } from '../deskContext.ts';
import { advance, needsReason } from '../incidentSteps.ts';
import { freeUnits, withoutUnits } from '../release.ts';
import { illegal, notFound, reasonRequired } from './refusals.ts';

export const close: CommandHandler<'incident.close'> = ({ incidentId, outcome }, { by, reason, atMs }, context) => {
  const incident = context.incident(incidentId);
  if (!incident) return notFound(incidentId);
  const next = advance(incident, 'close', { atMs, by, reason, unitId: null });
  if (!next) return illegal(incident, 'closed');
  if (needsReason(incident.state) && !reason?.trim()) return reasonRequired(`closing an incident that is only ${incident.state}`);
  const everybody = (): boolean => true;
  const done = { ...withoutUnits(next, atMs, everybody), outcome };
  // What is closed waits for nobody.
  if (done.pauses) done.pauses = done.pauses.map((pause) => (pause.toMs === null ? { ...pause, toMs: atMs, endedBy: by } : pause));
  const seq = context.save(done);
  freeUnits(incident, everybody, context);
  return { seq };
};
