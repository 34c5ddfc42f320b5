import { expect, test } from 'vitest';
import { makeFix, makeReport, makeUnit } from '../../../integration/tinyTown.ts';
import { openTestDesk, postAt, startMs } from './openTestDesk.ts';

const reason = 'the east has nobody';
const by = { deskId: 'wall-1', name: { zh: '一', en: 'One' }, simulated: false };
const moveUp = (desk: ReturnType<typeof openTestDesk>, unitId: string, postId: string | null) =>
  desk.command('unit.standby', { unitId, postId }, { reason });

test('a free unit is moved up: who, when and why stand on it, the order goes out, it arrives by its position and is sent back', () => {
  const desk = openTestDesk();
  const { unit, orders, clock, intake } = desk;
  expect(moveUp(desk, 'car-1', 'post-east').status).toBe('applied');
  const standby = { postId: 'post-east', orderedAtMs: startMs, by, reason, arrivedAtMs: null };
  // From 1,000 m east of the centre to 3,000 m, at 10 m/s.
  expect(unit('car-1')).toMatchObject({
    status: 'available',
    incidentId: null,
    standby: { ...standby, etaAtMs: expect.closeTo(startMs + 200_000, -3) as number },
  });
  expect(orders).toMatchObject([{ kind: 'standby', unitId: 'car-1', postId: 'post-east', ...postAt('post-east') }]);
  expect(desk.desk.nearest(intake.report(makeReport()), 5)!.find(({ unitId }) => unitId === 'car-1')!.reasons).toContain('movingUp');

  clock.advance(150_000);
  intake.fixes([makeFix('car-1', clock.nowMs(), 2900)]);
  clock.advance(2000);
  expect(unit('car-1').standby!.arrivedAtMs).toBeNull();
  intake.fixes([makeFix('car-1', clock.nowMs(), 2990)]);
  clock.advance(2000);
  const arrivedAtMs = unit('car-1').standby!.arrivedAtMs!;
  expect(arrivedAtMs).toBeGreaterThan(startMs + 150_000);
  expect(unit('car-1').standby).toMatchObject({ ...standby, etaAtMs: null, arrivedAtMs });

  // What its source repeats changes nothing.
  const { rev } = unit('car-1');
  intake.unit(makeUnit('car-1', { crew: unit('car-1').crew, handle: unit('car-1').handle }));
  expect(unit('car-1').rev).toBe(rev);
  expect(moveUp(desk, 'car-1', null).status).toBe('applied');
  expect(unit('car-1')).toMatchObject({
    standby: null,
    standbyEnded: { postId: 'post-east', atMs: clock.nowMs(), by, incidentId: null, reason },
  });
  expect(orders.at(-1)).toEqual({ kind: 'home', unitId: 'car-1', postId: 'post-east' });
});

test('an incident ends it, in the same instant, and says so', () => {
  const desk = openTestDesk();
  moveUp(desk, 'car-1', 'post-east');
  const incidentId = desk.intake.report(makeReport());
  const told = desk.unit('car-1').rev;
  desk.command('incident.dispatch', { incidentId, unitIds: ['car-1'] });
  expect(desk.unit('car-1')).toMatchObject({ status: 'dispatched', standby: null, standbyEnded: { postId: 'post-east', incidentId, by } });
  expect(desk.unit('car-1').rev).toBe(told + 1);
  expect(moveUp(desk, 'car-1', 'post-east')).toMatchObject({ status: 'rejected', error: { code: 'unitNotAvailable' } });
  desk.command('incident.recall', { incidentId, unitId: 'car-1' });
  expect(desk.unit('car-1')).toMatchObject({ status: 'available', standby: null });
});

test('what cannot be ordered is refused with the field, and nothing changes', () => {
  const desk = openTestDesk();
  desk.intake.mirror({
    type: 'unit.updated',
    data: { ...desk.unit('car-2'), id: 'far/car', handle: 900, origin: { sourceId: 'far', name: { zh: '远', en: 'Far' } } },
  });
  const headSeq = desk.journal.headSeq;
  const refused = (unitId: string, postId: string | null, code: string, path = 'data.unitId') =>
    expect(moveUp(desk, unitId, postId), `${unitId} ${postId}`).toMatchObject({ error: { code, path } });
  refused('nobody', 'post-east', 'notFound');
  refused('far/car', 'post-east', 'notOurs');
  refused('drone-1', 'post-east', 'unitNotAvailable');
  refused('rider-1', 'post-east', 'unitNotAvailable');
  refused('car-1', 'nowhere', 'notFound', 'data.postId');
  refused('car-1', null, 'illegalStep');
  expect(desk.command('unit.standby', { unitId: 'car-1', postId: 'post-east' }, { role: 'viewer' })).toMatchObject({ status: 'forbidden' });
  expect([desk.journal.headSeq, desk.orders]).toEqual([headSeq, []]);
  moveUp(desk, 'car-1', 'post-east');
  refused('car-1', 'post-east', 'illegalStep', 'data.postId');
  // To another post it goes straight on.
  expect(moveUp(desk, 'car-1', 'post-west').status).toBe('applied');
  expect(desk.unit('car-1').standby!.postId).toBe('post-west');
});

test('free units are those that can be sent, where they are, with the post that they were moved up to', () => {
  const desk = openTestDesk();
  moveUp(desk, 'car-2', 'post-east');
  const incidentId = desk.intake.report(makeReport());
  desk.command('incident.dispatch', { incidentId, unitIds: ['car-1'] });
  expect(desk.desk.freeUnits()).toEqual([
    { unitId: 'car-2', kind: 'vehicle', at: [expect.closeTo(makeFix('', 0, 500).lonDeg, 6), 30.74], postId: 'post-east' },
    { unitId: 'walker-1', kind: 'officer', at: [expect.closeTo(makeFix('', 0, 100).lonDeg, 6), 30.74], postId: null },
  ]);
  // What was seen two minutes ago may be anywhere.
  desk.clock.advance(121_000);
  expect(desk.desk.freeUnits()).toEqual([]);
});

test('a restart keeps who stands where, and an arrival that was not seen is seen after it', () => {
  const first = openTestDesk();
  moveUp(first, 'car-1', 'post-east');
  moveUp(first, 'car-2', 'post-west');
  moveUp(first, 'car-2', null);
  const before = [first.unit('car-1'), first.unit('car-2')];
  first.desk.dispose();
  const second = openTestDesk(first.journal, startMs + 5000);
  expect(second.unit('car-1')).toMatchObject({ standby: before[0]!.standby });
  expect(second.unit('car-2')).toMatchObject({ standby: null, standbyEnded: before[1]!.standbyEnded });
  second.intake.fixes([makeFix('car-1', startMs + 6000, 3000)]);
  second.clock.advance(2000);
  expect(second.unit('car-1').standby!.arrivedAtMs).toBe(startMs + 7000);
});
