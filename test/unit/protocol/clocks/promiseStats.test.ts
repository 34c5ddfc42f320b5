import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Assignment, Incident } from '../../../../protocol/messages/index.ts';
import type { ServicePromise } from '../../../../protocol/town/town.ts';
import { promiseStats } from '../../../../protocol/clocks/promiseStats.ts';
import { createWorkingCalendar } from '../../../../protocol/clocks/workingDays.ts';
import { assignment, incident, step, T0 } from '../../renderer/state/facts.ts';

const promise = (id: ServicePromise['id'], limitS: number, workingDays: number | null = null): ServicePromise => ({
  id,
  name: { zh: id, en: id },
  owner: { zh: '镇', en: 'Town' },
  limitS,
  workingDays,
  source: 'test',
});
const PROMISES = [
  promise('accept', 60),
  promise('setOut', 300),
  promise('arriveCore', 120),
  promise('arriveTown', 300),
  promise('closeUrgent', 86_400),
  promise('closeOther', 7 * 86_400, 3),
];
const RULES = { promises: PROMISES, calendar: createWorkingCalendar([]), utcOffsetMin: 480 };
const S = 1000;
const of = (id: ServicePromise['id'], incidents: Incident[], nowMs = T0 + 3_600_000) =>
  promiseStats(incidents, RULES, nowMs).find((stat) => stat.id === id)!;

describe('promiseStats', () => {
  it('leaves out what another server promised', () => {
    const origin = { sourceId: 'east', name: { zh: '东镇', en: 'East Town' } };
    const own = incident('1');
    expect(of('accept', [own, { ...own, id: '2', origin }]).breachedNow).toBe(of('accept', [own]).breachedNow);
    expect(of('accept', [own]).breachedNow).toBe(1);
  });
  it('has nothing to say about nothing', () => {
    expect(of('accept', [])).toEqual({
      id: 'accept',
      met: 0,
      total: 0,
      share: null,
      medianS: null,
      p90S: null,
      running: 0,
      breachedNow: 0,
      idsByState: { running: [], warned: [], paused: [], breached: [], kept: [], broken: [] },
    });
  });

  it('counts acceptance from the report, and a skipped acceptance by the step that skipped it', () => {
    const kept = incident('a', { steps: [step('reported', T0), step('accepted', T0 + 60 * S)] });
    const late = incident('b', { steps: [step('reported', T0), step('dispatched', T0 + 61 * S)] });
    expect(of('accept', [kept, late])).toMatchObject({ met: 1, total: 2, share: 0.5, medianS: 60, p90S: 61, running: 0 });
  });

  it('tells running from running late', () => {
    expect(of('accept', [incident('a')], T0 + 60 * S)).toMatchObject({ total: 0, running: 1, breachedNow: 0 });
    expect(of('accept', [incident('a')], T0 + 60 * S + 1)).toMatchObject({ total: 1, met: 0, running: 0, breachedNow: 1 });
  });

  it('counts setting out from the report to the first unit under way, and leaves out what was closed with nobody sent', () => {
    const sent = incident('a', {
      assignments: [
        assignment('u1', T0 + 100 * S, { setOutAtMs: T0 + 290 * S }),
        assignment('u2', T0 + 90 * S, { setOutAtMs: T0 + 400 * S }),
      ],
    });
    const rectified = incident('b', { state: 'closed', steps: [step('reported', T0), step('closed', T0 + 900 * S)] });
    expect(of('setOut', [sent, rectified])).toMatchObject({ met: 1, total: 1, medianS: 290 });
  });

  it('counts arrival from the order, in the centre and outside it apart', () => {
    const arrived = { arrivedAtMs: T0 + 320 * S };
    const core = incident('a', { inCore: true, assignments: [assignment('u', T0 + 200 * S, arrived)] });
    const town = incident('b', { inCore: false, assignments: [assignment('u', T0 + 20 * S, arrived)] });
    expect(of('arriveCore', [core, town])).toMatchObject({ met: 1, total: 1, medianS: 120 });
    expect(of('arriveTown', [core, town])).toMatchObject({ met: 1, total: 1, medianS: 300 });
  });

  it('does not count an order that was recalled before anybody arrived', () => {
    const recalled = incident('a', { assignments: [assignment('u', T0, { releasedAtMs: T0 + 30 * S })] });
    expect(of('arriveCore', [recalled])).toMatchObject({ total: 0, running: 0 });
  });

  it('counts closing by urgency: 24 hours, or the end of the third working day', () => {
    const closed = (id: string, urgent: boolean, afterMs: number) =>
      incident(id, { urgent, state: 'closed', steps: [step('reported', T0), step('closed', T0 + afterMs)] });
    const urgent = [closed('a', true, 86_400_000), closed('b', true, 86_400_001)];
    expect(of('closeUrgent', urgent)).toMatchObject({ met: 1, total: 2 });
    // T0 is Wednesday 13 May 2026, 19:20 in Wuzhen: the third working day after it is Monday 18 May, until midnight.
    const monday = Date.UTC(2026, 4, 18, 16) - 1 - T0;
    expect(of('closeOther', [closed('c', false, monday), closed('d', false, monday + 1)])).toMatchObject({ met: 1, total: 2 });
  });

  it('agrees with an independent recount of any day', () => {
    const delayS = fc.option(fc.integer({ min: 0, max: 400_000 }), { nil: null });
    const anyAssignment = fc
      .record({ orderedS: fc.integer({ min: 0, max: 4000 }), setOutS: delayS, arrivedS: delayS, releasedS: delayS })
      .map(({ orderedS, setOutS, arrivedS, releasedS }): Assignment => {
        const after = (s: number | null): number | null => (s === null ? null : T0 + (orderedS + (s % 2000)) * S);
        return assignment('u', T0 + orderedS * S, {
          setOutAtMs: after(setOutS),
          arrivedAtMs: after(arrivedS),
          releasedAtMs: after(releasedS),
        });
      });
    const anyIncident = fc
      .record({
        acceptedS: delayS,
        closedS: delayS,
        urgent: fc.boolean(),
        inCore: fc.boolean(),
        assignments: fc.array(anyAssignment, { maxLength: 4 }),
      })
      .map(({ acceptedS, closedS, ...rest }) =>
        incident('i', {
          ...rest,
          steps: [
            step('reported', T0),
            ...(acceptedS === null ? [] : [step('accepted', T0 + acceptedS * S)]),
            ...(closedS === null ? [] : [step('closed', T0 + closedS * S)]),
          ],
        }),
      );
    fc.assert(
      fc.property(fc.array(anyIncident, { maxLength: 30 }), fc.integer({ min: 0, max: 700_000 }), (incidents, nowS) => {
        const nowMs = T0 + nowS * S;
        for (const stat of promiseStats(incidents, RULES, nowMs)) {
          const again = recount(stat.id, incidents, nowMs);
          const { idsByState, ...figures } = stat;
          expect(figures).toEqual({ ...again, id: stat.id });
          expect(idsByState.kept).toHaveLength(stat.met);
          expect(idsByState.kept.length + idsByState.broken.length + idsByState.breached.length).toBe(stat.total);
          expect(idsByState.running.length + idsByState.warned.length + idsByState.paused.length).toBe(stat.running);
          expect(stat.met).toBeLessThanOrEqual(stat.total);
        }
      }),
    );
  });
});

/** The same definitions, written the other way round: one plain loop, lists and text dates instead of spans and day numbers. */
function recount(id: ServicePromise['id'], incidents: Incident[], nowMs: number) {
  const took: number[] = [];
  let met = 0;
  let running = 0;
  let breachedNow = 0;
  for (const it of incidents) {
    const times = it.steps.filter((s) => s.state !== 'reported').map((s) => s.atMs);
    const closing = it.steps.filter((s) => s.state === 'closed').map((s) => s.atMs);
    let from = it.reportedAtMs;
    let ends: number[] = [];
    let counts = true;
    if (id === 'accept') ends = times;
    if (id === 'setOut') {
      ends = it.assignments.flatMap((a) => a.setOutAtMs ?? a.arrivedAtMs ?? []);
      counts = ends.length > 0 || closing.length === 0;
    }
    if (id === 'closeUrgent' || id === 'closeOther') {
      ends = closing;
      counts = it.urgent === (id === 'closeUrgent');
    }
    if (id === 'arriveCore' || id === 'arriveTown') {
      counts = it.inCore === (id === 'arriveCore');
      ends = it.assignments.flatMap((a) => a.arrivedAtMs ?? []);
      const orders =
        ends.length > 0
          ? it.assignments.filter((a) => a.arrivedAtMs === Math.min(...ends)).slice(0, 1)
          : it.assignments.filter((a) => a.releasedAtMs === null);
      if (orders.length === 0 || (ends.length === 0 && closing.length > 0)) counts = false;
      else from = Math.min(...orders.map((a) => a.orderedAtMs));
    }
    if (!counts) continue;
    const limitMs = { accept: 60, setOut: 300, arriveCore: 120, arriveTown: 300, closeUrgent: 86_400, closeOther: 0 }[id] * S;
    const deadline = id === 'closeOther' ? thirdWorkingDayEnd(from) : from + limitMs;
    if (ends.length > 0) {
      const end = Math.min(...ends);
      took.push((end - from) / S);
      if (end <= deadline) met += 1;
    } else if (nowMs <= deadline) running += 1;
    else breachedNow += 1;
  }
  took.sort((a, b) => a - b);
  const total = took.length + breachedNow;
  const rank = (share: number): number | null => (took.length === 0 ? null : took[Math.ceil(took.length * share) - 1]!);
  return { met, total, share: total === 0 ? null : met / total, medianS: rank(0.5), p90S: rank(0.9), running, breachedNow };
}
function thirdWorkingDayEnd(fromMs: number): number {
  const local = new Date(fromMs + 8 * 3_600_000);
  const day = new Date(`${local.toISOString().slice(0, 10)}T00:00:00Z`);
  for (let left = 3; left > 0;) {
    day.setUTCDate(day.getUTCDate() + 1);
    if (![0, 6].includes(day.getUTCDay())) left -= 1;
  }
  return day.getTime() + 86_400_000 - 8 * 3_600_000 - 1;
}
