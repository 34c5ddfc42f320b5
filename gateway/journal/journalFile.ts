import { randomUUID } from 'node:crypto';
import { existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '../appError.ts';

/** Each step leads a file from its version (the place in the list) to the next one; an empty file is version 0. Never change a step: add one. */
const migrations: readonly string[] = [
  `CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
   CREATE TABLE event(seq INTEGER PRIMARY KEY, atMs INTEGER NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL, data TEXT NOT NULL) STRICT;
   CREATE TABLE note(n INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, value TEXT NOT NULL) STRICT;`,
  `CREATE TABLE thing(thing INTEGER PRIMARY KEY, type TEXT NOT NULL, id TEXT NOT NULL, UNIQUE(type, id)) STRICT;
   INSERT INTO thing(type, id) SELECT type, id FROM event GROUP BY type, id ORDER BY min(seq);
   ALTER TABLE event RENAME TO eventOld;
   CREATE TABLE event(seq INTEGER PRIMARY KEY, atMs INTEGER NOT NULL, thing INTEGER NOT NULL, data TEXT NOT NULL) STRICT;
   INSERT INTO event SELECT o.seq, o.atMs, t.thing, o.data FROM eventOld o JOIN thing t ON t.type = o.type AND t.id = o.id ORDER BY o.seq;
   DROP TABLE eventOld;
   CREATE INDEX eventOfThing ON event(thing, seq);
   CREATE TABLE forgotten(n INTEGER PRIMARY KEY, seq INTEGER NOT NULL, atMs INTEGER NOT NULL, thing INTEGER NOT NULL) STRICT;
   CREATE INDEX forgottenAfter ON forgotten(seq);
   CREATE INDEX forgottenThing ON forgotten(thing);
   CREATE TABLE checkpoint(seq INTEGER NOT NULL, forgottenN INTEGER NOT NULL, atMs INTEGER NOT NULL, facts BLOB NOT NULL, PRIMARY KEY(seq, forgottenN)) STRICT;
   CREATE INDEX checkpointAt ON checkpoint(atMs);
   CREATE TABLE access(n INTEGER PRIMARY KEY, atMs INTEGER NOT NULL, deskId TEXT NOT NULL, action TEXT NOT NULL, detail TEXT NOT NULL) STRICT;`,
];
export const SCHEMA_VERSION = migrations.length;

/** "Wang" in ASCII: tells our files from those of others. */
const APPLICATION_ID = 0x57616e67;
/** Larger files are not read whole before the start, but beside the running gateway. About 0.2 s here. */
const FULL_CHECK_BYTES = 64e6;
/** How long a writer waits for another process to let go. */
const BUSY_MS = 2000;
/** The log is cut back to this after it has grown: a slow reader or a large transaction lets it. */
const MAX_LOG_BYTES = 64e6;

/** Damage in the sense of SQLite: not a database, or a malformed one. */
const isDamage = (error: unknown): boolean => {
  const code = (error as { errcode?: unknown }).errcode;
  return typeof code === 'number' && [11, 26].includes(code & 0xff);
};
class Damage extends Error {}

const versionOf = (database: DatabaseSync): number => Number(database.prepare('PRAGMA user_version').get()!['user_version']);

function migrate(database: DatabaseSync, from: number): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    for (const step of migrations.slice(from)) database.exec(step);
    database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}; PRAGMA application_id = ${APPLICATION_ID}`);
    database.prepare("INSERT INTO meta VALUES('epoch', ?) ON CONFLICT DO NOTHING").run(randomUUID());
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

/** Reads the whole file. @returns what is wrong with it, or null. */
export function wholeFileFault(database: DatabaseSync): string | null {
  const [first] = database.prepare('PRAGMA quick_check(1)').all();
  const verdict = String(first!['quick_check']);
  return verdict === 'ok' ? null : verdict;
}

/** A file beside the database that says: read it whole at the next start, whatever its size. */
const suspicionOf = (path: string): string => `${path}.suspect`;
/** Damage was found while the gateway runs: the next start looks at the whole file, and moves it aside when it is so. */
export const suspect = (path: string): void => writeFileSync(suspicionOf(path), '');

/** @returns whether the whole file still is to be read. @throws Damage. */
function check(database: DatabaseSync, path: string): boolean {
  const later = statSync(path).size > FULL_CHECK_BYTES && !existsSync(suspicionOf(path));
  if (!later) {
    const fault = wholeFileFault(database);
    if (fault !== null) throw new Damage(fault);
    rmSync(suspicionOf(path), { force: true });
  }
  // The tail is what a start needs, whatever the size.
  for (const { data } of database.prepare('SELECT data FROM event ORDER BY seq DESC LIMIT 1000').iterate()) JSON.parse(String(data));
  return later;
}

function checkOwner(database: DatabaseSync, path: string, version: number): void {
  const id = Number(database.prepare('PRAGMA application_id').get()!['application_id']);
  const isEmpty = database.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
  if (!isEmpty && id !== APPLICATION_ID) throw new AppError('notAJournal', `${path} is a database of another program`);
  if (version > SCHEMA_VERSION) {
    throw new AppError(
      'newerSchema',
      `${path} was written by a newer version (schema ${version}, this one knows ${SCHEMA_VERSION}): update this gateway`,
    );
  }
}

export interface JournalFile {
  database: DatabaseSync;
  /** One sentence when a damaged file was moved aside. */
  warning: string | null;
  /** The file was too large to be read whole. */
  checkLater: boolean;
}

function open(path: string): Omit<JournalFile, 'warning'> {
  const database = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    const version = versionOf(database);
    checkOwner(database, path, version);
    if (version === 0) database.exec('PRAGMA auto_vacuum = INCREMENTAL');
    // FULL: COMMIT returns after fsync of the log, so that what was acknowledged survives a power cut (sqlite.org/pragma.html).
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = ${MAX_LOG_BYTES}`);
    if (version < SCHEMA_VERSION) migrate(database, version);
    return { database, checkLater: check(database, path) };
  } catch (error) {
    database.close();
    if (error instanceof SyntaxError) throw new Damage(`an event is no JSON: ${error.message}`);
    throw error;
  }
}

/** Opens the database of a journal that another thread writes. */
export function openForReading(path: string): DatabaseSync {
  return new DatabaseSync(path, { readOnly: true, timeout: BUSY_MS });
}

/**
 * Opens the journal's database, makes it where there is none, brings an older one up to date.
 * A damaged file is never written to: it is moved aside and a new one begins.
 * @throws {AppError} one line when a newer version or another program wrote the file.
 */
export function openJournalFile(path: string): JournalFile {
  try {
    return { ...open(path), warning: null };
  } catch (error) {
    if (!(error instanceof Damage) && !isDamage(error)) throw error;
    const stamp = new Date().toISOString().replaceAll(':', '-').slice(0, 19);
    const aside = `${path}.damaged-${stamp}`;
    // The database first: without it a log is void, while a database without its log would lose its end silently.
    for (const suffix of ['', '-wal', '-shm']) if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
    rmSync(suspicionOf(path), { force: true });
    const warning = `${path} is damaged (${(error as Error).message.split('\n')[0]}): it was moved to ${aside}, and a new journal begins`;
    return { ...open(path), warning };
  }
}
