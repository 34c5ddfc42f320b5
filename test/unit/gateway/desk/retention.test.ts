import { expect, test } from 'vitest';
import { createLedger } from '../../../../gateway/desk/ledger.ts';
import { createLocalDay } from '../../../../gateway/desk/localDay.ts';
import { pruneLatest } from '../../../../gateway/desk/retention.ts';
import type { Detection } from '../../../../protocol/messages/index.ts';
import { makeReport } from '../../../integration/tinyTown.ts';
import { openTestDesk, startMs } from './openTestDesk.ts';

const DAY_MS = 86_400_000;
const bounds = { closedIncidents: 2, detections: 3, endedCalls: 1, deletedBookmarks: 1 };

function openBooks() {
  const held = openTestDesk();
  const ledger = createLedger(held.journal, held.clock, (error) => held.faults.push(error));
  const forgotten: string[] = [];
  const prune = (): void => pruneLatest(ledger, createLocalDay(480), (id) => forgotten.push(id), bounds);
  return { ...held, forgotten, prune };
}

test('open incidents stay whatever their age; closed ones go on the next day, or when there are too many', () => {
  const { intake, journal, clock, command, forgotten, prune } = openBooks();
  const ids = Array.from({ length: 5 }, () => intake.report(makeReport()));
  for (const incidentId of ids.slice(1)) command('incident.close', { incidentId, outcome: 'noAction' }, { reason: 'because' });
  prune();
  expect(forgotten).toEqual([ids[1], ids[2]]);
  clock.advance(DAY_MS);
  prune();
  expect([...journal.all('incident.updated')].map(({ id }) => id)).toEqual([ids[0]]);
});

test('of alerts the settled ones go first, so that one that settles late is not counted twice', () => {
  const { intake, journal, prune } = openBooks();
  const alert = (id: string, outcome: Detection['outcome']): void =>
    intake.detection({
      id,
      cameraId: null,
      channelId: 'ai',
      typeId: 'dog',
      place: { zh: '处', en: 'place' },
      lonDeg: 120.49,
      latDeg: 30.74,
      confidence: 0.9,
      detectedAtMs: startMs,
      outcome,
      incidentId: null,
      simulated: true,
    });
  alert('waits', 'open');
  for (let i = 0; i < 6; i++) alert(`settled-${i}`, 'selfRectified');
  prune();
  expect([...journal.all('detection.updated')].map(({ id }) => id)).toEqual(['waits', 'settled-4', 'settled-5']);
  alert('waits', 'selfRectified');
  expect(journal.latest('channel.updated', 'ai')).toMatchObject({ today: 7 });
});

test('of calls those in progress stay, and the newest that ended', () => {
  const { journal, command, prune } = openBooks();
  const call = (callId: string, state: string): void =>
    void command('call.report', { callId, unitId: 'car-1', incidentId: null, media: 'audio', state });
  call('talks', 'connected');
  for (const callId of ['a', 'b', 'c']) call(callId, 'failed');
  prune();
  expect([...journal.all('call.updated')].map(({ id }) => id)).toEqual(['talks', 'c']);
});

test('of bookmarks all stay that were not deleted', () => {
  const { journal, command, prune } = openBooks();
  const ids = ['a', 'b', 'c', 'd'].map((text) => {
    command('bookmark.add', { atMs: startMs, text, incidentId: null });
    return [...journal.all('bookmark.updated')].at(-1)!.id;
  });
  for (const bookmarkId of ids.slice(0, 3)) {
    command('bookmark.edit', { bookmarkId, atMs: startMs, text: 'gone', incidentId: null, state: 'deleted' });
  }
  prune();
  expect([...journal.all('bookmark.updated')].map(({ id }) => id)).toEqual([ids[2], ids[3]]);
});
