import { describe, expect, test } from 'vitest';
import { commands } from '../../../../protocol/commands/index.ts';
import { messages } from '../../../../protocol/messages/index.ts';
import { makeReport, makeUnit } from '../../../integration/tinyTown.ts';
import { openTestDesk, reportOf, startMs } from './openTestDesk.ts';

describe('a report', () => {
  test('becomes an incident with number, place in the core, and the facts of its type', () => {
    const { intake, incident } = openTestDesk();
    const first = incident(intake.report(makeReport()));
    const second = incident(intake.report(makeReport({ typeId: 'dog', lonDeg: 120.55 })));
    expect(first).toMatchObject({ number: '20260513-0001', state: 'reported', inCore: true, severity: 2, urgent: true, tier: 'general' });
    expect(first).toMatchObject({ leadAgencyId: 'ce', supportAgencyIds: ['ps'], reportedAtMs: startMs, rev: 1 });
    expect(second).toMatchObject({ number: '20260513-0002', inCore: false, severity: 4, leadAgencyId: 'ps' });
  });
  test('of an unknown type or channel is refused and leaves nothing behind', () => {
    const { intake, journal } = openTestDesk();
    const head = journal.headSeq;
    expect(() => intake.report(makeReport({ typeId: 'ufo' }))).toThrow('unknown event type ufo');
    expect(() => intake.report(makeReport({ channelId: 'pigeon' }))).toThrow('unknown channel pigeon');
    expect(journal.headSeq).toBe(head);
    expect(intake.report(makeReport())).toContain('20260513-0001');
  });
  test('numbers go on after restored ones and start anew at local midnight', () => {
    const { intake, incident, clock } = openTestDesk();
    const past = { ...incident(intake.report(makeReport())), id: 'old', number: '20260513-0146', state: 'closed' as const };
    intake.restore({ incidents: [past], detections: [] });
    expect(incident(intake.report(makeReport())).number).toBe('20260513-0147');
    clock.advance(5 * 3_600_000);
    expect(incident(intake.report(makeReport())).number).toBe('20260514-0001');
  });
});

describe('dispatch', () => {
  test('in one click: steps, assignment with road ETA, unit and its crew, order to the field', () => {
    const { intake, incident, unit, orders, command } = openTestDesk();
    const incidentId = intake.report(makeReport());
    expect(command('incident.dispatch', { incidentId, unitIds: ['car-1'] })).toMatchObject({ status: 'applied' });
    const after = incident(incidentId);
    expect(after.steps.map((step) => [step.state, step.atMs, step.by.deskId])).toEqual([
      ['reported', startMs, 'public'],
      ['accepted', startMs, 'wall-1'],
      ['triaged', startMs, 'wall-1'],
      ['dispatched', startMs, 'wall-1'],
    ]);
    expect(after.assignments).toMatchObject([
      { unitId: 'car-1', orderedAtMs: startMs, setOutAtMs: null, arrivedAtMs: null, releasedAtMs: null },
    ]);
    expect(after.assignments[0]!.etaAtMs! - startMs).toBeGreaterThan(99_000);
    expect(after.assignments[0]!.etaAtMs! - startMs).toBeLessThan(101_000);
    expect(unit('car-1')).toMatchObject({ status: 'dispatched', incidentId });
    expect(unit('rider-1')).toMatchObject({ status: 'dispatched', incidentId });
    expect(orders).toEqual([
      { kind: 'go', unitId: 'car-1', incidentId, lonDeg: 120.49, latDeg: 30.74, route: after.assignments[0]!.route },
    ]);
  });
  test('all units or none: one that cannot go refuses the whole', () => {
    const { intake, incident, unit, orders, command } = openTestDesk();
    const [one, two] = [intake.report(makeReport()), intake.report(makeReport())];
    command('incident.dispatch', { incidentId: one, unitIds: ['car-1'] });
    const cases = [
      ['car-1', 'unitNotAvailable'],
      ['rider-1', 'unitNotAvailable'],
      ['ghost', 'notFound'],
    ] as const;
    for (const [unitId, code] of cases) {
      const answer = command('incident.dispatch', { incidentId: two, unitIds: ['car-2', unitId] });
      expect(answer).toMatchObject({ status: 'rejected', error: { code, path: 'data.unitIds[1]' } });
    }
    expect(incident(two).state).toBe('reported');
    expect(unit('car-2').status).toBe('available');
    expect(orders).toHaveLength(1);
  });
  test('reinforcement adds units and keeps the state', () => {
    const { intake, incident, command } = openTestDesk();
    const incidentId = intake.report(makeReport());
    command('incident.dispatch', { incidentId, unitIds: ['car-1', 'walker-1'] });
    intake.progress({ unitId: 'car-1', incidentId, step: 'setOut' });
    expect(command('incident.dispatch', { incidentId, unitIds: ['car-2'] }).status).toBe('applied');
    expect(incident(incidentId).state).toBe('onTheWay');
    expect(
      incident(incidentId)
        .steps.filter((step) => step.state === 'dispatched')
        .map((step) => step.unitId),
    ).toEqual(['car-1', 'walker-1', 'car-2']);
  });
  test('an offline unit stays offline and an emergency shows, whatever its duty', () => {
    const { intake, unit, command } = openTestDesk();
    const incidentId = intake.report(makeReport());
    command('incident.dispatch', { incidentId, unitIds: ['walker-1'] });
    const report = reportOf(unit('walker-1'));
    intake.unit({ ...report, status: 'available' });
    expect(unit('walker-1').status).toBe('dispatched');
    intake.unit({ ...report, status: 'emergency' });
    expect(unit('walker-1')).toMatchObject({ status: 'emergency', incidentId });
  });
});

describe('progress from the field', () => {
  test('set out, ETA, arrived, handled: times, steps by the crew, units free at the end', () => {
    const { intake, incident, unit, orders, clock, command } = openTestDesk();
    const incidentId = intake.report(makeReport());
    command('incident.dispatch', { incidentId, unitIds: ['car-1'] });
    clock.advance(60_000);
    intake.progress({ unitId: 'car-1', incidentId, step: 'setOut', etaAtMs: startMs + 200_000 });
    intake.progress({ unitId: 'car-1', incidentId, etaAtMs: startMs + 190_000 });
    expect(incident(incidentId).assignments[0]).toMatchObject({ setOutAtMs: startMs + 60_000, etaAtMs: startMs + 190_000 });
    clock.advance(100_000);
    intake.progress({ unitId: 'car-1', incidentId, step: 'arrived' });
    expect(incident(incidentId).assignments[0]).toMatchObject({ arrivedAtMs: startMs + 160_000, etaAtMs: null, route: [] });
    expect([unit('car-1').status, unit('rider-1').status]).toEqual(['onScene', 'onScene']);
    clock.advance(600_000);
    intake.progress({ unitId: 'car-1', incidentId, step: 'handled', note: 'filled in' });
    const handled = incident(incidentId);
    expect(handled.state).toBe('handled');
    expect(handled.steps.at(-1)).toMatchObject({
      state: 'handled',
      unitId: 'car-1',
      reason: 'filled in',
      by: { deskId: 'car-1', simulated: true },
    });
    expect(handled.steps.map((step) => step.state)).toEqual([
      'reported',
      'accepted',
      'triaged',
      'dispatched',
      'onTheWay',
      'onScene',
      'handled',
    ]);
    expect([unit('car-1'), unit('rider-1')]).toMatchObject([
      { status: 'available', incidentId: null },
      { status: 'available', incidentId: null },
    ]);
    expect(orders.at(-1)).toEqual({ kind: 'recall', unitId: 'car-1', incidentId });
    expect(command('incident.close', { incidentId, outcome: 'handled' })).toMatchObject({ status: 'applied' });
    expect(incident(incidentId)).toMatchObject({ state: 'closed', outcome: 'handled' });
  });
  test('what does not fit is counted and changes nothing', () => {
    const { intake, journal, desk, command } = openTestDesk();
    const incidentId = intake.report(makeReport());
    command('incident.dispatch', { incidentId, unitIds: ['car-1'] });
    const head = journal.headSeq;
    intake.progress({ unitId: 'car-1', incidentId, step: 'handled' });
    intake.progress({ unitId: 'car-2', incidentId, step: 'setOut' });
    intake.progress({ unitId: 'car-1', incidentId: 'another', step: 'arrived' });
    intake.progress({ unitId: 'car-1', incidentId });
    expect(desk.counters.refusedProgress).toBe(4);
    expect(journal.headSeq).toBe(head);
  });
  test('ETAs that hardly move make no events', () => {
    const { intake, journal, command, incident } = openTestDesk();
    const incidentId = intake.report(makeReport());
    command('incident.dispatch', { incidentId, unitIds: ['car-1'] });
    const { etaAtMs } = incident(incidentId).assignments[0]!;
    const head = journal.headSeq;
    for (let i = 0; i < 50; i++) intake.progress({ unitId: 'car-1', incidentId, etaAtMs: etaAtMs! + i * 40 });
    expect(journal.headSeq).toBe(head);
  });
});

describe('recall and close', () => {
  test('the last unit taken back returns the incident to triaged, one of two does not', () => {
    const { intake, incident, unit, orders, command } = openTestDesk();
    const incidentId = intake.report(makeReport());
    command('incident.dispatch', { incidentId, unitIds: ['car-1', 'car-2'] });
    intake.progress({ unitId: 'car-1', incidentId, step: 'setOut' });
    expect(command('incident.recall', { incidentId, unitId: 'car-1' }, { reason: 'needed elsewhere' }).status).toBe('applied');
    expect(incident(incidentId).state).toBe('onTheWay');
    expect(unit('car-1')).toMatchObject({ status: 'available', incidentId: null });
    expect(command('incident.recall', { incidentId, unitId: 'car-2' }).status).toBe('applied');
    expect(incident(incidentId).state).toBe('triaged');
    expect(orders.slice(2).map((order) => [order.kind, order.unitId])).toEqual([
      ['recall', 'car-1'],
      ['recall', 'car-2'],
    ]);
    expect(command('incident.recall', { incidentId, unitId: 'car-2' })).toMatchObject({ status: 'rejected', error: { code: 'notFound' } });
    expect(command('incident.dispatch', { incidentId, unitIds: ['car-1'] }).status).toBe('applied');
  });
  test('closing before it is handled needs a reason, and frees the units', () => {
    const { intake, incident, unit, command } = openTestDesk();
    const incidentId = intake.report(makeReport());
    command('incident.dispatch', { incidentId, unitIds: ['car-1'] });
    for (const reason of [null, '', '  ']) {
      const answer = command('incident.close', { incidentId, outcome: 'noAction' }, { reason });
      expect(answer).toMatchObject({ status: 'rejected', error: { code: 'reasonRequired', path: 'reason' } });
    }
    expect(command('incident.close', { incidentId, outcome: 'noAction' }, { reason: 'false alarm' }).status).toBe('applied');
    expect(incident(incidentId).steps.at(-1)).toMatchObject({ state: 'closed', reason: 'false alarm' });
    expect(unit('car-1').status).toBe('available');
    expect(command('incident.close', { incidentId, outcome: 'noAction' }, { reason: 'again' })).toMatchObject({
      error: { code: 'illegalStep' },
    });
    expect(command('incident.dispatch', { incidentId, unitIds: ['car-1'] })).toMatchObject({ error: { code: 'illegalStep' } });
  });
  test('steps are bounded: after very many dispatches and recalls only closing is left', () => {
    const { intake, incident, command } = openTestDesk();
    const incidentId = intake.report(makeReport());
    let answer = command('incident.accept', { incidentId });
    for (let i = 0; i < 300 && answer.status === 'applied'; i++) {
      answer = command('incident.dispatch', { incidentId, unitIds: ['car-1'] });
      if (answer.status === 'applied') command('incident.recall', { incidentId, unitId: 'car-1' });
    }
    expect(answer.status).toBe('rejected');
    expect(incident(incidentId).assignments.length).toBeLessThanOrEqual(32);
    expect(command('incident.close', { incidentId, outcome: 'transferred' }, { reason: 'enough' }).status).toBe('applied');
  });
});

describe('[P-05] commands', () => {
  test('[P-05] a repetition gets the first answer and does nothing, also when the first was a refusal', () => {
    const { intake, journal, command } = openTestDesk();
    const incidentId = intake.report(makeReport());
    const id = '0190a1b2-0000-7000-8000-000000000001';
    const first = command('incident.accept', { incidentId }, { id });
    const head = journal.headSeq;
    expect(command('incident.accept', { incidentId }, { id })).toEqual({ ...first, status: 'duplicate' });
    const refusedId = '0190a1b2-0000-7000-8000-000000000002';
    const refused = command('incident.close', { incidentId, outcome: 'noAction' }, { id: refusedId });
    expect(command('incident.close', { incidentId, outcome: 'noAction' }, { id: refusedId, reason: 'now with one' })).toEqual(refused);
    expect(journal.headSeq).toBe(head);
  });
  test('[P-05] a rev that is old or from nowhere is a conflict; ETAs alone are not', () => {
    const { intake, incident, command } = openTestDesk();
    const incidentId = intake.report(makeReport());
    command('incident.dispatch', { incidentId, unitIds: ['car-1'] }, { rev: 1 });
    const seen = incident(incidentId).rev;
    intake.progress({ unitId: 'car-1', incidentId, etaAtMs: startMs + 500_000 });
    expect(incident(incidentId).rev).toBe(seen + 1);
    expect(command('incident.dispatch', { incidentId, unitIds: ['car-2'] }, { rev: 1 })).toMatchObject({
      status: 'conflict',
      error: { path: 'rev' },
    });
    expect(command('incident.dispatch', { incidentId, unitIds: ['car-2'] }, { rev: seen + 9 })).toMatchObject({ status: 'conflict' });
    expect(command('incident.dispatch', { incidentId, unitIds: ['car-2'] }, { rev: seen })).toMatchObject({ status: 'applied' });
  });
  test('[P-05] late is expired, to the millisecond of server time', () => {
    const { intake, clock, command } = openTestDesk();
    const incidentId = intake.report(makeReport());
    expect(command('incident.accept', { incidentId }, { expiresAtMs: clock.nowMs() - 1 })).toMatchObject({ status: 'expired', seq: null });
    expect(command('incident.accept', { incidentId }, { expiresAtMs: clock.nowMs() })).toMatchObject({ status: 'applied' });
  });
  test('roles: a viewer asks for nothing, an operator for all but the mode, the chair and pauses, a leader for everything', () => {
    const { command } = openTestDesk();
    const may = (role: 'viewer' | 'operator' | 'leader' | 'admin'): string[] =>
      commands.map(({ type }) => type).filter((type) => command(type, {}, { role }).status !== 'forbidden');
    const all = commands.map(({ type }) => type as string);
    expect(may('viewer')).toEqual([]);
    expect(may('operator')).toEqual(all.filter((type) => !['mode.set', 'incident.chair', 'incident.pauseClock'].includes(type)));
    expect(may('leader')).toEqual(all);
    expect(may('admin')).toEqual(all);
  });
  test('the mode changes with a reason, once', () => {
    const { journal, command } = openTestDesk();
    expect(command('mode.set', { mode: 'urgent' })).toMatchObject({ error: { code: 'reasonRequired' } });
    expect(command('mode.set', { mode: 'urgent' }, { reason: 'flood warning' }).status).toBe('applied');
    expect(journal.latest('mode.changed', 'desk')).toMatchObject({
      mode: 'urgent',
      reason: 'flood warning',
      leader: { en: 'Leader' },
      by: { deskId: 'wall-1' },
    });
    expect(command('mode.set', { mode: 'urgent' }, { reason: 'again' })).toMatchObject({ error: { code: 'illegalStep' } });
  });
});

describe('listeners of a source', () => {
  test('hear of a change after the books are complete and may command at once', () => {
    const { intake, incident, unit, command, faults } = openTestDesk();
    const seen: string[] = [];
    intake.onIncident((changed) => {
      seen.push(`${changed.state} ${unit('car-1').status}`);
      if (changed.state === 'reported') {
        expect(
          intake.command(
            'incident.accept',
            { incidentId: changed.id },
            { deskId: 'sim', name: { zh: '仿', en: 'Sim' }, simulated: true },
            null,
          ),
        ).toBeNull();
      }
    });
    const incidentId = intake.report(makeReport());
    command('incident.dispatch', { incidentId, unitIds: ['car-1'] });
    expect(seen).toEqual(['reported available', 'accepted available', 'dispatched dispatched']);
    expect(incident(incidentId).steps[1]).toMatchObject({ state: 'accepted', by: { deskId: 'sim', simulated: true } });
    expect(faults).toEqual([]);
  });
  test('that throw are reported and stop nothing', () => {
    const { intake, incident, faults } = openTestDesk();
    intake.onIncident(() => {
      throw new Error('a bug elsewhere');
    });
    let others = 0;
    intake.onIncident(() => {
      others += 1;
    });
    const incidentId = intake.report(makeReport());
    expect(incident(incidentId).state).toBe('reported');
    expect([faults.length, others]).toEqual([1, 1]);
  });
  test('a command that is refused says why', () => {
    const { intake } = openTestDesk();
    const by = { deskId: 'sim', name: { zh: '仿', en: 'Sim' }, simulated: true };
    expect(intake.command('incident.accept', { incidentId: 'none' }, by, null)).toBe('no incident none');
  });
});

test('a unit with the handle of another is refused and counted; unchanged facts make no event', () => {
  const { intake, unit, journal, desk } = openTestDesk();
  const known = reportOf(unit('car-1'));
  const head = journal.headSeq;
  intake.unit(known);
  intake.unit({ ...makeUnit('twin'), handle: known.handle });
  expect(journal.headSeq).toBe(head);
  expect(desk.fleet.refusedHandles).toBe(1);
  intake.unit({ ...known, plate: 'new' });
  expect(unit('car-1')).toMatchObject({ plate: 'new', rev: 2 });
});

test('everything that the desk writes fits its schema', () => {
  const { intake, journal, command, clock } = openTestDesk();
  const incidentId = intake.report(makeReport());
  command('incident.dispatch', { incidentId, unitIds: ['car-1'] });
  clock.advance(1234.5);
  intake.progress({ unitId: 'car-1', incidentId, step: 'arrived' });
  intake.progress({ unitId: 'car-1', incidentId, step: 'handled' });
  command('call.report', { callId: 'c', unitId: 'car-1', incidentId, media: 'audio', state: 'connected' });
  for (const { type, schema } of messages)
    for (const fact of journal.all(type)) expect(schema.safeParse(fact).error?.message).toBeUndefined();
});

test('closed incidents leave the snapshot on the next day, open ones stay', () => {
  const { intake, journal, command, clock } = openTestDesk();
  const [closed, open] = [intake.report(makeReport()), intake.report(makeReport())];
  command('incident.close', { incidentId: closed, outcome: 'noAction' }, { reason: 'nothing there' });
  clock.advance(4 * 3_600_000);
  expect([...journal.all('incident.updated')].map(({ id }) => id)).toEqual([closed, open]);
  clock.advance(3_600_000);
  expect([...journal.all('incident.updated')].map(({ id }) => id)).toEqual([open]);
});
