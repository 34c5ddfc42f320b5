import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMemoryJournal } from '../../../../gateway/journal/createMemoryJournal.ts';
import { factsOf, historyOf, makeDirectory, openJournal, readAll, say, seqsOf } from './journalFixture.ts';

const newPath = (): string => join(makeDirectory(), 'journal.db');

test('numbers events from 1, tells them once they are on the disk, reads exactly those after a cursor', async () => {
  const journal = await openJournal(newPath());
  const heard: number[] = [];
  journal.onCommit(() => heard.push(journal.committedSeq));
  for (let rev = 1; rev <= 5; rev++) expect(say(journal, 'a', rev)).toBe(rev);
  expect([journal.headSeq, journal.committedSeq, heard]).toEqual([5, 0, []]);
  expect(await seqsOf(journal.since(0))).toEqual([]);
  await journal.committed(5);
  expect([journal.committedSeq, heard]).toEqual([5, [5]]);
  expect(await seqsOf(journal.since(0))).toEqual([1, 2, 3, 4, 5]);
  expect(await seqsOf(journal.since(3))).toEqual([4, 5]);
  expect(await seqsOf(journal.since(5))).toEqual([]);
  expect(journal.stats()).toMatchObject({ headSeq: 5, committedSeq: 5, pending: 0, commits: 1, warnings: [] });
});

test('everything comes back after a restart: epoch, numbers, newest facts, notes, time, access log', async () => {
  const path = newPath();
  const first = await openJournal(path);
  say(first, 'a', 1);
  say(first, 'b', 1);
  say(first, 'a', 2);
  first.forget('weather.updated', 'b', 1500);
  first.note('cursor/x', '17');
  first.note('cursor/y', '3');
  first.note('cursor/x', null);
  first.note('cursor/x', '18');
  first.keepTime(9000);
  first.logAccess({ atMs: 1600, deskId: 'wall-1', action: 'track', detail: { unitId: 'car-1' } });
  await first.dispose();

  const second = await openJournal(path);
  expect([second.epoch, second.headSeq, second.committedSeq, second.oldestSeq]).toEqual([first.epoch, 3, 3, 1]);
  expect([second.firstAtMs, second.lastAtMs, second.resumeAtMs]).toEqual([1001, 1500, 9000]);
  expect([...second.all('weather.updated')]).toEqual([{ id: 'a', rev: 2 }]);
  expect([...second.notes('cursor/')]).toEqual([
    ['cursor/y', '3'],
    ['cursor/x', '18'],
  ]);
  expect(await second.accessLog(10)).toEqual([{ atMs: 1600, deskId: 'wall-1', action: 'track', detail: { unitId: 'car-1' } }]);
  expect(say(second, 'c', 1)).toBe(4);
  await second.flushed();
  expect(await seqsOf(second.since(0))).toEqual([1, 2, 3, 4]);
});

test('time never falls: an event from before the newest one is given its time', async () => {
  const journal = await openJournal(newPath());
  say(journal, 'a', 1, 5000);
  say(journal, 'a', 2, 4000);
  await journal.flushed();
  expect((await readAll(journal.since(0))).map(({ atMs }) => atMs)).toEqual([5000, 5000]);
});

test('events that are no longer in memory are read from the disk, in order and whole', async () => {
  const journal = await openJournal(newPath(), { recentEvents: 10 });
  for (let rev = 1; rev <= 700; rev++) say(journal, `thing-${rev % 7}`, rev);
  await journal.flushed();
  const seqs = await seqsOf(journal.since(0));
  expect(seqs).toEqual(Array.from({ length: 700 }, (_, i) => i + 1));
});

/** What happens, as a test can say it: [thing, forget?, ms since the one before]. */
const happenings = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.boolean(), fc.integer({ min: 0, max: 3 })), {
  minLength: 1,
  maxLength: 60,
});

test('state at any moment and what follows are those of a journal in memory, before and after a restart', async () => {
  await fc.assert(
    fc.asyncProperty(happenings, fc.integer({ min: 1, max: 9 }), async (all, checkpointEvents) => {
      const path = newPath();
      let journal = await openJournal(path, { checkpointEvents });
      const model = createMemoryJournal({ epoch: journal.epoch });
      let atMs = 1000;
      for (const [i, [thing, forgets, passes]] of all.entries()) {
        atMs += passes;
        for (const one of [journal, model]) {
          if (forgets) one.forget('weather.updated', `t${thing}`, atMs);
          else say(one, `t${thing}`, i, atMs);
        }
        if (i % 4 === 0) await journal.flushed();
      }
      for (const pass of ['running', 'restarted'] as const) {
        if (pass === 'restarted') {
          await journal.dispose();
          journal = await openJournal(path, { checkpointEvents });
          expect(factsOf(journal)).toEqual(factsOf(model));
        }
        for (let t = 999; t <= atMs + 1; t += 1 + ((atMs - 999) >> 3)) {
          const [state, expected] = [await journal.stateAt(t), await model.stateAt(t)];
          expect([t, state.seq, factsOf(state)]).toEqual([t, expected.seq, factsOf(expected)]);
          const rest = await readAll(journal.between(state.seq, atMs));
          expect(historyOf(rest)).toEqual(historyOf(await readAll(model.between(expected.seq, atMs))));
        }
      }
      await journal.dispose();
    }),
    { numRuns: 12 },
  );
}, 60_000);
