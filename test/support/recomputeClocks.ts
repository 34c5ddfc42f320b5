import type { JournalEntry } from '../../gateway/journal/journal.ts';
import { promiseClocks } from '../../protocol/clocks/promiseClocks.ts';
import type { ClockRules } from '../../protocol/clocks/promiseClocks.ts';
import type { Incident, Pause } from '../../protocol/messages/index.ts';
import type { CalendarYear, ServicePromise, Town } from '../../protocol/town/town.ts';

/** One clock, counted a second time. */
export interface RecomputedClock {
  incidentId: string;
  promiseId: ServicePromise['id'];
  startedAtMs: number;
  /** Null while it runs. */
  endedAtMs: number | null;
  deadlineMs: number;
  pausedMs: number;
  verdict: 'kept' | 'broken' | 'inTime' | 'late' | 'paused';
}

/** What the product says of an incident, in the words of the recomputation. */
export const clocksOf = (incident: Incident, rules: ClockRules, nowMs: number): RecomputedClock[] =>
  promiseClocks(incident, rules, nowMs).map(({ promise, startedAtMs, endedAtMs, deadlineMs, pausedMs, state }) => ({
    incidentId: incident.id,
    promiseId: promise.id,
    startedAtMs,
    endedAtMs,
    deadlineMs,
    pausedMs,
    verdict: ({ running: 'inTime', warned: 'inTime', breached: 'late', kept: 'kept', broken: 'broken', paused: 'paused' } as const)[state],
  }));
/** Orders clocks so that two lists can be compared. */
export const byIncidentAndPromise = (a: RecomputedClock, b: RecomputedClock): number =>
  `${a.incidentId} ${a.promiseId}` < `${b.incidentId} ${b.promiseId}` ? -1 : 1;

const LOCAL = 'en-CA';
/** Local date as 2026-05-13, by the time zone's own rules: not by the offset that the product adds. */
const dateIn = (timeZone: string) => {
  const format = new Intl.DateTimeFormat(LOCAL, { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return (atMs: number): string => format.format(atMs);
};
const nextDate = (date: string): string => {
  const day = new Date(`${date}T12:00:00Z`);
  day.setUTCDate(day.getUTCDate() + 1);
  return day.toISOString().slice(0, 10);
};

function worksOn(calendar: readonly CalendarYear[]): (date: string) => boolean {
  const kind = new Map<string, boolean>();
  for (const { daysOff, workDays } of calendar) {
    for (const date of daysOff) kind.set(date, false);
    for (const date of workDays) kind.set(date, true);
  }
  return (date) => kind.get(date) ?? !['Sat', 'Sun'].includes(new Date(`${date}T12:00:00Z`).toUTCString().slice(0, 3));
}

/** What happened to one incident, event by event: the story that its last state alone does not tell. */
interface Story {
  last: Incident;
  reported: number;
  accepted: number | null;
  setOut: number | null;
  arrived: { at: number; ordered: number } | null;
  closed: number | null;
  pauses: Map<number, Pause>;
}

/**
 * Reads the events in the order of the journal and notes the first moment at which each thing was so. Times come from the facts; that a
 * fact was told is taken from the event: what a later event denies (a step that vanished, a time that changed) is a fault and throws.
 */
function tellStories(events: Iterable<JournalEntry>, nowMs: number): Map<string, Story> {
  const stories = new Map<string, Story>();
  for (const { atMs, message } of events) {
    if (message.type !== 'incident.updated' || atMs > nowMs) continue;
    const it = message.data;
    if (it.origin) continue;
    const story = stories.get(it.id) ?? {
      last: it,
      reported: it.reportedAtMs,
      accepted: null,
      setOut: null,
      arrived: null,
      closed: null,
      pauses: new Map<number, Pause>(),
    };
    stories.set(it.id, story);
    if (story.reported !== it.reportedAtMs) throw new Error(`incident ${it.number}: its report moved`);
    if (it.state !== 'reported' && story.accepted === null) story.accepted = it.steps.find(({ state }) => state !== 'reported')!.atMs;
    for (const { setOutAtMs, arrivedAtMs, orderedAtMs } of it.assignments) {
      const moved = setOutAtMs ?? arrivedAtMs;
      if (moved !== null && (story.setOut === null || moved < story.setOut)) story.setOut = moved;
      if (arrivedAtMs !== null && (story.arrived === null || arrivedAtMs < story.arrived.at))
        story.arrived = { at: arrivedAtMs, ordered: orderedAtMs };
    }
    if (it.state === 'closed') story.closed ??= it.steps.findLast(({ state }) => state === 'closed')!.atMs;
    for (const pause of it.pauses ?? []) story.pauses.set(pause.fromMs, pause);
    if (story.pauses.size !== (it.pauses?.length ?? 0)) throw new Error(`incident ${it.number}: a pause vanished`);
    story.last = it;
  }
  return stories;
}

/**
 * Every clock of every incident of the town's own, recomputed from the journal's events. Shares no code with the product
 * (`protocol/clocks`): it reads the story of each incident event by event, and counts days as dates of the time zone, one by one.
 * @param events all `incident.updated` events of the incidents in question, in order; others are passed over.
 * @param calendar rows of calendar.json; empty for Monday to Friday. @param nowMs server time at which running clocks are judged.
 * @throws Error when an event denies what an earlier one said.
 */
export function recomputeClocks(
  events: Iterable<JournalEntry>,
  town: Pick<Town, 'promises' | 'scene'>,
  calendar: readonly CalendarYear[],
  nowMs: number,
): RecomputedClock[] {
  const localDate = dateIn(town.scene.timeZone);
  const works = worksOn(calendar);
  const clocks: RecomputedClock[] = [];
  for (const story of tellStories(events, nowMs).values()) {
    // Merged: the matter goes on in another incident and is counted there.
    if (story.last.mergedInto) continue;
    for (const promise of town.promises) {
      const span = spanFor(promise.id, story);
      if (!span) continue;
      const [from, to] = span;
      const until = to ?? Math.max(nowMs, from);
      const rests = promise.id.startsWith('close') ? [...story.pauses.values()].filter(({ fromMs }) => fromMs <= until) : [];
      const rested = rests.map(({ fromMs, toMs }): [number, number] => [fromMs, Math.min(toMs ?? until, until)]);
      const pausedMs = rested.reduce((sum, [a, b]) => sum + Math.max(0, b - Math.max(a, from)), 0);
      const deadlineMs =
        promise.workingDays === null ? from + promise.limitS * 1000 + pausedMs : lastDay(promise.workingDays, from, rested);
      const verdict = (): RecomputedClock['verdict'] => {
        if (to !== null) return to <= deadlineMs ? 'kept' : 'broken';
        if (rests.some(({ toMs }) => toMs === null)) return 'paused';
        return until <= deadlineMs ? 'inTime' : 'late';
      };
      clocks.push({
        incidentId: story.last.id,
        promiseId: promise.id,
        startedAtMs: from,
        endedAtMs: to,
        deadlineMs,
        pausedMs,
        verdict: verdict(),
      });
    }
  }
  return clocks;

  /** Walks from noon to noon, finds where the date turns, and counts the days at whose end the clock ran. */
  function lastDay(count: number, from: number, rested: readonly (readonly [number, number])[]): number {
    let date = localDate(from);
    for (let left = count; ;) {
      date = nextDate(date);
      if (!works(date)) continue;
      const end = lastMomentOf(date);
      if (rested.some(([a, b]) => end >= a && end < b)) continue;
      left -= 1;
      if (left === 0) return end;
    }
  }
  function lastMomentOf(date: string): number {
    // Somewhere within a day and a half of noon UTC the local date turns: halve the span until it is found.
    let inside = Date.parse(`${date}T12:00:00Z`);
    while (localDate(inside) < date) inside += 6 * 3_600_000;
    while (localDate(inside) > date) inside -= 6 * 3_600_000;
    let outside = inside + 30 * 3_600_000;
    while (outside - inside > 1) {
      const middle = Math.floor((inside + outside) / 2);
      if (localDate(middle) <= date) inside = middle;
      else outside = middle;
    }
    return inside;
  }
}

function spanFor(id: ServicePromise['id'], story: Story): [number, number | null] | null {
  const { last, reported, accepted, setOut, arrived, closed } = story;
  if (id === 'accept') return [reported, accepted];
  if (id === 'setOut') return setOut === null && closed !== null ? null : [reported, setOut];
  if (id === 'closeUrgent') return last.urgent ? [reported, closed] : null;
  if (id === 'closeOther') return last.urgent ? null : [reported, closed];
  if (last.inCore !== (id === 'arriveCore')) return null;
  if (arrived) return [arrived.ordered, arrived.at];
  const standing = last.assignments.filter(({ releasedAtMs }) => releasedAtMs === null).map(({ orderedAtMs }) => orderedAtMs);
  return standing.length === 0 || closed !== null ? null : [Math.min(...standing), null];
}
