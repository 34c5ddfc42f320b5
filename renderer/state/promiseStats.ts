import type { Assignment, Incident } from '../../protocol/messages/index.ts';
import type { ServicePromise } from '../../protocol/town/town.ts';

export interface PromiseStat {
  id: ServicePromise['id'];
  /** Finished measurements: kept or broken for good. A running one whose time is over counts as broken. */
  total: number;
  met: number;
  /** met / total, 0 to 1; null while there is nothing to divide. */
  share: number | null;
  /** Of the finished ones, seconds. */
  medianS: number | null;
  p90S: number | null;
  /** Still running: inside the limit, and past it. */
  running: number;
  breachedNow: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** From where to where one promise of one incident is counted. `toMs` is null while it runs. */
interface Span {
  fromMs: number;
  toMs: number | null;
}

/** First time a step of the state was made, or of any later state when it was skipped. */
function reachedAtMs(incident: Incident, states: readonly Incident['state'][]): number | null {
  let first: number | null = null;
  for (const step of incident.steps) if (states.includes(step.state) && (first === null || step.atMs < first)) first = step.atMs;
  return first;
}
const earliest = (assignments: readonly Assignment[], pick: (a: Assignment) => number | null): Assignment | undefined =>
  assignments.filter((a) => pick(a) !== null).sort((a, b) => pick(a)! - pick(b)!)[0];

const AFTER_REPORTED = ['accepted', 'triaged', 'dispatched', 'onTheWay', 'onScene', 'handled', 'closed'] as const;

function spanOf(id: ServicePromise['id'], incident: Incident): Span | null {
  const fromMs = incident.reportedAtMs;
  const closedMs = reachedAtMs(incident, ['closed']);
  switch (id) {
    case 'accept':
      return { fromMs, toMs: reachedAtMs(incident, AFTER_REPORTED) };
    case 'setOut': {
      const first = earliest(incident.assignments, (a) => a.setOutAtMs);
      // Closed without anyone sent (rectified by the reporter, no action needed): nothing was promised.
      if (first === undefined && closedMs !== null) return null;
      return { fromMs, toMs: first?.setOutAtMs ?? null };
    }
    case 'arriveCore':
    case 'arriveTown': {
      if (incident.inCore !== (id === 'arriveCore')) return null;
      const arrived = earliest(incident.assignments, (a) => a.arrivedAtMs);
      if (arrived) return { fromMs: arrived.orderedAtMs, toMs: arrived.arrivedAtMs };
      const ordered = earliest(
        incident.assignments.filter((a) => a.releasedAtMs === null),
        (a) => a.orderedAtMs,
      );
      return ordered && closedMs === null ? { fromMs: ordered.orderedAtMs, toMs: null } : null;
    }
    case 'closeUrgent':
    case 'closeOther':
      return incident.urgent === (id === 'closeUrgent') ? { fromMs, toMs: closedMs } : null;
  }
}

/**
 * The end of the n-th working day after the day of `fromMs`: that day's last millisecond in the town's time.
 * Monday to Friday are working days. Official holidays and moved working days are not considered.
 */
export function workingDaysDeadlineMs(fromMs: number, workingDays: number, utcOffsetMin: number): number {
  const offsetMs = utcOffsetMin * MINUTE_MS;
  let day = Math.floor((fromMs + offsetMs) / DAY_MS);
  for (let left = workingDays; left > 0;) {
    day += 1;
    // Day 0, 1 January 1970, was a Thursday.
    const weekday = (((day + 4) % 7) + 7) % 7;
    if (weekday !== 0 && weekday !== 6) left -= 1;
  }
  return (day + 1) * DAY_MS - offsetMs - 1;
}

/** Nearest-rank quantile of sorted numbers. */
const quantile = (sorted: readonly number[], share: number): number | null =>
  sorted.length === 0 ? null : sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;

/**
 * How the town's promises were kept, over the incidents given (a day's, usually).
 *
 * - `accept`: from the report to the first step after it (accepted, or any later state when that was skipped).
 * - `setOut`: from the report to the moment the first unit sent set out; the town promises one minute to accept and five to set out, both
 *   counted from the report. An incident that was closed with nobody sent is left out.
 * - `arriveCore`, `arriveTown`: of incidents inside and outside the centre, from the order to the unit that arrived first until it arrived;
 *   while nobody has arrived, from the earliest order that still stands.
 * - `closeUrgent`, `closeOther`: of urgent and other incidents, from the report to closed. With `workingDays` the deadline is the end of that
 *   working day in the town's time (Monday to Friday; official holidays are not considered).
 *
 * A span that ends exactly at its limit is kept.
 */
export function promiseStats(
  incidents: Iterable<Incident>,
  promises: readonly ServicePromise[],
  nowMs: number,
  utcOffsetMin = 480,
): PromiseStat[] {
  // What is mirrored from another server is promised there.
  const list = [...incidents].filter((incident) => !incident.origin);
  return promises.map((promise) => {
    const durationsS: number[] = [];
    let met = 0;
    let broken = 0;
    let running = 0;
    let breachedNow = 0;
    for (const incident of list) {
      const span = spanOf(promise.id, incident);
      if (span === null) continue;
      const deadlineMs =
        promise.workingDays === null
          ? span.fromMs + promise.limitS * 1000
          : workingDaysDeadlineMs(span.fromMs, promise.workingDays, utcOffsetMin);
      if (span.toMs !== null) {
        durationsS.push((span.toMs - span.fromMs) / 1000);
        if (span.toMs <= deadlineMs) met += 1;
        else broken += 1;
      } else if (nowMs > deadlineMs) {
        broken += 1;
        breachedNow += 1;
      } else running += 1;
    }
    durationsS.sort((a, b) => a - b);
    const total = met + broken;
    return {
      id: promise.id,
      total,
      met,
      share: total === 0 ? null : met / total,
      medianS: quantile(durationsS, 0.5),
      p90S: quantile(durationsS, 0.9),
      running,
      breachedNow,
    };
  });
}
