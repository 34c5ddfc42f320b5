import { describe, expect, test } from 'vitest';
import type { DeskRules } from '../../../../gateway/desk/incidentBook.ts';
import { clockRulesOf, promiseClocks } from '../../../../protocol/clocks/promiseClocks.ts';
import { makeReport, tinyTown } from '../../../integration/tinyTown.ts';
import { openTestDesk, startMs } from './openTestDesk.ts';

const why = { zh: '因为', en: 'Because' };
const rules: DeskRules = {
  merging: { basis: 'inferred', source: 'test', usual: { radiusM: 100, withinMin: 30 }, byType: { dog: null } },
  triage: [
    { id: 'crowd', when: { typeIds: ['digging'], leastReporters: 3 }, tier: 'major', why, basis: 'inferred', source: 'test' },
    { id: 'urgent_mode', when: { mode: 'urgent', graveAs: 2 }, tier: 'major', why, basis: 'brief', source: 'test' },
    { id: 'grid', when: { channelIds: ['ai'] }, tier: 'simple', why, basis: 'brief', source: 'test' },
  ],
};
const openDesk = () => openTestDesk(undefined, startMs, [], rules);
const east = (m: number) => makeReport({ lonDeg: makeReport().lonDeg + m / 95_600 });
const reason = 'because of a test';

describe('reports of one matter', () => {
  test('near in place and time are one incident, every reporter kept; farther, later, or of a type that never merges are not', () => {
    const { intake, incident, clock, journal } = openDesk();
    const first = intake.report(makeReport());
    clock.advance(60_000);
    expect(intake.report({ ...east(90), channelId: 'ai', note: { zh: '也', en: 'me too' }, cameraIds: ['cam'] })).toBe(first);
    expect(incident(first)).toMatchObject({
      reporterCount: 2,
      channelId: 'public',
      cameraIds: ['cam'],
      reports: [
        { channelId: 'public', atMs: startMs, answeredAtMs: null },
        { channelId: 'ai', note: { en: 'me too' }, fromIncidentId: null },
      ],
    });
    expect(incident(first).steps.at(-1)).toMatchObject({ action: 'merged', state: 'reported', by: { deskId: 'ai' } });
    // Each report is an arrival of its own channel; the matter waits once.
    expect(journal.latest('channel.updated', 'ai')).toMatchObject({ today: 1, pending: 0 });
    expect(journal.latest('channel.updated', 'public')).toMatchObject({ today: 1, pending: 1 });
    expect(intake.report(east(120))).not.toBe(first);
    expect(intake.report(makeReport({ typeId: 'dog' }))).not.toBe(intake.report(makeReport({ typeId: 'dog' })));
    clock.advance(30 * 60_000 + 1);
    expect(intake.report(makeReport())).not.toBe(first);
  });

  test('more reporters may change what the rules propose, until somebody has judged it', () => {
    const { intake, incident, command } = openDesk();
    const id = intake.report(makeReport());
    expect(incident(id)).toMatchObject({ tier: 'general', triageRule: { ruleId: 'eventType', isAssumption: false } });
    intake.report(makeReport());
    intake.report(makeReport());
    expect(incident(id)).toMatchObject({ tier: 'major', triageRule: { ruleId: 'crowd', why, isAssumption: true } });
    const other = intake.report(east(500));
    command('incident.triage', { incidentId: other, tier: 'general' });
    for (let i = 0; i < 3; i += 1) intake.report(east(500));
    expect(incident(other)).toMatchObject({ reporterCount: 4, tier: 'general' });
  });

  test('a report is split off again and merged by hand, with a reason, and is counted once', () => {
    const { intake, incident, command, journal } = openDesk();
    const id = intake.report(makeReport());
    intake.report(makeReport({ channelId: 'ai' }));
    const reportId = incident(id).reports![1]!.id;
    expect(command('incident.split', { incidentId: id, reportId })).toMatchObject({ error: { code: 'reasonRequired' } });
    expect(command('incident.split', { incidentId: id, reportId }, { reason }).status).toBe('applied');
    const other = [...journal.all('incident.updated')].find((one) => one.id !== id)!;
    expect(other).toMatchObject({
      channelId: 'ai',
      reporterCount: 1,
      reportedAtMs: startMs,
      tier: 'simple',
      reports: [{ id: reportId }],
    });
    expect(incident(id)).toMatchObject({ reporterCount: 1, reports: [{ channelId: 'public' }] });
    expect(journal.latest('channel.updated', 'ai')).toMatchObject({ today: 1, pending: 1 });
    expect(command('incident.split', { incidentId: id, reportId: incident(id).reports![0]!.id }, { reason })).toMatchObject({
      error: { code: 'illegalStep' },
    });

    command('incident.dispatch', { incidentId: other.id, unitIds: ['car-2'] });
    expect(command('incident.merge', { incidentId: id, otherId: other.id }, { reason }).status).toBe('applied');
    expect(incident(other.id)).toMatchObject({ state: 'closed', outcome: 'merged', mergedInto: id });
    expect(incident(id)).toMatchObject({ reporterCount: 2, reports: [{}, { id: reportId, fromIncidentId: other.id }] });
    expect(journal.latest('channel.updated', 'ai')).toMatchObject({ today: 1, pending: 0 });
    for (const otherId of [id, other.id, 'nobody'])
      expect(command('incident.merge', { incidentId: id, otherId }, { reason }).status).toBe('rejected');
  });

  test('each reporter is answered once, also after the end', () => {
    const { intake, incident, command, clock } = openDesk();
    const id = intake.report(makeReport());
    intake.report(makeReport());
    const [first, second] = incident(id).reports!.map((report) => report.id);
    expect(command('incident.answer', { incidentId: id, reportIds: ['nobody'] })).toMatchObject({ error: { path: 'data.reportIds[0]' } });
    expect(command('incident.answer', { incidentId: id, reportIds: [first] }).status).toBe('applied');
    command('incident.close', { incidentId: id, outcome: 'noAction' }, { reason });
    clock.advance(5000);
    expect(command('incident.answer', { incidentId: id, reportIds: [first, second] }).status).toBe('applied');
    expect(incident(id).reports!.map(({ answeredAtMs }) => answeredAtMs)).toEqual([startMs, startMs + 5000]);
    expect(command('incident.answer', { incidentId: id, reportIds: [second] })).toMatchObject({ error: { code: 'illegalStep' } });
  });
});

describe('who takes it', () => {
  test('the rules propose by the mode that the desk is in; another tier needs a reason and is marked', () => {
    const { intake, incident, command } = openDesk();
    command('mode.set', { mode: 'urgent' }, { reason });
    const id = intake.report(makeReport());
    expect(incident(id)).toMatchObject({ tier: 'major', triageRule: { ruleId: 'urgent_mode' } });
    expect(command('incident.triage', { incidentId: id, tier: 'simple' })).toMatchObject({ error: { code: 'reasonRequired' } });
    expect(command('incident.triage', { incidentId: id, tier: 'major' }).status).toBe('applied');
    expect(incident(id).steps.at(-1)).not.toHaveProperty('action');
    expect(command('incident.triage', { incidentId: id, tier: 'general' }, { reason }).status).toBe('applied');
    expect(incident(id).steps.at(-1)).toMatchObject({ action: 'overridden', reason, state: 'triaged' });
    // The proposal stays: the card shows both.
    expect(incident(id)).toMatchObject({ tier: 'general', triageRule: { tier: 'major' } });
  });

  test('a leader of the town takes the chair of what is major, and leaves it', () => {
    const { intake, incident, command } = openDesk();
    const id = intake.report(makeReport());
    expect(command('incident.chair', { incidentId: id, chairId: 'mayor' })).toMatchObject({ error: { code: 'illegalStep' } });
    command('incident.triage', { incidentId: id, tier: 'major' }, { reason });
    expect(command('incident.chair', { incidentId: id, chairId: 'nobody' })).toMatchObject({ error: { code: 'notFound' } });
    expect(command('incident.chair', { incidentId: id, chairId: 'mayor' }).status).toBe('applied');
    expect(incident(id)).toMatchObject({ chair: { id: 'mayor', sinceMs: startMs, by: { deskId: 'wall-1' } } });
    expect(incident(id).steps.at(-1)).toMatchObject({ action: 'chaired' });
    expect(command('incident.chair', { incidentId: id, chairId: null }).status).toBe('applied');
    expect(incident(id).chair).toBeNull();
  });
});

describe('units on their way', () => {
  test('a crew has the order, or cannot go: then the incident waits again and says why', () => {
    const { intake, incident, command, orders, unit } = openDesk();
    const id = intake.report(makeReport());
    command('incident.dispatch', { incidentId: id, unitIds: ['car-1', 'car-2'] });
    expect(intake.progress({ unitId: 'car-1', incidentId: id, step: 'acknowledged' })).toBe(true);
    expect(intake.progress({ unitId: 'car-1', incidentId: id, step: 'acknowledged' })).toBe(false);
    expect(intake.progress({ unitId: 'car-2', incidentId: id, step: 'declined', note: 'flat tyre' })).toBe(true);
    expect(incident(id)).toMatchObject({
      state: 'dispatched',
      assignments: [
        { unitId: 'car-1', acknowledgedAtMs: startMs, releasedAtMs: null },
        { unitId: 'car-2', declinedReason: 'flat tyre', releasedAtMs: startMs },
      ],
    });
    expect(incident(id).steps.at(-1)).toMatchObject({ action: 'declined', unitId: 'car-2', reason: 'flat tyre' });
    expect(unit('car-2').status).toBe('available');
    expect(intake.progress({ unitId: 'car-1', incidentId: id, step: 'declined', note: 'no fuel' })).toBe(true);
    expect(incident(id).state).toBe('triaged');
    expect(orders.filter(({ kind }) => kind === 'recall')).toHaveLength(2);
  });

  test('a unit is taken from one incident to another in one instant, with a reason, or stays where it is', () => {
    const { intake, incident, command, orders, unit } = openDesk();
    const from = intake.report(makeReport({ typeId: 'dog' }));
    const to = intake.report(makeReport());
    command('incident.dispatch', { incidentId: from, unitIds: ['car-1'] });
    expect(command('incident.reassign', { incidentId: to, unitId: 'car-1' })).toMatchObject({ error: { code: 'reasonRequired' } });
    expect(command('incident.reassign', { incidentId: to, unitId: 'car-2' }, { reason })).toMatchObject({
      error: { code: 'unitNotAvailable' },
    });
    expect(command('incident.reassign', { incidentId: to, unitId: 'car-1' }, { reason }).status).toBe('applied');
    expect(incident(from)).toMatchObject({ state: 'triaged', assignments: [{ releasedAtMs: startMs }] });
    expect(incident(to)).toMatchObject({ state: 'dispatched', assignments: [{ unitId: 'car-1', releasedAtMs: null }] });
    expect(incident(to).steps.at(-1)).toMatchObject({ action: 'reassigned', unitId: 'car-1', reason });
    expect(unit('car-1').incidentId).toBe(to);
    expect(orders.map((order) => [order.kind, 'incidentId' in order ? order.incidentId : null])).toEqual([
      ['go', from],
      ['recall', from],
      ['go', to],
    ]);
    command('incident.close', { incidentId: from, outcome: 'noAction' }, { reason });
    const before = structuredClone(incident(to));
    expect(command('incident.reassign', { incidentId: from, unitId: 'car-1' }, { reason })).toMatchObject({
      error: { code: 'illegalStep' },
    });
    expect(incident(to)).toEqual(before);
  });

  test('several agencies go together and are stood down together', () => {
    const { intake, incident, command, unit } = openDesk();
    const id = intake.report(makeReport());
    command('incident.dispatch', { incidentId: id, unitIds: ['car-1', 'car-2', 'walker-1'] });
    intake.progress({ unitId: 'car-1', incidentId: id, step: 'arrived' });
    expect(command('incident.standDown', { incidentId: id, unitIds: ['car-2', 'drone-1'] })).toMatchObject({
      error: { path: 'data.unitIds[1]' },
    });
    expect(command('incident.standDown', { incidentId: id, unitIds: ['car-2', 'walker-1'] }).status).toBe('applied');
    expect(incident(id).state).toBe('onScene');
    expect(['car-1', 'car-2', 'walker-1'].map((unitId) => unit(unitId).status)).toEqual(['onScene', 'available', 'available']);
    expect(command('incident.standDown', { incidentId: id, unitIds: ['car-1'] }).status).toBe('applied');
    expect(incident(id)).toMatchObject({ state: 'triaged' });
  });
});

describe('the pause of the promise to close', () => {
  test('needs a reason and the duty leader, stops that clock alone, stands in the record, and ends when somebody counts again', () => {
    const { intake, incident, command, clock } = openDesk();
    const rulesOfClocks = clockRulesOf(tinyTown);
    const incidentId = intake.report(makeReport());
    const clockOf = (id: string) => promiseClocks(incident(incidentId), rulesOfClocks, clock.nowMs()).find((one) => one.promise.id === id)!;
    const closing = incident(incidentId).urgent ? 'closeUrgent' : 'closeOther';
    expect(command('incident.pauseClock', { incidentId })).toMatchObject({ status: 'rejected', error: { code: 'reasonRequired' } });
    expect(command('incident.pauseClock', { incidentId }, { reason, role: 'operator' }).status).toBe('forbidden');
    expect(command('incident.resumeClock', { incidentId })).toMatchObject({ status: 'rejected' });
    clock.advance(10_000);
    expect(command('incident.pauseClock', { incidentId }, { reason }).status).toBe('applied');
    expect(command('incident.pauseClock', { incidentId }, { reason }).status).toBe('rejected');
    clock.advance(40_000);
    expect(clockOf(closing)).toMatchObject({ state: 'paused', elapsedMs: 10_000, pausedMs: 40_000, pause: { reason } });
    expect(clockOf('accept')).toMatchObject({ state: 'warned', elapsedMs: 50_000, pausedMs: 0, pause: null });
    expect(command('incident.resumeClock', { incidentId }, { role: 'operator' }).status).toBe('applied');
    clock.advance(5000);
    expect(clockOf(closing)).toMatchObject({ state: 'running', elapsedMs: 15_000, pausedMs: 40_000, pause: null });
    expect(incident(incidentId).steps.map(({ action }) => action)).toEqual([undefined, 'paused', 'resumed']);
    expect(command('incident.pauseClock', { incidentId }, { reason }).status).toBe('applied');
    command('incident.close', { incidentId, outcome: 'noAction' }, { reason });
    expect(incident(incidentId).pauses!.map(({ toMs }) => toMs)).toEqual([startMs + 50_000, startMs + 55_000]);
    expect(command('incident.pauseClock', { incidentId }, { reason }).status).toBe('rejected');
  });
});
