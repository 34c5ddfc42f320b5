import type { CommandHandler } from '../deskContext.ts';
import { openAssignment } from '../fleet.ts';
import { isRefusal, refuse } from '../outcome.ts';
import { dispatchObstacle, send } from './dispatch.ts';
import { notFound, reasonRequired } from './refusals.ts';
import { standDown } from './standDown.ts';

/** Both or neither: nothing is written before both are known to be possible. The unit turns round where it is. */
export const reassign: CommandHandler<'incident.reassign'> = ({ incidentId, unitId }, asked, context) => {
  const incident = context.incident(incidentId);
  if (!incident) return notFound(incidentId);
  if (!asked.reason?.trim()) return reasonRequired('taking a unit from another incident');
  const from = context.incident(context.fleet.dutyOf(unitId) ?? '');
  if (!from) return refuse('unitNotAvailable', `${unitId} is on no incident: send it`, 'data.unitId');
  if (from.id === incident.id || !openAssignment(from, unitId))
    return refuse('unitNotAvailable', `${unitId} was sent here already`, 'data.unitId');
  const refusal = dispatchObstacle(incident, [unitId], context, true);
  if (refusal) return refusal;
  const left = standDown({ incidentId: from.id, unitIds: [unitId] }, { ...asked, reason: `${incident.number}: ${asked.reason}` }, context);
  return isRefusal(left) ? left : send(incident, [unitId], asked, context, 'reassigned');
};
