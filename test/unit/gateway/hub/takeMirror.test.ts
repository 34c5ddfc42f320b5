import { expect, test } from 'vitest';
import type { Incident, Unit } from '../../../../protocol/messages/index.ts';
import { mangle, seeded } from '../../../support/mangle.ts';
import { makeUnit } from '../../../integration/tinyTown.ts';
import { openTestHub } from './openTestHub.ts';

const unit = (id: string, change: Partial<Unit> = {}): Unit => ({ ...makeUnit(id, change), rev: 7, incidentId: null, ...change });
const by = { deskId: 'd', name: { zh: '席', en: 'Desk' }, simulated: false };
const incident = (id: string, change: Partial<Incident> = {}): Incident => ({
  id,
  rev: 4,
  number: '20260513-0001',
  channelId: 'public',
  typeId: 'digging',
  place: { zh: '桥', en: 'Bridge' },
  lonDeg: 120.49,
  latDeg: 30.74,
  inCore: true,
  severity: 2,
  urgent: true,
  tier: 'general',
  state: 'reported',
  reportedAtMs: Date.now() - 5000,
  reporterCount: 1,
  leadAgencyId: 'ce',
  supportAgencyIds: ['ps', 'harbour'],
  cameraIds: ['c'],
  assignments: [],
  steps: [{ state: 'reported', atMs: Date.now() - 5000, by, unitId: null, reason: null }],
  outcome: null,
  note: null,
  simulated: false,
  ...change,
});
const snap = (lists: object) => ({
  frame: 'snap',
  atMs: Date.now(),
  seq: 1,
  part: 0,
  last: true,
  units: [],
  incidents: [],
  cameras: [],
  channels: [],
  detections: [],
  calls: [],
  mode: null,
  weather: null,
  ...lists,
});
const ev = (type: string, data: { id: string }) => ({
  frame: 'ev',
  seq: 2,
  ce: { specversion: '1.0', id: '2', source: 'east', type, subject: data.id, time: new Date().toISOString(), data },
});
/** Ids of what came from another server; the town has units of its own. */
const mirrored = (all: Iterable<Unit | Incident>): string[] => [...all].filter(({ origin }) => origin).map(({ id }) => id);
const feed = (adapter: object = {}, entry: object = {}) =>
  openTestHub({ entry: { id: 'east', adapter: { id: 'feed', ...adapter }, ...entry } });

test('ids get the prefix, names of the other town become ours, who has no name here is left out or refused', async () => {
  const { tell, journal } = await feed({ agencies: { patrol: 'tp', '*': 'ce' }, eventTypes: { '*': 'dog' } });
  const { refusals } = tell(
    snap({
      units: [unit('a', { agencyId: 'patrol', incidentId: 'i', vehicleId: 'b' }), unit('b', { agencyId: 'harbour' })],
      incidents: [incident('i', { typeId: 'flood' }), incident('j', { channelId: 'radio' })],
    }),
  );
  expect(refusals).toEqual([expect.objectContaining({ reason: 'unknownChannel', path: 'channelId' })]);
  expect(journal.latest('unit.updated', 'east:a')).toMatchObject({ agencyId: 'tp', incidentId: 'east:i', vehicleId: 'east:b', rev: 1 });
  expect(journal.latest('unit.updated', 'east:b')!.agencyId).toBe('ce');
  expect(journal.latest('incident.updated', 'east:i')).toMatchObject({
    number: 'east:20260513-0001',
    typeId: 'dog',
    cameraIds: ['east:c'],
    supportAgencyIds: ['ps', 'ce'],
    origin: { sourceId: 'east', name: { zh: 'east', en: 'east' } },
  });
});

test('nothing of this town is touched, not even without a prefix', async () => {
  const { tell, journal, desk, positions, health } = await feed({}, { prefix: '' });
  desk.intake.unit(makeUnit('car-1'));
  const before = journal.latest('unit.updated', 'car-1');
  const { refusals } = tell(snap({ units: [unit('car-1', { status: 'offline' }), unit('car-x')] }));
  expect(refusals.map(({ reason }) => reason)).toEqual(['notItsOwn']);
  const own = positions.latest('car-1')!;
  const fix = (id: string) => ({ ...own, id, lonDeg: own.lonDeg + 0.001 });
  tell({ frame: 'pos', fixes: [fix('car-1'), fix('car-x'), fix('never-heard-of')] });
  expect([positions.latest('car-1'), positions.latest('car-x')?.lonDeg]).toEqual([own, own.lonDeg + 0.001]);
  tell(snap({}));
  expect(journal.latest('unit.updated', 'car-1')).toEqual(before);
  expect(journal.latest('unit.updated', 'car-x')).toBeUndefined();
  expect(health().refused).toBe(1);
});

test('only what is asked for is taken, and nothing at second hand', async () => {
  const weather = {
    id: 'town',
    rev: 1,
    condition: 'rain',
    text: { zh: '雨', en: 'Rain' },
    temperatureC: 20,
    windMps: 1,
    windFromDeg: 10,
    observedAtMs: Date.now(),
    simulated: false,
  };
  const origin = { sourceId: 'us', name: { zh: '我', en: 'We' } };
  const both = snap({ units: [unit('a'), unit('b', { origin })], incidents: [incident('i'), incident('k', { origin })], weather });
  const all = await feed();
  all.tell(both);
  expect(all.journal.latest('weather.updated', 'town')).toBeUndefined();
  expect(mirrored(all.journal.all('unit.updated'))).toEqual(['east:a']);
  expect(mirrored(all.journal.all('incident.updated'))).toEqual(['east:i']);
  const some = await feed({ take: ['incidents', 'weather'] });
  some.tell(both);
  expect(mirrored(some.journal.all('unit.updated'))).toEqual([]);
  expect(some.journal.latest('weather.updated', 'town')).toMatchObject({ condition: 'rain' });
  expect([all.health().refused, some.health().refused]).toEqual([0, 0]);
});

test('a list or an item of a snapshot that cannot be read retires nothing; an unknown type is counted', async () => {
  const { tell, journal, health } = await feed();
  tell(snap({ units: [unit('a'), unit('b')] }));
  tell(snap({ units: 'all' }));
  tell(snap({ units: [{ ...unit('a'), kind: 'horse' }, unit('b')] }));
  expect(mirrored(journal.all('unit.updated'))).toEqual(['east:a', 'east:b']);
  tell(ev('drone.swarm', { id: 'd' }));
  tell({ frame: 'news' });
  expect(health().refusedByReason).toEqual({ badField: 2, unknownMessage: 1, unknownFrame: 1 });
});

test('10,000 mangled frames: no fault, every refusal has a reason, books and channels of the desk stay as they were', async () => {
  const { tell, health, hubFaults, journal } = await feed();
  const pos = { frame: 'pos', atMs: 1, ids: ['a'], lonDeg: [1], latDeg: [1], headingDeg: [0], speedMps: [0], observedAtMs: [1] };
  const good = [snap({ units: [unit('a')], incidents: [incident('i')] }), ev('incident.updated', incident('i')), pos].map((frame) =>
    Buffer.from(JSON.stringify(frame)),
  );
  const random = seeded(23);
  for (let n = 0; n < 10_000; n += 1) tell(mangle(good, random).toString('utf8'));
  const { refused, refusedByReason } = health();
  expect(Object.values(refusedByReason).reduce((sum, count) => sum + count, 0)).toBe(refused);
  expect(refused).toBeGreaterThan(5000);
  expect(hubFaults).toEqual([]);
  expect([...journal.all('channel.updated')].every(({ today, pending }) => today === 0 && pending === 0)).toBe(true);
});
