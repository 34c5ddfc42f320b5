import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { createEventStore } from '../../../../gateway/journal/eventStore.ts';
import { createEventWriter } from '../../../../gateway/journal/eventWriter.ts';
import { openJournalFile } from '../../../../gateway/journal/journalFile.ts';
import type { Write } from '../../../../gateway/journal/threadMessages.ts';
import { makeDirectory, openJournal, say, seqsOf } from './journalFixture.ts';

const event = (seq: number, bytes = 10): Write => ({
  kind: 'event',
  seq,
  atMs: seq,
  type: 'weather.updated',
  id: 'a',
  json: JSON.stringify({ id: 'a', rev: seq, filler: 'x'.repeat(bytes) }),
});

test('a group that finds the disk full leaves nothing behind and is written whole when there is room again', () => {
  const { database } = openJournalFile(join(makeDirectory(), 'journal.db'));
  onTestFinished(() => database.close());
  const store = createEventStore(database);
  const writer = createEventWriter(store, 3);
  writer.write([event(1)]);
  // SQLite's own limit fails in the same way as a file system without room: SQLITE_FULL in the middle of a transaction.
  const pages = Number(database.prepare('PRAGMA page_count').get()!['page_count']);
  database.exec(`PRAGMA max_page_count = ${pages + 4}`);
  const group = [event(2), { kind: 'note', key: 'cursor', value: '2' } as const, event(3, 50_000)];
  for (let attempt = 0; attempt < 2; attempt++) {
    expect(() => writer.write(group)).toThrow(expect.objectContaining({ errcode: 13 }));
    expect([store.lastSeq(), store.notes()]).toEqual([1, []]);
  }
  database.exec('PRAGMA max_page_count = 1000000');
  writer.write(group);
  writer.write([event(4)]);
  writer.checkpoint();
  expect([store.lastSeq(), store.notes()]).toEqual([4, [['cursor', '2']]]);
  expect(store.placesAt(4)).toMatchObject({ moment: { seq: 4 }, places: [{ seq: 4 }], sinceCheckpoint: 0 });
});

test('while nothing can be written it says so, keeps what comes, tells nothing; then everything is written in order', async () => {
  const path = join(makeDirectory(), 'journal.db');
  const warnings: string[] = [];
  const journal = await openJournal(path, { onWarning: (warning) => warnings.push(warning) });
  say(journal, 'a', 1);
  await journal.flushed();
  const other = new DatabaseSync(path);
  onTestFinished(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  for (let rev = 2; rev <= 5; rev++) say(journal, 'a', rev);
  while (journal.obstacle === null) await new Promise((done) => setTimeout(done, 20));
  say(journal, 'a', 6);
  expect([journal.committedSeq, journal.stats().pending]).toEqual([1, 5]);
  expect(journal.stats().warnings).toEqual([`the journal cannot be written at the moment: ${journal.obstacle}`]);
  expect(warnings).toEqual([`the journal ${path} cannot be written at the moment: ${journal.obstacle}`]);
  expect(await seqsOf(journal.since(0))).toEqual([1]);
  other.exec('ROLLBACK');
  await journal.flushed();
  expect([journal.obstacle, journal.committedSeq, journal.stats().warnings]).toEqual([null, 6, []]);
  expect(await seqsOf(journal.since(0))).toEqual([1, 2, 3, 4, 5, 6]);
}, 20_000);

test('a journal whose file breaks under it says so once, refuses to call anything safe, and closes', async () => {
  const path = join(makeDirectory(), 'journal.db');
  const broken: string[] = [];
  const journal = await openJournal(path, { onBroken: (error) => broken.push(error.message) });
  say(journal, 'a', 1);
  await journal.flushed();
  const other = new DatabaseSync(path);
  other.exec('DROP TABLE note');
  other.close();
  journal.note('cursor', '1');
  const seq = say(journal, 'a', 2);
  await expect(journal.committed(seq)).rejects.toThrow('can no longer be written');
  await expect(journal.flushed()).rejects.toThrow('can no longer be written');
  expect(broken).toHaveLength(1);
  expect([journal.committedSeq, journal.obstacle === null]).toEqual([1, false]);
  await journal.dispose();
});
