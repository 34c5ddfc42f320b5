import { v7 as uuidv7 } from 'uuid';
import { expect, test } from 'vitest';
import { createMemoryJournal } from '../../../../gateway/journal/createMemoryJournal.ts';
import { makeReport } from '../../../integration/tinyTown.ts';
import { openTestDesk, startMs } from './openTestDesk.ts';

const call = (callId: string, state: string): Record<string, unknown> => ({
  callId,
  unitId: 'car-1',
  incidentId: null,
  media: 'audio',
  state,
});

test('[P-05] a command that is sent again after a restart gets its first answer and changes nothing', () => {
  const first = openTestDesk();
  const incidentId = first.intake.report(makeReport());
  const id = uuidv7();
  const answer = first.command('incident.dispatch', { incidentId, unitIds: ['car-1'] }, { id });
  expect(answer).toMatchObject({ status: 'applied', error: null });
  const refusal = first.command('incident.close', { incidentId, outcome: 'handled' }, { id: uuidv7() });
  first.desk.dispose();

  const second = openTestDesk(first.journal, startMs + 5000);
  const headSeq = second.journal.headSeq;
  expect(second.command('incident.dispatch', { incidentId, unitIds: ['car-1'] }, { id })).toEqual({ ...answer, status: 'duplicate' });
  expect(second.journal.headSeq).toBe(headSeq);
  expect(refusal.status).toBe('rejected');
});

test('duty, mode and incidents are those from before', () => {
  const first = openTestDesk();
  const incidentId = first.intake.report(makeReport());
  first.command('incident.dispatch', { incidentId, unitIds: ['car-1'] });
  first.command('mode.set', { mode: 'urgent' }, { reason: 'storm' });
  const before = [...first.journal.all('incident.updated')];
  first.desk.dispose();
  const second = openTestDesk(first.journal, startMs + 5000);
  expect([...second.journal.all('incident.updated')]).toEqual(before);
  expect([...second.journal.all('mode.changed')]).toMatchObject([{ mode: 'urgent' }]);
  expect(second.desk.fleet.get('car-1')).toMatchObject({ status: 'dispatched', incidentId });
  expect(second.desk.fleet.get('rider-1')).toMatchObject({ status: 'dispatched', incidentId });
  expect(second.desk.fleet.get('car-2')).toMatchObject({ status: 'available', incidentId: null });
});

test('calls from before a restart go on when their desk comes back, and are over when it does not', () => {
  const first = openTestDesk();
  first.command('call.report', call('call-1', 'ringing'), { deskId: 'wall-1' });
  first.command('call.report', call('call-2', 'connected'), { deskId: 'wall-2' });
  first.desk.dispose();
  const second = openTestDesk(first.journal, startMs + 5000);
  second.desk.deskCame('wall-1');
  second.clock.advance(16_000);
  expect(second.journal.latest('call.updated', 'call-1')).toMatchObject({ state: 'ringing', endedAtMs: null });
  expect(second.journal.latest('call.updated', 'call-2')).toMatchObject({ state: 'ended' });
});

test('while nothing can be kept a command is refused with a reason and may come again', () => {
  let obstacle: string | null = 'database or disk is full';
  const memory = createMemoryJournal();
  const journal = Object.defineProperty(memory, 'obstacle', { get: () => obstacle });
  const desk = openTestDesk(journal);
  const incidentId = desk.intake.report(makeReport());
  const id = uuidv7();
  expect(desk.command('incident.accept', { incidentId }, { id })).toEqual({
    status: 'rejected',
    seq: null,
    error: { code: 'unavailable', message: 'nothing can be kept at the moment: database or disk is full', path: null },
  });
  obstacle = null;
  expect(desk.command('incident.accept', { incidentId }, { id })).toMatchObject({ status: 'applied' });
});
