import type { CommandHandler } from '../deskContext.ts';
import { refuse } from '../outcome.ts';
import { notFound } from './refusals.ts';

export const reportCall: CommandHandler<'call.report'> = (data, { by }, { calls, fleet, incident }) => {
  const unit = fleet.get(data.unitId);
  if (!unit) return refuse('notFound', `no unit ${data.unitId}`, 'data.unitId');
  if (data.incidentId !== null && !incident(data.incidentId)) return notFound(data.incidentId);
  return calls.report(data, by.deskId, unit.simulated);
};
