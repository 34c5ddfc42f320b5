import { copyFileSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { SCHEMA_VERSION } from '../../../../gateway/journal/journalFile.ts';
import { makeDirectory, openJournal, readAll, say, seqsOf } from './journalFixture.ts';

/** A journal of some hundred events, closed. */
async function writtenJournal(events = 400): Promise<string> {
  const path = join(makeDirectory(), 'journal.db');
  const journal = await openJournal(path);
  for (let rev = 1; rev <= events; rev++) say(journal, `thing-${rev % 9}`, rev);
  await journal.dispose();
  return path;
}
/** As version 1 wrote it: type and id with every event, no checkpoints, no access log. */
function writeVersion1(path: string): void {
  const database = new DatabaseSync(path);
  database.exec(
    `PRAGMA application_id = ${0x57616e67}; PRAGMA user_version = 1;
     CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
     CREATE TABLE event(seq INTEGER PRIMARY KEY, atMs INTEGER NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL, data TEXT NOT NULL) STRICT;
     CREATE TABLE note(n INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, value TEXT NOT NULL) STRICT;
     INSERT INTO meta VALUES('epoch', 'epoch-of-old'), ('keptAtMs', '9000');
     INSERT INTO note(key, value) VALUES('cursor', '7');`,
  );
  const insert = database.prepare('INSERT INTO event VALUES(?, ?, ?, ?, ?)');
  for (let seq = 1; seq <= 30; seq++) {
    const id = `thing-${seq % 4}`;
    insert.run(seq, 1000 + seq, 'weather.updated', id, JSON.stringify({ id, rev: seq }));
  }
  database.close();
}

test('a file of version 1 is brought to the current version with everything in it', async () => {
  const path = join(makeDirectory(), 'journal.db');
  writeVersion1(path);
  const journal = await openJournal(path);
  expect(SCHEMA_VERSION).toBeGreaterThan(1);
  expect(journal.stats()).toMatchObject({ schemaVersion: SCHEMA_VERSION, headSeq: 30, oldestSeq: 1, warnings: [] });
  expect([journal.epoch, journal.noted('cursor'), journal.resumeAtMs]).toEqual(['epoch-of-old', '7', 9000]);
  expect([...journal.all('weather.updated')].map(({ id, rev }) => [id, rev])).toEqual([
    ['thing-1', 29],
    ['thing-2', 30],
    ['thing-3', 27],
    ['thing-0', 28],
  ]);
  expect(await readAll(journal.since(0))).toHaveLength(30);
  expect([...(await journal.stateAt(1010)).all('weather.updated')].map(({ rev }) => rev)).toEqual([9, 10, 7, 8]);
  expect(say(journal, 'thing-0', 31)).toBe(31);
  await journal.flushed();
});

test('a file of a newer version and one of another program are left alone, with one line each', async () => {
  const path = await writtenJournal(5);
  const newer = new DatabaseSync(path);
  newer.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
  newer.close();
  await expect(openJournal(path)).rejects.toThrow(`was written by a newer version (schema ${SCHEMA_VERSION + 1}`);
  const foreign = join(makeDirectory(), 'journal.db');
  const other = new DatabaseSync(foreign);
  other.exec('CREATE TABLE theirs(a)');
  other.close();
  await expect(openJournal(foreign)).rejects.toThrow('is a database of another program');
  expect(readdirSync(join(foreign, '..'))).toEqual(['journal.db']);
});

test.each([
  ['cut short', (path: string) => truncateSync(path, 30_000)],
  ['overwritten in the middle', (path: string) => writeFileSync(path, Buffer.from(readFileSync(path)).fill(0x5a, 12_000, 24_000))],
  ['no database at all', (path: string) => writeFileSync(path, 'x'.repeat(9000))],
])('a file that is %s is moved aside with a warning, never written to, and a new journal begins', async (_, damage) => {
  const path = await writtenJournal();
  damage(path);
  const damaged = readFileSync(path);
  const warnings: string[] = [];
  const journal = await openJournal(path, { onWarning: (warning) => warnings.push(warning) });
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(/journal\.db is damaged \(.+\): it was moved to .+\.damaged-[\dT-]+, and a new journal begins$/);
  expect(journal.stats().warnings).toEqual(warnings);
  const aside = readdirSync(join(path, '..')).find((name) => /\.damaged-[\dT-]+$/.test(name))!;
  expect(readFileSync(join(path, '..', aside)).equals(damaged)).toBe(true);
  expect([journal.headSeq, say(journal, 'a', 1)]).toEqual([0, 1]);
  await journal.flushed();
});

test('a log that was torn anywhere by a power cut gives whole transactions from the first on, none in part', async () => {
  const path = join(makeDirectory(), 'journal.db');
  const journal = await openJournal(path);
  for (let group = 1; group <= 40; group++) {
    // Five events of one moment are one transaction.
    for (let i = 0; i < 5; i++) say(journal, `thing-${i}`, group);
    journal.note('group', String(group));
    await journal.flushed();
  }
  const [file, log] = [readFileSync(path), readFileSync(`${path}-wal`)];
  expect(log.length).toBeGreaterThan(50_000);
  const heads = new Set<number>();
  for (let cut = 1; cut <= 12; cut++) {
    const torn = join(makeDirectory(), 'journal.db');
    writeFileSync(torn, file);
    writeFileSync(`${torn}-wal`, log.subarray(0, Math.floor((log.length * cut) / 12.5) + cut));
    const found = await openJournal(torn);
    expect(found.stats().warnings).toEqual([]);
    expect(found.headSeq % 5).toBe(0);
    expect(found.noted('group') ?? '0').toBe(String(found.headSeq / 5));
    expect(await seqsOf(found.since(0))).toEqual(Array.from({ length: found.headSeq }, (__, i) => i + 1));
    heads.add(found.headSeq);
    await found.dispose();
  }
  expect(heads.size).toBeGreaterThan(5);
});

test('what is suspected is read whole at the next start, and the suspicion ends with that', async () => {
  const path = await writtenJournal();
  writeFileSync(`${path}.suspect`, '');
  const journal = await openJournal(path);
  expect(journal.stats().warnings).toEqual([]);
  expect(existsSync(`${path}.suspect`)).toBe(false);
  const copy = join(makeDirectory(), 'journal.db');
  await journal.dispose();
  copyFileSync(path, copy);
  expect((await openJournal(copy)).headSeq).toBe(400);
});
