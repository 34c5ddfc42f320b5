import { existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { backupDirectory } from '../../../../gateway/journal/backupDirectory.ts';
import { openDataDirectory } from '../../../../gateway/journal/dataDirectory.ts';
import { makeDirectory, openJournal, readAll, say, seqsOf } from './journalFixture.ts';

test('a copy made while events come in has everything from before it, whole, and a gateway can go on from it', async () => {
  const from = join(makeDirectory(), 'data');
  const directory = openDataDirectory(from);
  const journal = await openJournal(join(from, 'journal.db'));
  for (let rev = 1; rev <= 3000; rev++) say(journal, `thing-${rev % 50}`, rev);
  journal.note('cursor', '3000');
  await journal.flushed();
  const writing = setInterval(() => say(journal, 'later', journal.headSeq), 1);
  const to = join(makeDirectory(), 'copy');
  await backupDirectory(from, to);
  clearInterval(writing);
  await journal.flushed();

  const copy = await openJournal(join(to, 'journal.db'));
  expect([copy.epoch, copy.noted('cursor'), copy.oldestSeq]).toEqual([journal.epoch, '3000', 1]);
  expect(copy.headSeq).toBeGreaterThanOrEqual(3000);
  const events = await readAll(copy.since(0));
  expect(events).toEqual((await readAll(journal.since(0))).slice(0, events.length));
  expect(say(copy, 'new', 1)).toBe(events.length + 1);
  await copy.flushed();
  expect(copy.stats().warnings).toEqual([]);
  expect([existsSync(join(to, 'lock.db')), existsSync(join(to, 'journal.db.part'))]).toEqual([false, false]);
  await journal.dispose();
  directory.dispose();
});

test('copies what a killed gateway left, its log included, and files of other rooms of the directory', async () => {
  const from = makeDirectory();
  const journal = await openJournal(join(from, 'journal.db'));
  for (let rev = 1; rev <= 10; rev++) say(journal, 'a', rev);
  await journal.flushed();
  // A process that is killed leaves the log beside the database.
  const killed = makeDirectory();
  for (const name of ['journal.db', 'journal.db-wal']) writeFileSync(join(killed, name), readFileSync(join(from, name)));
  mkdirSync(join(killed, 'tracks'));
  writeFileSync(join(killed, 'tracks', 'notes.json'), '{}');
  const to = join(makeDirectory(), 'copy');
  expect((await backupDirectory(killed, to)).files).toBe(2);
  expect(readFileSync(join(to, 'tracks', 'notes.json'), 'utf8')).toBe('{}');
  expect(await seqsOf((await openJournal(join(to, 'journal.db'))).since(0))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('refuses a directory without a journal, a target with files in it, and a damaged database', async () => {
  const empty = makeDirectory();
  await expect(backupDirectory(empty, join(empty, 'copy'))).rejects.toThrow(`--data ${empty}: there is no journal`);
  const from = makeDirectory();
  const journal = await openJournal(join(from, 'journal.db'));
  for (let rev = 1; rev <= 2000; rev++) say(journal, `thing-${rev}`, rev);
  await journal.dispose();
  await expect(backupDirectory(from, from)).rejects.toThrow('is not empty');
  truncateSync(join(from, 'journal.db'), 60_000);
  const to = join(makeDirectory(), 'copy');
  await expect(backupDirectory(from, to)).rejects.toThrow(/journal\.db: database disk image is malformed/);
  expect(existsSync(join(to, 'journal.db'))).toBe(false);
});
