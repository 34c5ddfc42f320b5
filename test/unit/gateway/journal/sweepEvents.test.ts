import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Journal } from '../../../../gateway/journal/journal.ts';
import type { Call, Weather } from '../../../../protocol/messages/index.ts';
import { makeDirectory, openJournal, readAll, seqsOf } from './journalFixture.ts';

const DAY_MS = 86_400_000;
const startMs = Date.UTC(2026, 0, 1);
const weather = (journal: Journal, rev: number, day: number): number =>
  journal.append({ type: 'weather.updated', data: { id: 'town', rev } as Weather }, startMs + day * DAY_MS);
const call = (journal: Journal, id: string, rev: number, day: number): number =>
  journal.append({ type: 'call.updated', data: { id, rev } as Call }, startMs + day * DAY_MS);

test('forgets a kind after its days and no other; the state from that day on is whole; older cursors are refused', async () => {
  const path = join(makeDirectory(), 'journal.db');
  const first = await openJournal(path);
  for (let day = 0; day < 100; day++) {
    weather(first, day, day);
    call(first, `call-${day}`, 1, day);
    call(first, `call-${day}`, 2, day);
    if (day > 0) first.forget('call.updated', `call-${day - 1}`, startMs + day * DAY_MS);
    first.logAccess({ atMs: startMs + day * DAY_MS, deskId: 'wall-1', action: 'track', detail: { day } });
  }
  const before = await first.stateAt(startMs + 95 * DAY_MS);
  const facts = [[...before.all('weather.updated')], [...before.all('call.updated')]];
  const { sizeBytes } = first.stats();
  await first.dispose();

  const journal = await openJournal(path, { keepDays: { 'call.updated': 10, access: 30 }, sweepDelayMs: 1, recentEvents: 5 });
  while (journal.oldestSeq === 1) await new Promise((done) => setTimeout(done, 20));
  const entries = await readAll(journal.between(0, startMs + 100 * DAY_MS));
  const kept = (type: string): number => entries.filter((entry) => 'message' in entry && entry.message.type === type).length;
  expect(kept('weather.updated')).toBe(100);
  // Days 90 to 99 whole, and of day 89 what was still true at the limit.
  expect(kept('call.updated')).toBeGreaterThanOrEqual(20);
  expect(kept('call.updated')).toBeLessThanOrEqual(22);
  const after = await journal.stateAt(startMs + 95 * DAY_MS);
  expect([[...after.all('weather.updated')], [...after.all('call.updated')]]).toEqual(facts);
  await expect(seqsOf(journal.since(journal.oldestSeq - 2))).rejects.toThrow(RangeError);
  const rest = await seqsOf(journal.since(journal.oldestSeq - 1));
  expect(rest).toEqual(Array.from({ length: journal.headSeq - journal.oldestSeq + 1 }, (_, i) => journal.oldestSeq + i));
  expect((await journal.accessLog(1000)).length).toBeLessThanOrEqual(31);
  expect(journal.stats().sizeBytes).toBeLessThanOrEqual(sizeBytes);
  await journal.dispose();
  expect((await openJournal(path)).oldestSeq).toBe(300 - rest.length + 1);
});

test('without a period nothing is forgotten', async () => {
  const journal = await openJournal(join(makeDirectory(), 'journal.db'), { sweepDelayMs: 1, sweepPeriodMs: 5 });
  for (let day = 0; day < 400; day += 10) weather(journal, day, day);
  await journal.flushed();
  await new Promise((done) => setTimeout(done, 100));
  expect([journal.oldestSeq, (await seqsOf(journal.since(0))).length]).toEqual([1, 40]);
});
