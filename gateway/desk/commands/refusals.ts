import type { Incident } from '../../../protocol/messages/index.ts';
import { refuse } from '../outcome.ts';
import type { Outcome } from '../outcome.ts';

export const notFound = (incidentId: string): Outcome => refuse('notFound', `no incident ${incidentId}`, 'data.incidentId');
export const illegal = (incident: Incident, participle: string): Outcome =>
  refuse('illegalStep', `incident ${incident.number} is ${incident.state} and cannot be ${participle}`);
export const reasonRequired = (what: string): Outcome => refuse('reasonRequired', `${what} needs a reason`, 'reason');
