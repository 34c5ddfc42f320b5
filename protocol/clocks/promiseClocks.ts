import type { Assignment, Incident, IncidentState, Pause } from '../messages/index.ts';
import type { ServicePromise, Town } from '../town/town.ts';
import { createWorkingCalendar, workingDaysDeadline } from './workingDays.ts';
import type { Standstill, WorkingCalendar } from './workingDays.ts';

/** What clocks are counted by: the promises of the town, its calendar and its time. */
export interface ClockRules {
  promises: readonly ServicePromise[];
  calendar: WorkingCalendar;
  utcOffsetMin: number;
}
export const clockRulesOf = (town: Pick<Town, 'promises' | 'calendar' | 'scene'>): ClockRules => ({
  promises: town.promises,
  calendar: createWorkingCalendar(town.calendar ?? []),
  utcOffsetMin: town.scene.utcOffsetMin,
});

/** Running clocks are `running`, from `warnAt` on `warned`, past the limit `breached`, or `paused`; ended ones are `kept` or `broken`. */
export type ClockState = 'running' | 'warned' | 'paused' | 'breached' | 'kept' | 'broken';

/** One promise of one incident. */
export interface PromiseClock {
  promise: ServicePromise;
  startedAtMs: number;
  /** Null while it runs. */
  endedAtMs: number | null;
  /** Last moment at which it is kept. While it is paused it moves on with the time. */
  deadlineMs: number;
  state: ClockState;
  /** From now to the deadline; of an ended one what was left when it ended. Negative past the limit. */
  leftMs: number;
  /** Time counted, pauses left out. */
  elapsedMs: number;
  /** Share of the limit that is used, 0 to 1. */
  used: number;
  /** Time not counted so far. */
  pausedMs: number;
  /** The pause that is open. */
  pause: Pause | null;
  /** True when a year on the way to the deadline has no calendar: Monday to Friday was assumed. */
  assumed: boolean;
}

/** What is warned at when the town's data does not say: four fifths. */
const WARN_AT = 0.8;

interface Span {
  fromMs: number;
  toMs: number | null;
}

const ACCEPTED: readonly IncidentState[] = ['accepted', 'triaged', 'dispatched', 'onTheWay', 'onScene', 'handled', 'closed'];
const CLOSED: readonly IncidentState[] = ['closed'];

function earliestMs(times: Iterable<number | null>): number | null {
  let first: number | null = null;
  for (const atMs of times) if (atMs !== null && (first === null || atMs < first)) first = atMs;
  return first;
}
const reachedAtMs = (incident: Incident, states: readonly IncidentState[]): number | null =>
  earliestMs(incident.steps.map((step) => (states.includes(step.state) ? step.atMs : null)));

function arrivalSpan({ assignments }: Incident, closedMs: number | null): Span | null {
  let first: Assignment | null = null;
  for (const it of assignments) {
    if (it.arrivedAtMs === null) continue;
    if (first === null || it.arrivedAtMs < first.arrivedAtMs!) first = it;
  }
  if (first) return { fromMs: first.orderedAtMs, toMs: first.arrivedAtMs };
  const fromMs = earliestMs(assignments.map((it) => (it.releasedAtMs === null ? it.orderedAtMs : null)));
  return fromMs !== null && closedMs === null ? { fromMs, toMs: null } : null;
}

/** From where to where a promise of an incident is counted; null where nothing was promised. */
function spanOf(id: ServicePromise['id'], incident: Incident): Span | null {
  const fromMs = incident.reportedAtMs;
  const closedMs = reachedAtMs(incident, CLOSED);
  switch (id) {
    case 'accept':
      return { fromMs, toMs: reachedAtMs(incident, ACCEPTED) };
    case 'setOut': {
      // Whoever arrived has set out, also where the field told the arrival alone.
      const toMs = earliestMs(incident.assignments.map((it) => it.setOutAtMs ?? it.arrivedAtMs));
      return toMs === null && closedMs !== null ? null : { fromMs, toMs };
    }
    case 'arriveCore':
    case 'arriveTown':
      return incident.inCore === (id === 'arriveCore') ? arrivalSpan(incident, closedMs) : null;
    case 'closeUrgent':
    case 'closeOther':
      return incident.urgent === (id === 'closeUrgent') ? { fromMs, toMs: closedMs } : null;
  }
}

const overlapMs = (from: number, to: number, still: Standstill): number =>
  Math.max(0, Math.min(to, still.toMs) - Math.max(from, still.fromMs));

function clockOf(promise: ServicePromise, incident: Incident, rules: ClockRules, nowMs: number): PromiseClock | null {
  const span = spanOf(promise.id, incident);
  if (span === null) return null;
  const { fromMs: startedAtMs, toMs: endedAtMs } = span;
  const untilMs = endedAtMs ?? Math.max(nowMs, startedAtMs);
  const pauses = promise.id === 'closeUrgent' || promise.id === 'closeOther' ? (incident.pauses ?? []) : [];
  // What happened after the moment that is asked about has not happened yet.
  const standstills = pauses
    .filter((pause) => pause.fromMs <= untilMs)
    .map((pause): Standstill => ({ fromMs: pause.fromMs, toMs: Math.min(pause.toMs ?? untilMs, untilMs) }));
  const pausedMs = standstills.reduce((sum, still) => sum + overlapMs(startedAtMs, untilMs, still), 0);
  const pause = endedAtMs === null ? (pauses.find((it) => it.toMs === null) ?? null) : null;
  const { deadlineMs, assumed } =
    promise.workingDays === null
      ? { deadlineMs: startedAtMs + promise.limitS * 1000 + pausedMs, assumed: false }
      : workingDaysDeadline(startedAtMs, promise.workingDays, rules.utcOffsetMin, rules.calendar, standstills);
  const elapsedMs = untilMs - startedAtMs - pausedMs;
  const limitMs = Math.max(1, deadlineMs - startedAtMs - pausedMs);
  const leftMs = deadlineMs - untilMs;
  const used = Math.min(1, Math.max(0, elapsedMs / limitMs));
  const state = (): ClockState => {
    if (endedAtMs !== null) return leftMs >= 0 ? 'kept' : 'broken';
    if (pause) return 'paused';
    if (leftMs < 0) return 'breached';
    return used >= (promise.warnAt ?? WARN_AT) ? 'warned' : 'running';
  };
  return { promise, startedAtMs, endedAtMs, deadlineMs, state: state(), leftMs, elapsedMs, used, pausedMs, pause, assumed };
}

/**
 * Every clock of an incident, in the order in which the town lists its promises. The one computation behind card, queue and figures.
 *
 * - `accept`: from the report to the first step after it (accepted, or any later state when that was skipped).
 * - `setOut`: from the report to the moment the first unit sent set out. The promise is one to the reporter, counted from the report
 *   (1 分钟受理、5 分钟出动): it is kept or broken once, and a later recall does not begin it anew. Closed with nobody sent: not promised.
 * - `arriveCore`, `arriveTown`: of incidents inside and outside the centre, from the order to the unit that arrived first until it
 *   arrived; while nobody has, from the earliest order that still stands. An order that was taken back promises nothing.
 * - `closeUrgent`, `closeOther`: of urgent and other incidents, from the report to closed. With `workingDays` until the end of that
 *   working day in the town's time. The only ones that a pause stops: a limit of hours moves on by the time paused, a working day at
 *   whose end the clock stood still is not counted.
 *
 * A span that ends exactly at its limit is kept. What another server decides on (`origin`) is promised there, and what was merged
 * is counted where it goes on: no clock.
 */
export function promiseClocks(incident: Incident, rules: ClockRules, nowMs: number): PromiseClock[] {
  if (incident.origin || incident.mergedInto) return [];
  return rules.promises.flatMap((promise) => clockOf(promise, incident, rules, nowMs) ?? []);
}

const isOpen = (clock: PromiseClock): boolean => clock.endedAtMs === null;

/** The clocks that still run, the one that breaks next first; a paused one last. */
export function openClocks(incident: Incident, rules: ClockRules, nowMs: number): PromiseClock[] {
  return promiseClocks(incident, rules, nowMs)
    .filter(isOpen)
    .sort((a, b) => Number(a.pause !== null) - Number(b.pause !== null) || a.deadlineMs - b.deadlineMs);
}
