import { existsSync, renameSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '../appError.ts';

/** A packed stretch of one unit within one hour, and where its bytes lie. */
export interface Span {
  hour: number;
  unit: number;
  pack: number;
  offset: number;
  length: number;
  count: number;
  heardFromMs: number;
  heardToMs: number;
  westE7: number;
  southE7: number;
  eastE7: number;
  northE7: number;
}

/** "WgTr" in ASCII: tells our files from those of others. */
const APPLICATION_ID = 0x57675472;
const VERSION = 1;
/**
 * `recent` holds groups of fixes as they came, until they are packed. A `pack` is some 64 KB of blocks, because a blob of 5 KB of its own
 * would waste an eighth of the disk; `span` is the index by hour, unit and place.
 */
const TABLES = `
  CREATE TABLE unit(unit INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE recent(n INTEGER PRIMARY KEY, batch BLOB NOT NULL) STRICT;
  CREATE TABLE pack(pack INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
  CREATE TABLE span(hour INTEGER NOT NULL, unit INTEGER NOT NULL, pack INTEGER NOT NULL, offset INTEGER NOT NULL,
    length INTEGER NOT NULL, count INTEGER NOT NULL, heardFromMs INTEGER NOT NULL, heardToMs INTEGER NOT NULL,
    westE7 INTEGER NOT NULL, southE7 INTEGER NOT NULL, eastE7 INTEGER NOT NULL, northE7 INTEGER NOT NULL,
    PRIMARY KEY(hour, unit, pack, offset)) STRICT, WITHOUT ROWID;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${VERSION};`;
const BUSY_MS = 5000;

/** Damage in the sense of SQLite: not a database, or a malformed one. */
export const isDamage = (error: unknown): boolean => {
  const code = (error as { errcode?: unknown }).errcode;
  return error instanceof Damage || (typeof code === 'number' && [11, 26].includes(code & 0xff));
};
class Damage extends Error {}

const pragma = (database: DatabaseSync, name: string): number => Number(database.prepare(`PRAGMA ${name}`).get()![name]);

function open(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    const version = pragma(database, 'user_version');
    const application = pragma(database, 'application_id');
    if (application !== APPLICATION_ID && (application !== 0 || pragma(database, 'page_count') > 0))
      throw new Damage('not a file of tracks');
    if (version > VERSION) {
      throw new AppError('newerSchema', `${path} was written by a newer version (schema ${version}, this one knows ${VERSION})`);
    }
    // FULL: COMMIT returns when the disk has it. This runs in a thread of its own, which may wait.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16000; PRAGMA wal_autocheckpoint = 1000');
    if (application === 0) database.exec(`BEGIN; ${TABLES} COMMIT`);
    // Names every table that a start needs; what lies in the blobs has checksums of its own.
    database.exec('SELECT count(*) FROM unit; SELECT count(*) FROM recent; SELECT max(pack) FROM pack; SELECT max(hour) FROM span');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** One month of tracks. Every call may throw what SQLite throws: a full disk, a damaged file. */
export function openMonthFile(path: string) {
  const database = open(path);
  const insertUnit = database.prepare('INSERT INTO unit(id) VALUES(?) RETURNING unit');
  const insertRecent = database.prepare('INSERT INTO recent(batch) VALUES(?)');
  const deleteRecent = database.prepare('DELETE FROM recent');
  const insertPack = database.prepare('INSERT INTO pack(bytes) VALUES(?) RETURNING pack');
  const deletePack = database.prepare('DELETE FROM pack WHERE pack = ? AND NOT EXISTS (SELECT 1 FROM span WHERE hour = ? AND pack = ?)');
  const insertSpan = database.prepare('INSERT INTO span VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const deleteSpans = database.prepare('DELETE FROM span WHERE hour = ? AND unit = ?');
  const spansOfHour = database.prepare('SELECT * FROM span WHERE hour = ? ORDER BY unit, pack, offset');
  const spansOfUnit = database.prepare('SELECT * FROM span WHERE hour = ? AND unit = ? ORDER BY pack, offset');
  const unitsAfter = database.prepare('SELECT DISTINCT unit FROM span WHERE hour = ? AND unit > ? ORDER BY unit LIMIT ?');
  const getPack = database.prepare('SELECT bytes FROM pack WHERE pack = ?');
  const totals = database.prepare(
    'SELECT count(*) AS blocks, coalesce(sum(count), 0) AS fixes, min(hour) AS first, max(hour) AS last FROM span',
  );
  const crowding = database.prepare('SELECT count(*) AS blocks, count(DISTINCT unit) AS units FROM span WHERE hour = ?');
  const numbers = new Map<string, number>();
  const names = new Map<number, string>();
  for (const { unit, id } of database.prepare('SELECT unit, id FROM unit').all()) {
    numbers.set(String(id), Number(unit));
    names.set(Number(unit), String(id));
  }
  const sum = totals.get()!;
  let blocks = Number(sum['blocks']);
  let fixes = Number(sum['fixes']);
  let firstHour = sum['first'] === null ? null : Number(sum['first']);
  let lastHour = sum['last'] === null ? null : Number(sum['last']);

  return {
    path,
    get blocks() {
      return blocks;
    },
    get fixes() {
      return fixes;
    },
    get firstHour() {
      return firstHour;
    },
    get lastHour() {
      return lastHour;
    },
    sizeBytes: (): number =>
      path === ':memory:'
        ? pragma(database, 'page_count') * pragma(database, 'page_size')
        : ['', '-wal'].reduce((bytes, suffix) => bytes + (statSync(path + suffix, { throwIfNoEntry: false })?.size ?? 0), 0),
    unitIds: (): Iterable<string> => numbers.keys(),
    numberOf: (id: string): number | undefined => numbers.get(id),
    nameOf: (unit: number): string | undefined => names.get(unit),
    /** Call inside a transaction. */
    takeNumber(id: string): number {
      const known = numbers.get(id);
      if (known !== undefined) return known;
      const unit = Number(insertUnit.get(id)!['unit']);
      numbers.set(id, unit);
      names.set(unit, id);
      return unit;
    },
    addRecent: (batch: Uint8Array): void => void insertRecent.run(batch),
    clearRecent: (): void => void deleteRecent.run(),
    recents: (): Uint8Array[] =>
      database
        .prepare('SELECT batch FROM recent ORDER BY n')
        .all()
        .map((row) => row['batch'] as Uint8Array),
    addPack: (bytes: Uint8Array): number => Number(insertPack.get(bytes)!['pack']),
    /** Removes a pack of an hour that nothing lies in any more. */
    removePack: (pack: number, hour: number): void => void deletePack.run(pack, hour, pack),
    addSpan(span: Span): void {
      const { hour, unit, pack, offset, length, count, heardFromMs, heardToMs, westE7, southE7, eastE7, northE7 } = span;
      insertSpan.run(hour, unit, pack, offset, length, count, heardFromMs, heardToMs, westE7, southE7, eastE7, northE7);
      blocks += 1;
      fixes += count;
      firstHour = Math.min(firstHour ?? hour, hour);
      lastHour = Math.max(lastHour ?? hour, hour);
    },
    removeSpans(hour: number, unit: number): void {
      for (const { count } of spansOfUnit.all(hour, unit) as unknown as Span[]) {
        blocks -= 1;
        fixes -= count;
      }
      deleteSpans.run(hour, unit);
    },
    spans: (hour: number, unit?: number): Span[] =>
      (unit === undefined ? spansOfHour.all(hour) : spansOfUnit.all(hour, unit)) as unknown as Span[],
    unitsAfter: (hour: number, unit: number, limit: number): number[] =>
      unitsAfter.all(hour, unit, limit).map((row) => Number(row['unit'])),
    /** How many blocks an hour has, and of how many units. */
    crowding: (hour: number): { blocks: number; units: number } => crowding.get(hour) as unknown as { blocks: number; units: number },
    pack: (pack: number): Uint8Array | undefined => getPack.get(pack)?.['bytes'] as Uint8Array | undefined,
    transact(work: () => void): void {
      const before = { blocks, fixes, firstHour, lastHour, units: names.size };
      database.exec('BEGIN IMMEDIATE');
      try {
        work();
        database.exec('COMMIT');
      } catch (error) {
        // A full disk may have rolled back by itself.
        if (database.isTransaction) database.exec('ROLLBACK');
        ({ blocks, fixes, firstHour, lastHour } = before);
        for (const [id, unit] of [...numbers].slice(before.units)) {
          numbers.delete(id);
          names.delete(unit);
        }
        throw error;
      }
    },
    close: (): void => database.close(),
  };
}
export type MonthFile = ReturnType<typeof openMonthFile>;

/** Moves a damaged file and what belongs to it out of the way, for a person to look at. @returns where to. */
export function moveAside(path: string): string {
  const stamp = new Date().toISOString().replaceAll(':', '-').slice(0, 19);
  let aside = `${path}.damaged-${stamp}`;
  for (let n = 2; existsSync(aside); n++) aside = `${path}.damaged-${stamp}-${n}`;
  for (const suffix of ['', '-wal', '-shm']) if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  return aside;
}
