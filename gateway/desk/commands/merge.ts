import type { Incident, Step } from '../../../protocol/messages/index.ts';
import type { CommandHandler } from '../deskContext.ts';
import { advance, MAX_STEPS } from '../incidentSteps.ts';
import { refuse } from '../outcome.ts';
import { freeUnits, withoutUnits } from '../release.ts';
import { resumed } from './pauseClock.ts';
import { illegal, notFound, reasonRequired } from './refusals.ts';

const MAX_REPORTS = 64;

/** The other one ends as `merged`, its units are free, and its reporters are answered with this one. */
export const merge: CommandHandler<'incident.merge'> = ({ incidentId, otherId }, { by, reason, atMs }, context) => {
  const incident = context.incident(incidentId);
  const other = context.incident(otherId);
  if (!incident) return notFound(incidentId);
  if (!other) return refuse('notFound', `no incident ${otherId}`, 'data.otherId');
  if (incident.id === other.id) return refuse('badField', 'an incident cannot be merged with itself', 'data.otherId');
  if (other.origin)
    return refuse('notOurs', `incident ${other.number} is of ${other.origin.name.en}: it is decided there`, 'data.otherId', 'forbidden');
  if (!reason?.trim()) return reasonRequired('merging two incidents');
  if (incident.state === 'closed' || incident.steps.length >= MAX_STEPS) return illegal(incident, 'merged');
  const closed = advance(other, 'close', { atMs, by, reason, unitId: null });
  if (!closed) return illegal(other, 'merged');
  const everybody = (): boolean => true;
  const moved = (other.reports ?? []).map((report) => ({ ...report, fromIncidentId: other.id }));
  const step: Step = { state: incident.state, atMs, by, unitId: null, reason: `${other.number}: ${reason}`, action: 'merged' };
  const merged: Incident = {
    ...incident,
    reporterCount: incident.reporterCount + other.reporterCount,
    reports: [...(incident.reports ?? []), ...moved].slice(0, MAX_REPORTS),
    cameraIds: [...new Set([...incident.cameraIds, ...other.cameraIds])].slice(0, 16),
    steps: [...incident.steps, step],
  };
  context.save({ ...resumed(withoutUnits(closed, atMs, everybody), atMs, by), outcome: 'merged', mergedInto: incident.id });
  freeUnits(other, everybody, context);
  return { seq: context.save(merged) };
};

/** Back to two: the report opens an incident of its own. The first report is the incident itself and stays. */
export const split: CommandHandler<'incident.split'> = ({ incidentId, reportId }, asked, context) => {
  const incident = context.incident(incidentId);
  if (!incident) return notFound(incidentId);
  const { by, reason, atMs } = asked;
  const report = incident.reports?.find(({ id }) => id === reportId);
  if (!report) return refuse('notFound', `incident ${incident.number} has no report ${reportId}`, 'data.reportId');
  if (incident.reports!.length < 2) return refuse('illegalStep', `it is the only report of incident ${incident.number}`, 'data.reportId');
  if (!reason?.trim()) return reasonRequired('splitting a report off');
  if (incident.state === 'closed' || incident.steps.length >= MAX_STEPS) return illegal(incident, 'split');
  const own = context.book.splitOff(incident, report, asked);
  const number = context.incident(own.id)!.number;
  const step: Step = { state: incident.state, atMs, by, unitId: null, reason: `${number}: ${reason}`, action: 'split' };
  const seq = context.save({
    ...incident,
    reporterCount: Math.max(1, incident.reporterCount - 1),
    reports: incident.reports!.filter(({ id }) => id !== reportId),
    steps: [...incident.steps, step],
  });
  return { seq };
};
