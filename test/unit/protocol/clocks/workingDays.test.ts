import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWorkingCalendar, endOfDayMs, localDayOf, workingDaysDeadline } from '../../../../protocol/clocks/workingDays.ts';
import type { CalendarYear } from '../../../../protocol/town/town.ts';

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8'));
const years = read('scenes/wuzhen/calendar.json') as CalendarYear[];
/** A second source: a package that people in China keep up. */
const second = read('test/samples/chineseDays.json') as { holidays: string[]; workdays: string[] };
const calendar = createWorkingCalendar(years);
const DAY_MS = 86_400_000;
const dayOf = (date: string): number => Date.parse(`${date}T00:00:00Z`) / DAY_MS;
const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
/** 09:30 in Wuzhen. */
const morning = (date: string): number => Date.parse(`${date}T01:30:00Z`);
const deadlineDate = (from: string, n = 3): string =>
  dateOf(localDayOf(workingDaysDeadline(morning(from), n, 480, calendar).deadlineMs, 480));

describe('the published calendars of 2024 to 2026', () => {
  it('are read as the second source reads them, day by day', () => {
    expect(years.map(({ year }) => year)).toEqual([2024, 2025, 2026]);
    const [off, worked] = [new Set(second.holidays), new Set(second.workdays)];
    let days = 0;
    for (let day = dayOf('2024-01-01'); day <= dayOf('2026-12-31'); day += 1) {
      const date = dateOf(day);
      const weekend = ['Sat', 'Sun'].includes(new Date(day * DAY_MS).toUTCString().slice(0, 3));
      expect([date, calendar.isWorkingDay(day)]).toEqual([date, worked.has(date) || (!off.has(date) && !weekend)]);
      expect(calendar.isKnown(day)).toBe(true);
      days += 1;
    }
    expect(days).toBe(1096);
  });
  it('have 251, 248 and 248 working days', () => {
    const worked = (year: number): number => {
      let n = 0;
      for (let day = dayOf(`${year}-01-01`); day <= dayOf(`${year}-12-31`); day += 1) n += Number(calendar.isWorkingDay(day));
      return n;
    };
    expect([2024, 2025, 2026].map(worked)).toEqual([251, 248, 248]);
  });
  it('give the third working day after any day, counted one by one from a list of all working days', () => {
    const list: number[] = [];
    for (let day = dayOf('2024-01-01'); day <= dayOf('2026-12-31'); day += 1) if (calendar.isWorkingDay(day)) list.push(day);
    for (let day = dayOf('2024-01-01'); day <= dayOf('2026-12-20'); day += 1) {
      const third = list.filter((one) => one > day)[2]!;
      expect([dateOf(day), deadlineDate(dateOf(day))]).toEqual([dateOf(day), dateOf(third)]);
    }
  });
  it('carry known weeks over holidays and make-up days', () => {
    // The eve of the golden week of 2024: 1 to 7 October off, Saturday 12 worked.
    expect(deadlineDate('2024-09-30')).toBe('2024-10-10');
    expect(deadlineDate('2024-10-10')).toBe('2024-10-14');
    // National Day and Mid-Autumn of 2025: eight days off, Sunday 28 September and Saturday 11 October worked.
    expect(deadlineDate('2025-09-27')).toBe('2025-09-30');
    expect(deadlineDate('2025-09-30')).toBe('2025-10-11');
    // The nine days of the spring festival of 2026, Saturdays 14 and 28 February worked.
    expect(deadlineDate('2026-02-13')).toBe('2026-02-25');
    expect(deadlineDate('2026-02-26')).toBe('2026-03-02');
    // Labour Day of 2026, Saturday 9 May worked.
    expect(deadlineDate('2026-05-07')).toBe('2026-05-11');
  });
});

describe('working days', () => {
  it('fall back to Monday to Friday where the year has no calendar, and say so', () => {
    const over = workingDaysDeadline(morning('2026-12-30'), 3, 480, calendar);
    expect([dateOf(localDayOf(over.deadlineMs, 480)), over.assumed]).toEqual(['2027-01-04', true]);
    expect(workingDaysDeadline(morning('2026-12-25'), 3, 480, calendar).assumed).toBe(false);
  });
  it('are read in the town’s own time, and end with the last millisecond of their day', () => {
    const none = createWorkingCalendar([]);
    const utc = (day: number, hour: number): number => Date.UTC(2026, 4, day, hour);
    const until = (fromMs: number, offsetMin: number) => workingDaysDeadline(fromMs, 1, offsetMin, none).deadlineMs;
    // 15:59 UTC on Friday the 15th is still Friday in Wuzhen, 16:00 UTC is Saturday.
    expect(until(utc(15, 15), 480)).toBe(utc(18, 16) - 1);
    expect(until(utc(15, 16), 480)).toBe(utc(18, 16) - 1);
    expect(until(utc(17, 16), 480)).toBe(utc(19, 16) - 1);
    expect(until(utc(15, 16), 0)).toBe(utc(19, 0) - 1);
    expect(until(utc(15, 3), -300)).toBe(utc(16, 5) - 1);
  });
  it('never end earlier for a later report or for more days', () => {
    const atMs = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2026, 11, 20) });
    fc.assert(
      fc.property(atMs, fc.integer({ min: 0, max: 9 * DAY_MS }), fc.integer({ min: 1, max: 9 }), (fromMs, laterMs, n) => {
        const one = workingDaysDeadline(fromMs, n, 480, calendar).deadlineMs;
        expect(workingDaysDeadline(fromMs + laterMs, n, 480, calendar).deadlineMs).toBeGreaterThanOrEqual(one);
        expect(workingDaysDeadline(fromMs, n + 1, 480, calendar).deadlineMs).toBeGreaterThan(one);
        expect(calendar.isWorkingDay(localDayOf(one, 480))).toBe(true);
        expect(one).toBe(endOfDayMs(localDayOf(one, 480), 480));
      }),
    );
  });
});
