import { expect, test } from 'vitest';
import type { Weather } from '../../../../protocol/messages/index.ts';
import { createMemoryJournal } from '../../../../gateway/journal/createMemoryJournal.ts';
import type { Journal } from '../../../../gateway/journal/journal.ts';

const say = (journal: Journal, id: string, rev: number): number =>
  journal.append({ type: 'weather.updated', data: { id, rev } as Weather }, 1000 + rev);
async function read(journal: Journal, seq: number): Promise<number[]> {
  const seqs: number[] = [];
  for await (const entry of journal.since(seq)) seqs.push(entry.seq);
  return seqs;
}

test('numbers events from 1 and reads exactly those after a cursor', async () => {
  const journal = createMemoryJournal();
  expect([journal.headSeq, journal.oldestSeq]).toEqual([0, 1]);
  for (let rev = 1; rev <= 5; rev++) expect(say(journal, 'a', rev)).toBe(rev);
  expect(await read(journal, 0)).toEqual([1, 2, 3, 4, 5]);
  expect(await read(journal, 3)).toEqual([4, 5]);
  expect(await read(journal, 5)).toEqual([]);
  expect(journal.committedSeq).toBe(5);
});

test('keeps as many events as it may and says so; older ones are refused, never left out silently', async () => {
  const journal = createMemoryJournal({ retention: 4 });
  for (let rev = 1; rev <= 10; rev++) say(journal, 'a', rev);
  expect([journal.oldestSeq, journal.headSeq]).toEqual([7, 10]);
  expect(await read(journal, 6)).toEqual([7, 8, 9, 10]);
  await expect(read(journal, 5)).rejects.toThrow('event 6 is no longer kept, the oldest is 7');
});

test('an event that falls out while it is waited for is refused, too', async () => {
  const journal = createMemoryJournal({ retention: 4 });
  for (let rev = 1; rev <= 4; rev++) say(journal, 'a', rev);
  const reader = (async () => {
    for await (const entry of journal.since(0)) for (let i = 0; i < 3; i++) say(journal, 'a', entry.seq * 10 + i);
  })();
  await expect(reader).rejects.toThrow(RangeError);
});

test('the newest of each thing, in order of first appearance; what is forgotten is gone from the latest only', async () => {
  const journal = createMemoryJournal();
  say(journal, 'a', 1);
  say(journal, 'b', 1);
  say(journal, 'a', 2);
  expect([...journal.all('weather.updated')].map(({ id, rev }) => [id, rev])).toEqual([
    ['a', 2],
    ['b', 1],
  ]);
  journal.forget('weather.updated', 'a', 2000);
  expect(journal.latest('weather.updated', 'a')).toBeUndefined();
  expect(journal.latest('weather.updated', 'b')).toMatchObject({ rev: 1 });
  expect([...journal.all('unit.updated')]).toEqual([]);
  expect(await read(journal, 0)).toEqual([1, 2, 3]);
});

test('listeners hear of commits until they stop; two journals have two epochs', () => {
  const journal = createMemoryJournal();
  let heard = 0;
  const stop = journal.onCommit(() => (heard += 1));
  say(journal, 'a', 1);
  stop();
  say(journal, 'a', 2);
  expect(heard).toBe(1);
  expect(journal.epoch).not.toBe(createMemoryJournal().epoch);
});
