import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Incident, Pause } from '../../../../protocol/messages/index.ts';
import { openClocks, promiseClocks } from '../../../../protocol/clocks/promiseClocks.ts';
import type { ClockRules } from '../../../../protocol/clocks/promiseClocks.ts';
import { createWorkingCalendar } from '../../../../protocol/clocks/workingDays.ts';
import { NOW_MS, incidentFixture } from '../../renderer/panels/factFixture.ts';
import { townFixture } from '../../renderer/panels/townFixture.ts';

const H = 3_600_000;
const DAY = 24 * H;
const rules: ClockRules = { promises: townFixture().promises, calendar: createWorkingCalendar([]), utcOffsetMin: 480 };
const clockOf = (incident: Incident, nowMs = NOW_MS) => openClocks(incident, rules, nowMs)[0];
const closing = (incident: Incident, nowMs = NOW_MS) =>
  promiseClocks(incident, rules, nowMs).find(({ promise }) => promise.id.startsWith('close'))!;
const by = { deskId: 'd', name: { zh: '席', en: 'Desk' }, simulated: false };
const pause = (fromMs: number, toMs: number | null): Pause => ({
  fromMs,
  by,
  reason: '等产权单位',
  toMs,
  endedBy: toMs === null ? null : by,
});
const sent = {
  unitId: 'ce07',
  orderedAtMs: NOW_MS - 40_000,
  setOutAtMs: NOW_MS - 30_000,
  arrivedAtMs: null,
  releasedAtMs: null,
  etaAtMs: null,
  route: [],
};
const withSteps = (incident: Incident, ...after: [Incident['state'], number][]): Incident => ({
  ...incident,
  steps: [...incident.steps.slice(0, 1), ...after.map(([state, atMs]) => ({ ...incident.steps[0]!, state, atMs }))],
});

describe('the clock of an incident that breaks next', () => {
  it('runs to accept, then to set out, both from the report', () => {
    expect(clockOf(withSteps(incidentFixture('1', 'reported', 20)))).toMatchObject({
      promise: { id: 'accept' },
      leftMs: 40_000,
      state: 'running',
    });
    const accepted = withSteps(incidentFixture('1', 'accepted', 20), ['accepted', NOW_MS - 10_000]);
    expect(clockOf(accepted)).toMatchObject({ promise: { id: 'setOut' }, leftMs: 280_000 });
    const late = withSteps(incidentFixture('1', 'triaged', 400), ['triaged', NOW_MS - 390_000]);
    expect(clockOf(late)).toMatchObject({ promise: { id: 'setOut' }, leftMs: -100_000, used: 1, state: 'breached' });
  });
  it('runs to arrive from the order, shorter in the core; a unit that was recalled does not count', () => {
    const recalled = { ...sent, unitId: 'ce01', orderedAtMs: NOW_MS - 80_000, releasedAtMs: NOW_MS - 60_000 };
    const driving = withSteps(incidentFixture('1', 'onTheWay', 90, { assignments: [recalled, sent] }), ['accepted', NOW_MS - 85_000]);
    expect(clockOf(driving)).toMatchObject({ promise: { id: 'arriveTown' }, leftMs: 260_000, startedAtMs: sent.orderedAtMs });
    expect(clockOf({ ...driving, inCore: true })).toMatchObject({ promise: { id: 'arriveCore' }, leftMs: 80_000 });
  });
  it('does not begin to count setting out anew after a recall: it was kept or broken once', () => {
    const back = withSteps(
      incidentFixture('1', 'triaged', 400, { assignments: [{ ...sent, setOutAtMs: NOW_MS - 350_000, releasedAtMs: NOW_MS - 10_000 }] }),
      ['accepted', NOW_MS - 380_000],
      ['triaged', NOW_MS - 10_000],
    );
    expect(openClocks(back, rules, NOW_MS).map(({ promise }) => promise.id)).toEqual(['closeUrgent']);
    expect(promiseClocks(back, rules, NOW_MS).find(({ promise }) => promise.id === 'setOut')).toMatchObject({
      state: 'kept',
      elapsedMs: 50_000,
    });
    const neverLeft = { ...back, assignments: [{ ...sent, setOutAtMs: null, releasedAtMs: NOW_MS - 10_000 }] };
    expect(clockOf(neverLeft)).toMatchObject({ promise: { id: 'setOut' }, state: 'breached', leftMs: -100_000 });
  });
  it('takes an arrival that was told alone as setting out too', () => {
    const there = incidentFixture('1', 'onScene', 100, { assignments: [{ ...sent, setOutAtMs: null, arrivedAtMs: NOW_MS - 5000 }] });
    expect(promiseClocks(there, rules, NOW_MS).find(({ promise }) => promise.id === 'setOut')).toMatchObject({
      elapsedMs: 95_000,
      state: 'kept',
    });
  });
  it('stands when it is closed, nothing is promised, or another server decides', () => {
    const closed = withSteps(incidentFixture('1', 'closed', 3600), ['closed', NOW_MS - 10]);
    expect(openClocks(closed, rules, NOW_MS)).toEqual([]);
    const open = incidentFixture('1', 'reported', 20);
    expect(openClocks(open, { ...rules, promises: [] }, NOW_MS)).toEqual([]);
    expect(promiseClocks({ ...open, origin: { sourceId: 'east', name: { zh: '东', en: 'East' } } }, rules, NOW_MS)).toEqual([]);
  });
  it('warns from the share that the scene names, and at four fifths where it names none', () => {
    const at = (usedShare: number, warnAt?: number) => {
      const promises = rules.promises.map((row) => (warnAt === undefined ? { ...row, warnAt: undefined } : { ...row, warnAt }));
      return openClocks(incidentFixture('1', 'reported', 60 * usedShare), { ...rules, promises }, NOW_MS)[0]!.state;
    };
    expect([at(0.79), at(0.8), at(1), at(1.01)]).toEqual(['running', 'warned', 'warned', 'breached']);
    expect([at(0.49, 0.5), at(0.5, 0.5)]).toEqual(['running', 'warned']);
  });
});

describe('a pause', () => {
  const urgent = incidentFixture('1', 'onScene', 10 * 3600);
  const ordinary = incidentFixture('1', 'onScene', 10 * 3600, { urgent: false });

  it('moves the limit of hours on by its length, and only that of closing', () => {
    const paused = { ...urgent, pauses: [pause(NOW_MS - 6 * H, NOW_MS - 2 * H)] };
    expect(closing(paused)).toMatchObject({
      state: 'running',
      pausedMs: 4 * H,
      elapsedMs: 6 * H,
      deadlineMs: closing(urgent).deadlineMs + 4 * H,
    });
    const other = (it: Incident) => promiseClocks(it, rules, NOW_MS).filter(({ promise }) => !promise.id.startsWith('close'));
    expect(other(paused)).toEqual(other(urgent));
  });
  it('holds the clock while it is open, says why, and comes last', () => {
    const paused = { ...urgent, pauses: [pause(NOW_MS - 2 * H, null)] };
    for (const later of [0, 5 * H, 40 * DAY]) {
      expect(closing(paused, NOW_MS + later)).toMatchObject({
        state: 'paused',
        elapsedMs: 8 * H,
        leftMs: 16 * H,
        pause: { reason: '等产权单位' },
      });
    }
  });
  it('leaves out the working days at whose end it stood', () => {
    // Reported on Wednesday 13 May 2026: the third working day after it is Monday 18.
    expect(closing(ordinary).deadlineMs).toBe(Date.UTC(2026, 4, 18, 16) - 1);
    const over = (fromDay: number, toDay: number) => [pause(Date.UTC(2026, 4, fromDay, 4), Date.UTC(2026, 4, toDay, 4))];
    const then = Date.UTC(2026, 4, 25);
    const until = (pauses: Pause[]) => closing({ ...ordinary, pauses }, then).deadlineMs;
    expect(until(over(14, 15))).toBe(Date.UTC(2026, 4, 19, 16) - 1);
    // Within a day, and over a weekend that counts for nothing anyway.
    expect(until([pause(Date.UTC(2026, 4, 14, 1), Date.UTC(2026, 4, 14, 9))])).toBe(Date.UTC(2026, 4, 18, 16) - 1);
    expect(until(over(16, 17))).toBe(Date.UTC(2026, 4, 18, 16) - 1);
  });
  it('never makes a deadline earlier, never breaks a clock while it is open, and counts no time twice', () => {
    const hour = fc.integer({ min: 0, max: 200 });
    const anyPauses = fc.uniqueArray(hour, { maxLength: 9 }).map((hours) => {
      const sorted = hours.toSorted((a, b) => a - b).map((h) => NOW_MS + h * H);
      return sorted.flatMap((fromMs, i) => (i % 2 === 0 ? [pause(fromMs, sorted[i + 1] ?? null)] : []));
    });
    fc.assert(
      fc.property(anyPauses, fc.boolean(), fc.integer({ min: 0, max: 300 }), (pauses, isUrgent, laterH) => {
        const nowMs = NOW_MS + laterH * H;
        const plain = incidentFixture('1', 'onScene', 0, { urgent: isUrgent });
        const without = closing(plain, nowMs);
        const clock = closing({ ...plain, pauses }, nowMs);
        expect(clock.deadlineMs).toBeGreaterThanOrEqual(without.deadlineMs);
        expect(clock.elapsedMs + clock.pausedMs).toBe(without.elapsedMs);
        const open = pauses.find((one) => one.toMs === null);
        if (open && open.fromMs <= nowMs && closing({ ...plain, pauses }, open.fromMs).leftMs >= 0) {
          expect(clock.leftMs).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
