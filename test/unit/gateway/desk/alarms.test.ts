import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Alarm } from '../../../../protocol/messages/index.ts';
import { alarmStats } from '../../../../gateway/desk/alarms/alarmStats.ts';
import { createFactHistories } from '../../../../gateway/journal/factHistory.ts';
import type { JournalEntry } from '../../../../gateway/journal/journal.ts';
import type { AlarmFile } from '../../../../gateway/scene/alarmFile.ts';
import { makeReport, makeUnit } from '../../../integration/tinyTown.ts';
import { openTestDesk, startMs } from './openTestDesk.ts';

const reason = 'because of a test';
const file: AlarmFile = {
  basis: 'inferred',
  source: 'test',
  longestShelfMin: 480,
  rules: [
    { kind: 'unitEmergency', priority: 1 },
    { kind: 'incidentUnsent', priority: 2 },
    { kind: 'majorWithoutChair', priority: 1 },
    { kind: 'promiseBroken', priority: 3 },
    { kind: 'promiseAtRisk', priority: 4, promiseIds: ['accept', 'setOut'] },
    { kind: 'channelSilent', priority: 4, missedReports: 7 },
  ],
};
const openDesk = () => {
  const desk = openTestDesk(undefined, startMs, [], undefined, file);
  return {
    ...desk,
    alarms: (): Alarm[] => [...desk.journal.all('alarm.updated')],
    alarm: (kind: string): Alarm | undefined => [...desk.journal.all('alarm.updated')].find((one) => one.kind === kind),
  };
};

describe('the life of an alarm after ISA-18.2', () => {
  test('comes with its condition, is acknowledged, ends when the condition does, and comes again as the same alarm', () => {
    const { intake, alarm, alarms, command, clock } = openDesk();
    const incidentId = intake.report(makeReport());
    expect(alarms()).toHaveLength(1);
    expect(alarm('incidentUnsent')).toMatchObject({ state: 'unacknowledged', priority: 2, incidentId, raises: 1, endedAtMs: null });
    const alarmIds = [alarm('incidentUnsent')!.id];
    clock.advance(9000);
    expect(command('alarm.acknowledge', { alarmIds }, { role: 'viewer' }).status).toBe('forbidden');
    expect(command('alarm.acknowledge', { alarmIds }, { deskId: 'left', role: 'operator' }).status).toBe('applied');
    expect(alarm('incidentUnsent')).toMatchObject({ state: 'acknowledged', acknowledged: { by: { deskId: 'left' } } });
    expect(command('alarm.acknowledge', { alarmIds }, { deskId: 'right' })).toMatchObject({
      status: 'rejected',
      error: { code: 'illegalStep' },
    });
    command('incident.dispatch', { incidentId, unitIds: ['car-1'] });
    expect(alarm('incidentUnsent')).toMatchObject({ state: 'normal', endedAtMs: startMs + 9000 });
    command('incident.recall', { incidentId, unitId: 'car-1' });
    expect(alarm('incidentUnsent')).toMatchObject({ state: 'unacknowledged', raises: 2, acknowledged: null, endedAtMs: null });
  });

  test('what was over before anybody saw it stays until it is acknowledged', () => {
    const { intake, alarm, command } = openDesk();
    const incidentId = intake.report(makeReport());
    command('incident.dispatch', { incidentId, unitIds: ['car-1'] });
    expect(alarm('incidentUnsent')).toMatchObject({ state: 'returned' });
    command('alarm.acknowledge', { alarmIds: [alarm('incidentUnsent')!.id] });
    expect(alarm('incidentUnsent')).toMatchObject({ state: 'normal' });
  });

  test('a shelf needs a reason, hides it, and returns it unacknowledged when it expires, also after a restart', () => {
    const { intake, alarm, command, clock, journal, desk } = openDesk();
    intake.report(makeReport());
    const alarmId = alarm('incidentUnsent')!.id;
    command('alarm.acknowledge', { alarmIds: [alarmId] });
    expect(command('alarm.shelve', { alarmId, minutes: 10 })).toMatchObject({ error: { code: 'reasonRequired' } });
    expect(command('alarm.shelve', { alarmId, minutes: 481 }, { reason })).toMatchObject({ error: { path: 'data.minutes' } });
    expect(command('alarm.shelve', { alarmId, minutes: 10 }, { reason }).status).toBe('applied');
    expect(alarm('incidentUnsent')).toMatchObject({ state: 'shelved', shelved: { reason, untilMs: startMs + 600_000 } });
    clock.advance(599_000);
    expect(alarm('incidentUnsent')!.state).toBe('shelved');
    desk.dispose();
    const again = openTestDesk(journal, clock.nowMs(), [], undefined, file);
    again.clock.advance(2000);
    expect(journal.latest('alarm.updated', alarmId)).toMatchObject({
      state: 'unacknowledged',
      acknowledged: null,
      shelved: null,
      raises: 1,
    });
    expect(again.command('alarm.unshelve', { alarmId })).toMatchObject({ error: { code: 'illegalStep' } });
  });

  test('SOS of an officer, a broken promise, a major matter without a chair, a silent channel', () => {
    const { intake, alarm, command, clock, incident } = openDesk();
    intake.unit(makeUnit('walker-1', { kind: 'officer', agencyId: 'tp', status: 'emergency' }));
    const incidentId = intake.report(makeReport());
    clock.advance(2000);
    expect(alarm('unitEmergency')).toMatchObject({ priority: 1, unitId: 'walker-1', state: 'unacknowledged' });
    command('incident.triage', { incidentId, tier: 'major' }, { reason });
    expect(alarm('majorWithoutChair')).toMatchObject({ priority: 1, state: 'unacknowledged' });
    command('incident.chair', { incidentId, chairId: 'mayor' });
    expect(alarm('majorWithoutChair')).toMatchObject({ state: 'returned' });
    clock.advance(4 * 60_000);
    expect(alarm('promiseAtRisk')).toMatchObject({ promiseId: 'setOut', state: 'unacknowledged' });
    clock.advance(2 * 60_000);
    expect(alarm('promiseAtRisk')).toMatchObject({ state: 'returned' });
    expect(alarm('promiseBroken')).toMatchObject({ promiseId: 'setOut', priority: 3 });
    expect(incident(incidentId).state).toBe('triaged');
    clock.advance(3 * 24 * 3_600_000);
    expect(alarm('channelSilent')).toMatchObject({ priority: 4, state: 'unacknowledged' });
    const { channelId } = alarm('channelSilent')!;
    intake.report(makeReport({ channelId: channelId! }));
    clock.advance(2000);
    expect(alarm('channelSilent')).toMatchObject({ state: 'returned' });
  });
});

const actions = fc.array(
  fc.record({
    do: fc.constantFrom('report', 'dispatch', 'recall', 'acknowledge', 'shelve', 'unshelve', 'wait', 'close'),
    n: fc.nat(5),
    minutes: fc.integer({ min: 1, max: 20 }),
  }),
  { minLength: 10, maxLength: 80 },
);

test('no sequence loses an alarm, doubles one, or hides one that lasts and is not shelved; the statistics equal the log', async () => {
  await fc.assert(
    fc.asyncProperty(actions, async (list) => {
      const { intake, alarms, command, clock, journal, faults } = openDesk();
      const incidents = () => [...journal.all('incident.updated')];
      for (const { do: what, n, minutes } of list) {
        const incidentId = incidents()[n]?.id ?? 'nobody';
        const alarmId = alarms()[n]?.id ?? 'nobody';
        if (what === 'report') intake.report(makeReport({ lonDeg: makeReport().lonDeg + n * 0.01 }));
        else if (what === 'wait') clock.advance(minutes * 60_000);
        else if (what === 'dispatch') command('incident.dispatch', { incidentId, unitIds: ['car-1'] });
        else if (what === 'recall') command('incident.recall', { incidentId, unitId: 'car-1' });
        else if (what === 'acknowledge') command('alarm.acknowledge', { alarmIds: [alarmId] }, { deskId: n % 2 ? 'left' : 'right' });
        else if (what === 'shelve') command('alarm.shelve', { alarmId, minutes }, { reason });
        else if (what === 'unshelve') command('alarm.unshelve', { alarmId });
        else command('incident.close', { incidentId, outcome: 'noAction' }, { reason });
        clock.advance(1000);
        for (const incident of incidents()) {
          const unsent = alarms().filter((one) => one.kind === 'incidentUnsent' && one.incidentId === incident.id);
          expect(unsent.length).toBeLessThanOrEqual(1);
          const lasts = ['reported', 'accepted', 'triaged'].includes(incident.state);
          if (lasts) expect(unsent[0]).toMatchObject({ endedAtMs: null });
          else if (unsent[0]) expect(unsent[0].endedAtMs).not.toBeNull();
        }
        for (const one of alarms()) {
          if (one.state === 'shelved') expect(one.shelved!.untilMs).toBeGreaterThan(clock.nowMs() - 1000);
          else expect(one.shelved).toBeNull();
          expect(['normal', 'returned'].includes(one.state)).toBe(one.endedAtMs !== null && one.state !== 'shelved');
        }
      }
      // Counted otherwise: each raise is told once, with its own moment; each acknowledgement names its desk.
      const log = [...(journal.since(0) as Iterable<JournalEntry>)].flatMap(({ message }) =>
        message.type === 'alarm.updated' ? [message.data] : [],
      );
      const raises = new Set(log.map(({ id, raises }) => `${id} ${raises}`));
      const acks = new Set(log.flatMap(({ id, acknowledged }) => (acknowledged ? [`${id} ${acknowledged.atMs}`] : [])));
      const { before, changes } = await createFactHistories(journal).alarms(startMs - 1, clock.nowMs());
      const items = alarmStats(before, changes);
      const hours = items.filter(({ hourMs }) => hourMs !== null);
      const desks = items.filter(({ deskId }) => deskId !== null);
      const sum = (numbers: number[]): number => numbers.reduce((all, one) => all + one, 0);
      expect(sum(hours.flatMap(({ raised }) => raised))).toBe(raises.size);
      expect(sum(hours.map(({ acknowledged }) => acknowledged))).toBe(acks.size);
      expect(sum(desks.map(({ acknowledged }) => acknowledged))).toBe(acks.size);
      expect(faults).toEqual([]);
    }),
    { numRuns: 100 },
  );
}, 30_000);

test('ten alarms in ten minutes are one flood, and a second one after it was quiet', () => {
  const alarmAt = (n: number, atMs: number) => ({
    atMs,
    alarm: { id: `a${n}`, rev: 1, priority: 4, raises: 1, raisedAtMs: atMs, acknowledged: null, shelved: null } as unknown as Alarm,
  });
  const burst = (from: number, n: number, beginMs: number) => Array.from({ length: n }, (_, i) => alarmAt(from + i, beginMs + i * 1000));
  expect(alarmStats([], burst(0, 9, 0)).map(({ floods }) => floods)).toEqual([0]);
  expect(alarmStats([], burst(0, 30, 0)).map(({ floods }) => floods)).toEqual([1]);
  const two = [...burst(0, 12, 0), ...burst(20, 12, 1_800_000)];
  expect(alarmStats([], two)[0]).toMatchObject({ floods: 2, raised: [0, 0, 0, 24] });
});
