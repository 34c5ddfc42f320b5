import type { Actor, Incident } from '../../../protocol/messages/index.ts';
import type { CommandHandler } from '../deskContext.ts';
import { MAX_STEPS } from '../incidentSteps.ts';
import { refuse } from '../outcome.ts';
import { illegal, notFound, reasonRequired } from './refusals.ts';

/** The schema allows as many. */
const MAX_PAUSES = 32;

const openPause = (incident: Incident) => incident.pauses?.find((pause) => pause.toMs === null);

/** The incident with its pause ended, where one was open: what is closed waits for nobody. */
export const resumed = (incident: Incident, atMs: number, by: Actor): Incident =>
  openPause(incident)
    ? { ...incident, pauses: incident.pauses!.map((pause) => (pause.toMs === null ? { ...pause, toMs: atMs, endedBy: by } : pause)) }
    : incident;

/** The promise to close is not counted from now on. One that is broken already cannot be mended by a pause. */
export const pauseClock: CommandHandler<'incident.pauseClock'> = ({ incidentId }, { by, reason, atMs }, context) => {
  const incident = context.incident(incidentId);
  if (!incident) return notFound(incidentId);
  if (incident.state === 'closed' || incident.steps.length >= MAX_STEPS) return illegal(incident, 'paused');
  if (openPause(incident)) return refuse('illegalStep', `the clock of incident ${incident.number} is paused already`);
  const why = reason?.trim() ?? '';
  if (why === '') return reasonRequired('pausing the clock');
  const clock = context.closingClock(incident, atMs);
  if (!clock) return refuse('illegalStep', `nothing is promised about closing incident ${incident.number}`);
  if (clock.leftMs < 0) return refuse('clockOver', `the promise to close incident ${incident.number} is broken already`);
  const pauses = incident.pauses ?? [];
  if (pauses.length >= MAX_PAUSES) return refuse('illegalStep', `incident ${incident.number} was paused ${MAX_PAUSES} times`);
  const step = { state: incident.state, atMs, by, unitId: null, reason: why, action: 'paused' as const };
  const pause = { fromMs: atMs, by, reason: why, toMs: null, endedBy: null };
  return { seq: context.save({ ...incident, pauses: [...pauses, pause], steps: [...incident.steps, step] }) };
};

export const resumeClock: CommandHandler<'incident.resumeClock'> = ({ incidentId }, { by, reason, atMs }, context) => {
  const incident = context.incident(incidentId);
  if (!incident) return notFound(incidentId);
  if (!openPause(incident)) return refuse('illegalStep', `the clock of incident ${incident.number} is not paused`);
  const step = { state: incident.state, atMs, by, unitId: null, reason, action: 'resumed' as const };
  // The schema allows 200 steps: whoever counts again is never turned away for the length of the record.
  const steps = incident.steps.length < 199 ? [...incident.steps, step] : incident.steps;
  return { seq: context.save({ ...resumed(incident, atMs, by), steps }) };
};
