import { expect, test } from 'vitest';
import { openTestDesk, startMs } from './openTestDesk.ts';

const call = { callId: 'c1', unitId: 'walker-1', incidentId: null, media: 'video' as const };
test('who, whom, how long; only forward; only by the desk that made it', () => {
  const { journal, clock, command } = openTestDesk();
  expect(command('call.report', { ...call, state: 'ended' })).toMatchObject({ error: { code: 'notFound' } });
  command('call.report', { ...call, state: 'ringing' });
  clock.advance(2000);
  command('call.report', { ...call, state: 'connected' });
  expect(command('call.report', { ...call, state: 'ringing' })).toMatchObject({ error: { code: 'illegalStep' } });
  expect(command('call.report', { ...call, state: 'ended' }, { deskId: 'wall-2' })).toMatchObject({ error: { code: 'notAllowed' } });
  clock.advance(30_000);
  command('call.report', { ...call, state: 'ended' });
  expect(journal.latest('call.updated', 'c1')).toMatchObject({
    deskId: 'wall-1',
    state: 'ended',
    startedAtMs: startMs,
    connectedAtMs: startMs + 2000,
    endedAtMs: startMs + 32_000,
    simulated: true,
  });
});
test('a desk that is gone for long ends its calls; one that comes back keeps them', () => {
  const { desk, journal, clock, command } = openTestDesk();
  desk.deskCame('wall-1');
  desk.deskCame('wall-1');
  command('call.report', { ...call, state: 'connected' });
  desk.deskWent('wall-1');
  clock.advance(60_000);
  desk.deskWent('wall-1');
  clock.advance(10_000);
  desk.deskCame('wall-1');
  clock.advance(60_000);
  expect(journal.latest('call.updated', 'c1')).toMatchObject({ state: 'connected' });
  desk.deskWent('wall-1');
  clock.advance(14_999);
  expect(journal.latest('call.updated', 'c1')).toMatchObject({ state: 'connected' });
  clock.advance(1);
  expect(journal.latest('call.updated', 'c1')).toMatchObject({ state: 'ended', endedAtMs: clock.nowMs() });
});
test('a desk that begins calls and never ends them is refused further ones; others are not', () => {
  const { journal, command } = openTestDesk();
  const ring = (callId: string, deskId: string) => command('call.report', { ...call, callId, state: 'ringing' }, { deskId });
  for (let i = 0; i < 20; i++) expect(ring(`c${i}`, 'wall-1')).toMatchObject({ status: 'applied' });
  expect(ring('c20', 'wall-1')).toMatchObject({ error: { code: 'notAllowed', path: 'data.callId' } });
  expect(command('call.report', { ...call, callId: 'f', state: 'failed' })).toMatchObject({ status: 'applied' });
  expect(ring('d0', 'wall-2')).toMatchObject({ status: 'applied' });
  command('call.report', { ...call, callId: 'c0', state: 'ended' });
  expect(ring('c20', 'wall-1')).toMatchObject({ status: 'applied' });
  for (let desk = 3; desk < 40; desk++) for (let i = 0; i < 20; i++) ring(`${desk}-${i}`, `wall-${desk}`);
  expect([...journal.all('call.updated')].filter((made) => made.endedAtMs === null)).toHaveLength(500);
});
