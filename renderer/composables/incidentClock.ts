import type { Incident } from '../../protocol/messages/index.ts';
import type { ServicePromise } from '../../protocol/town/town.ts';
import { workingDaysDeadlineMs } from '../state/promiseStats.ts';

export interface IncidentClock {
  promiseId: ServicePromise['id'];
  startedAtMs: number;
  deadlineMs: number;
  /** Negative once the limit has passed. */
  leftMs: number;
  /** Share of the limit that is used, 0 to 1. */
  used: number;
}

function earliestMs(times: Iterable<number | null>): number | null {
  let first: number | null = null;
  for (const atMs of times) if (atMs !== null && (first === null || atMs < first)) first = atMs;
  return first;
}

function runningPromise(incident: Incident): { promiseId: ServicePromise['id']; startedAtMs: number } | null {
  switch (incident.state) {
    case 'reported':
      return { promiseId: 'accept', startedAtMs: incident.reportedAtMs };
    case 'accepted':
    case 'triaged':
      return { promiseId: 'setOut', startedAtMs: incident.reportedAtMs };
    case 'dispatched':
    case 'onTheWay': {
      const sent = incident.assignments.filter((a) => a.releasedAtMs === null);
      const orderedAtMs = earliestMs(sent.map((a) => a.orderedAtMs));
      if (orderedAtMs === null || sent.every((a) => a.setOutAtMs === null))
        return { promiseId: 'setOut', startedAtMs: incident.reportedAtMs };
      return { promiseId: incident.inCore ? 'arriveCore' : 'arriveTown', startedAtMs: orderedAtMs };
    }
    case 'onScene':
    case 'handled':
      return { promiseId: incident.urgent ? 'closeUrgent' : 'closeOther', startedAtMs: incident.reportedAtMs };
    case 'closed':
      return null;
  }
}

/**
 * The promise that runs for an incident at this moment, counted as promiseStats counts it: to accept and to set out from the report, to
 * arrive from the order, to close from the report. Null when it is closed or the town makes no such promise.
 */
export function incidentClock(
  incident: Incident,
  promises: readonly ServicePromise[],
  nowMs: number,
  utcOffsetMin: number,
): IncidentClock | null {
  const running = runningPromise(incident);
  const promise = running && promises.find((p) => p.id === running.promiseId);
  if (!running || !promise) return null;
  const deadlineMs =
    promise.workingDays === null
      ? running.startedAtMs + promise.limitS * 1000
      : workingDaysDeadlineMs(running.startedAtMs, promise.workingDays, utcOffsetMin);
  const spanMs = Math.max(1, deadlineMs - running.startedAtMs);
  return { ...running, deadlineMs, leftMs: deadlineMs - nowMs, used: Math.min(1, Math.max(0, (nowMs - running.startedAtMs) / spanMs)) };
}
