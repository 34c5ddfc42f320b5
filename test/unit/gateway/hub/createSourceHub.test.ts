import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../../../gateway/appError.ts';
import { defineAdapter } from '../../../../gateway/adapters/adapter.ts';
import { fromWgs84 } from '../../../../gateway/hub/datum.ts';
import { startMs } from '../desk/openTestDesk.ts';
import { openTestHub } from './openTestHub.ts';

const place = { lonDeg: 120.49, latDeg: 30.74 };
const unit = { fact: 'unit', id: 'a1', kind: 'vehicle', name: { zh: '甲', en: 'A' }, agencyId: 'ce' };
const fix = (change: object = {}) => ({ fact: 'fix', unitId: 'a1', ...place, observedAtMs: startMs, ...change });
const report = (change: object = {}) => ({
  fact: 'report',
  externalId: 'case-7',
  channelId: 'public',
  typeId: 'digging',
  place: { zh: '东路', en: 'East Road' },
  ...place,
  ...change,
});

test('ids get the prefix of the source, places come in its datum and are kept in WGS-84', async () => {
  const { tell, positions, unit: unitOf } = await openTestHub({ entry: { datum: 'gcj02' } });
  const [lonDeg, latDeg] = fromWgs84([place.lonDeg, place.latDeg], 'gcj02');
  expect(tell([unit, fix({ lonDeg, latDeg })])).toMatchObject({ accepted: 2, refusals: [] });
  expect(unitOf('hand:a1')).toMatchObject({ agencyId: 'ce', name: { zh: '甲', en: 'A' } });
  const kept = positions.latest('hand:a1')!;
  expect(Math.abs(kept.lonDeg - place.lonDeg)).toBeLessThan(1e-8);
  expect(Math.abs(kept.latDeg - place.latDeg)).toBeLessThan(1e-8);
});

test('heading and speed that a device leaves out come from the way it moved', async () => {
  const { tell, positions, clock } = await openTestHub();
  tell([unit, fix()]);
  clock.advance(2000);
  // 0.0002 degree of latitude is 22.2 m to the north, in 2 s.
  tell(fix({ latDeg: place.latDeg + 0.0002, observedAtMs: startMs + 2000 }));
  const moved = positions.latest('hand:a1')!;
  expect(moved.headingDeg).toBeCloseTo(0, 5);
  expect(moved.speedMps).toBeCloseTo(11.1, 1);
  clock.advance(2000);
  // It wanders by a metre: the direction stays.
  tell(fix({ latDeg: place.latDeg + 0.0002, lonDeg: place.lonDeg + 0.00001, observedAtMs: startMs + 4000 }));
  expect(positions.latest('hand:a1')!.headingDeg).toBeCloseTo(0, 5);
});

test('what is refused is counted with its reason, the last twenty are kept newest first, and the rest of the batch is taken', async () => {
  const { tell, health } = await openTestHub();
  const taken = tell([unit, fix(), fix({ unitId: 'nobody' }), fix({ lonDeg: 0, latDeg: 0 }), fix({ observedAtMs: startMs + 60_000 })]);
  expect(taken.accepted).toBe(2);
  expect(taken.refusals.map(({ reason }) => reason)).toEqual(['unknownUnit', 'noPlace', 'future']);
  tell({ ...unit, agencyId: 'fbi' });
  tell(report({ channelId: 'rumours' }));
  tell(report({ typeId: 'ufo' }));
  tell('{"fact":');
  for (let i = 0; i < 30; i++) tell(fix({ unitId: `nobody-${i}` }));
  expect(health()).toMatchObject({
    refusedByReason: { unknownUnit: 31, noPlace: 1, future: 1, unknownAgency: 1, unknownChannel: 1, unknownType: 1, badJson: 1 },
    refused: 37,
    accepted: 2,
    acceptedByKind: { unit: 1, fix: 1 },
    state: 'live',
  });
  const { lastRefusals } = health();
  expect(lastRefusals).toHaveLength(20);
  expect(lastRefusals[0]).toMatchObject({ reason: 'unknownUnit', from: 'test', path: 'unitId', atMs: startMs });
  expect(lastRefusals[0]!.sample).toContain('nobody-29');
});

test('a report that comes again is no second incident, also after a restart', async () => {
  const first = await openTestHub();
  expect(first.tell(report())).toMatchObject({ accepted: 1, repeated: 0 });
  expect(first.tell(report({ note: { zh: '又', en: 'again' } }))).toMatchObject({ accepted: 1, repeated: 1 });
  const second = await openTestHub({ journal: first.journal });
  expect(second.tell(report())).toMatchObject({ accepted: 1, repeated: 1 });
  expect([...first.journal.all('incident.updated')]).toHaveLength(1);
  expect(second.health().repeated).toBe(1);
  // The same id at another sender is another matter.
  const other = await openTestHub({ journal: first.journal, entry: { id: 'other' } });
  other.tell(report());
  expect([...first.journal.all('incident.updated')]).toHaveLength(2);
});

test('a message that comes again under its name changes nothing, also after a restart', async () => {
  const entry = { adapter: { id: 'json', messageId: 'n', rules: [{ fact: 'detection', fields: detectionFields }] } };
  const first = await openTestHub({ entry });
  const message = (n: number) => ({ n: `m${n}`, d: 'd1', c: n / 10 });
  for (const n of [1, 2, 3]) first.tell(message(n));
  // The broker lost the acknowledgements of 2 and 3.
  const second = await openTestHub({ journal: first.journal, entry });
  for (const n of [2, 3, 4]) second.tell(message(n));
  const told = [...(first.journal.since(0) as Iterable<{ message: { type: string; data: { confidence?: number } } }>)]
    .filter(({ message: { type } }) => type === 'detection.updated')
    .map(({ message: { data } }) => data.confidence);
  expect(told).toEqual([0.1, 0.2, 0.3, 0.4]);
  expect(second.health()).toMatchObject({ repeated: 2, messages: 3, accepted: 1 });
});
const text = { const: 'x' };
const detectionFields = {
  id: 'd',
  channelId: { const: 'ai' },
  typeId: { const: 'dog' },
  place: text,
  lonDeg: { const: place.lonDeg },
  latDeg: { const: place.latDeg },
  confidence: 'c',
  detectedAtMs: { const: startMs },
};

test('the cursor of durable bytes is there for the next life, and for the next process', async () => {
  const { tell, port, journal } = await openTestHub();
  expect(port().cursor()).toBeNull();
  await tell(report(), { cursor: '41' }).durable();
  expect(port().cursor()).toBe('41');
  const next = await openTestHub({ journal });
  expect(next.port().cursor()).toBe('41');
});

test('orders go to the source that brought the unit: its ids, its datum', async () => {
  const hub = await openTestHub({ entry: { datum: 'gcj02' } });
  hub.tell([unit, fix({ lonDeg: 120.5, latDeg: 30.75 }), report()]);
  const [incident] = hub.journal.all('incident.updated');
  hub.desk.connect({ order: (order) => void hub.hub.order(order), dispose() {} });
  expect(hub.command('incident.dispatch', { incidentId: incident!.id, unitIds: ['hand:a1'] }).status).toBe('applied');
  const [sent] = hub.hand.orders;
  expect(sent!.order).toMatchObject({ kind: 'go', unitId: 'a1', incidentId: 'case-7' });
  const order = sent!.order as { lonDeg: number; latDeg: number };
  expect(order.lonDeg).toBeCloseTo(place.lonDeg, 5);
  expect(order.latDeg).toBeCloseTo(place.latDeg, 5);
  expect(JSON.parse(sent!.text)).toEqual(sent!.order);
  // And the crew answers about the matter under the id that its own system knows.
  expect(hub.tell({ fact: 'progress', unitId: 'a1', externalId: 'case-7', step: 'setOut' })).toMatchObject({ accepted: 1, refusals: [] });
  expect(hub.tell({ fact: 'progress', unitId: 'a1', step: 'arrived' })).toMatchObject({ accepted: 1, refusals: [] });
  expect(hub.incident(incident!.id).state).toBe('onScene');
  expect(hub.tell({ fact: 'progress', unitId: 'a1', step: 'setOut' }).refusals).toMatchObject([{ reason: 'notNow' }]);
  expect(hub.hub.order({ kind: 'recall', unitId: 'car-1', incidentId: 'x' })).toBe(false);
});

test('a source that closes is opened again after a while, and nothing of its last life is acknowledged', async () => {
  const { port, hand, tell, health } = await openTestHub({ restart: { firstMs: 1, random: () => 0 } });
  const old = port();
  old.status('closed', 'kicked out');
  expect(health()).toMatchObject({ state: 'closed', reason: 'kicked out' });
  await expect(old.onBytes(Buffer.from('{}'), { from: 'late' }).durable()).rejects.toThrow('was closed');
  await vi.waitFor(() => expect(hand.ports).toHaveLength(2), { timeout: 15_000 });
  expect(hand.held.disposed).toBe(1);
  expect(hand.signals[0]!.aborted).toBe(true);
  old.status('closed', 'a ghost');
  expect(health()).toMatchObject({ state: 'live', reason: null, connects: 2 });
  expect(tell(unit).accepted).toBe(1);
});

test('a source that cannot be opened later is tried again, the others go on', async () => {
  const two = [
    { id: 'one', kind: 'hand', adapter: 'json' },
    { id: 'two', kind: 'hand', adapter: 'json' },
  ];
  const { hub, hand, hubFaults } = await openTestHub({ entries: two, restart: { firstMs: 1, random: () => 0.5 } });
  hand.held.fail = new Error('no such thing');
  hand.ports[0]!.status('closed');
  await vi.waitFor(() => expect(hub.health()[0]).toMatchObject({ state: 'closed', reason: 'no such thing' }), { timeout: 15_000 });
  expect(hand.ports[1]!.onBytes(Buffer.from(JSON.stringify(unit)), { from: 'x' }).accepted).toBe(1);
  hand.held.fail = null;
  await vi.waitFor(() => expect(hub.health()[0]!.state).toBe('live'), { timeout: 15_000 });
  expect(hubFaults.length).toBeGreaterThan(0);
});

test('secrets come from the environment; one that is missing ends the start with file and field', async () => {
  const { port } = await openTestHub();
  expect(port().secret({ env: 'SET' })).toBe('a secret');
  expect(() => port().secret({ env: 'UNSET' })).toThrow(/sources\.json: sources\[0\]: the environment variable UNSET is not set/);
  expect(() => port().secret({ env: 'UNSET' })).toThrow(AppError);
});

test('an adapter that throws is a refusal and a fault, never the end of the source', async () => {
  const broken = defineAdapter({
    id: 'broken',
    config: z.object({}),
    open: () => ({
      decode() {
        throw new Error('a bug');
      },
    }),
  });
  const { tell, health, hubFaults } = await openTestHub({ entry: { adapter: 'broken' }, adapters: [broken] });
  expect(tell('x').refusals).toMatchObject([{ reason: 'adapterFault', message: 'a bug' }]);
  expect(health()).toMatchObject({ state: 'live', refusedByReason: { adapterFault: 1 } });
  expect(hubFaults).toHaveLength(1);
});

test('a roster makes units before their devices speak; "newUnit" takes those that only a fix names', async () => {
  const units = [{ id: 'r1', kind: 'officer', name: { zh: '王', en: 'Wang' }, agencyId: 'ps' }];
  const newUnit = { kind: 'vehicle', agencyId: 'tp', name: { zh: '车', en: 'Car' } };
  const { tell, unit: unitOf } = await openTestHub({ entry: { units, newUnit, prefix: '' } });
  expect(unitOf('r1')).toMatchObject({ kind: 'officer', agencyId: 'ps', simulated: false });
  expect(tell([fix({ unitId: 'r1' }), fix({ unitId: '13800138000' })])).toMatchObject({ accepted: 2 });
  expect(unitOf('13800138000')).toMatchObject({ agencyId: 'tp', name: { zh: '车 13800138000', en: 'Car 13800138000' } });
  expect(unitOf('r1').handle).not.toBe(unitOf('13800138000').handle);
});

test('a live source that says nothing for too long is stale', async () => {
  const { clock, health, tell } = await openTestHub({ entry: { staleAfterS: 30 } });
  tell(unit);
  clock.advance(29_000);
  expect(health().state).toBe('live');
  clock.advance(2000);
  expect(health()).toMatchObject({ state: 'stale', reason: 'nothing heard for 31 s' });
});
