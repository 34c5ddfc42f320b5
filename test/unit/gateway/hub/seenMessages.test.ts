import { expect, test } from 'vitest';
import { createSeenMessages } from '../../../../gateway/hub/seenMessages.ts';
import { createMemoryJournal } from '../../../../gateway/journal/createMemoryJournal.ts';

test('the newest names are known, also to the next run; older ones leave memory and journal', () => {
  const journal = createMemoryJournal();
  const seen = createSeenMessages(journal, 's', 3);
  for (const name of ['a', 'b', 'c', 'd', 'e']) seen.add(name);
  const known = (one: { has(name: string): boolean }): string[] => ['a', 'b', 'c', 'd', 'e', 'f'].filter(one.has);
  expect(known(seen)).toEqual(['c', 'd', 'e']);
  const next = createSeenMessages(journal, 's', 3);
  next.add('f');
  expect(known(next)).toEqual(['d', 'e', 'f']);
  expect([...journal.notes('source/s/seen/')].map(([key]) => key.at(-1))).toEqual(['d', 'e', 'f']);
  expect(known(createSeenMessages(journal, 's', 1))).toEqual(['f']);
  expect(known(createSeenMessages(journal, 'other', 3))).toEqual([]);
});

test('a minute of an outage at 500 messages a second, and more, is remembered', () => {
  const seen = createSeenMessages(createMemoryJournal(), 's');
  for (let n = 0; n < 90_000; n += 1) seen.add(`m-${n}`);
  expect([seen.has('m-0'), seen.has('m-89999'), seen.has('m-90000')]).toEqual([true, true, false]);
});

test('long names that differ at their end are two', () => {
  const seen = createSeenMessages(createMemoryJournal(), 's');
  const long = 'urn:'.padEnd(300, 'x');
  seen.add(`${long}1`);
  expect([seen.has(`${long}1`), seen.has(`${long}2`)]).toEqual([true, false]);
});
