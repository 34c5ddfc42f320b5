import type { CommandHandler } from '../deskContext.ts';
import { refuse } from '../outcome.ts';
import { notFound } from './refusals.ts';

/** Also after it is closed: that is when there is something to say. */
export const answer: CommandHandler<'incident.answer'> = ({ incidentId, reportIds }, { by, reason, atMs }, context) => {
  const incident = context.incident(incidentId);
  if (!incident) return notFound(incidentId);
  const wanted = new Set(reportIds);
  const reports = incident.reports ?? [];
  const unknown = reportIds.findIndex((id) => !reports.some((report) => report.id === id));
  if (unknown >= 0)
    return refuse('notFound', `incident ${incident.number} has no report ${reportIds[unknown]!}`, `data.reportIds[${unknown}]`);
  if (reports.every(({ id, answeredAtMs }) => !wanted.has(id) || answeredAtMs !== null))
    return refuse('illegalStep', 'they were answered already', 'data.reportIds');
  const step = { state: incident.state, atMs, by, unitId: null, reason, action: 'answered' as const };
  return {
    seq: context.save({
      ...incident,
      reports: reports.map((report) => (wanted.has(report.id) ? { ...report, answeredAtMs: report.answeredAtMs ?? atMs } : report)),
      // The schema allows 200; one answer for each of 64 reporters must not run into that.
      steps: incident.steps.length < 199 ? [...incident.steps, step] : incident.steps,
    }),
  };
};
