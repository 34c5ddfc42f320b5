import type { CalendarYear } from '../town/town.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Which days people work. A day is a number of local days since 1 January 1970. */
export interface WorkingCalendar {
  isWorkingDay(day: number): boolean;
  /** False where no calendar of the day's year is known: Monday to Friday is assumed then. */
  isKnown(day: number): boolean;
}

const dayOf = (date: string): number => Math.floor(Date.parse(`${date}T00:00:00Z`) / DAY_MS);
const yearOf = (day: number): number => new Date(day * DAY_MS).getUTCFullYear();
/** Local day of a moment. @param utcOffsetMin minutes east of UTC. */
export const localDayOf = (atMs: number, utcOffsetMin: number): number => Math.floor((atMs + utcOffsetMin * MINUTE_MS) / DAY_MS);
/** Last millisecond of a local day, UTC. */
export const endOfDayMs = (day: number, utcOffsetMin: number): number => (day + 1) * DAY_MS - utcOffsetMin * MINUTE_MS - 1;

/** A calendar from the published days off and make-up working days; between them Monday to Friday are worked. */
export function createWorkingCalendar(years: readonly CalendarYear[]): WorkingCalendar {
  const known = new Set(years.map(({ year }) => year));
  const off = new Set(years.flatMap(({ daysOff }) => daysOff.map(dayOf)));
  const worked = new Set(years.flatMap(({ workDays }) => workDays.map(dayOf)));
  return {
    isWorkingDay(day) {
      if (worked.has(day)) return true;
      if (off.has(day)) return false;
      // Day 0 was a Thursday.
      const weekday = (((day + 4) % 7) + 7) % 7;
      return weekday !== 0 && weekday !== 6;
    },
    isKnown: (day) => known.has(yearOf(day)),
  };
}

/** A span in which nothing is counted. `toMs` is later than `fromMs`, or the same. */
export interface Standstill {
  fromMs: number;
  toMs: number;
}

/** A limit in working days that no calendar ends within this many days is a fault of the calendar. */
const MOST_DAYS = 4000;

/**
 * The last millisecond of the n-th working day after the day of `fromMs`, in the town's time. A working day at whose end the clock
 * stands still is not counted. `assumed` is true when a year on the way has no calendar.
 * @throws RangeError when the calendar has no such day within ten years.
 */
export function workingDaysDeadline(
  fromMs: number,
  workingDays: number,
  utcOffsetMin: number,
  calendar: WorkingCalendar,
  standstills: readonly Standstill[] = [],
): { deadlineMs: number; assumed: boolean } {
  const first = localDayOf(fromMs, utcOffsetMin);
  let left = workingDays;
  let assumed = false;
  for (let day = first + 1; day <= first + MOST_DAYS; day += 1) {
    assumed ||= !calendar.isKnown(day);
    if (!calendar.isWorkingDay(day)) continue;
    const endMs = endOfDayMs(day, utcOffsetMin);
    if (standstills.some((still) => still.fromMs <= endMs && endMs < still.toMs)) continue;
    left -= 1;
    if (left === 0) return { deadlineMs: endMs, assumed };
  }
  throw new RangeError(`no ${workingDays} working days within ${MOST_DAYS} days`);
}
