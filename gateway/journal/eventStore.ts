import type { DatabaseSync } from 'node:sqlite';
import type { Message, MessageType } from '../../protocol/messages/index.ts';
import type { Access, ForgottenEntry, HistoryEntry, JournalEntry } from './journal.ts';

/** Where in the log the newest fact of a thing stands. */
export interface Place {
  readonly thing: number;
  readonly type: MessageType;
  readonly id: string;
  seq: number;
}
/** A moment in the log: after an event and after a forgetting. */
export interface Moment {
  seq: number;
  forgottenN: number;
}

const number = (value: unknown): number => Number(value);

/** The statements of the journal's tables. Synchronous; a page of 256 events takes about a millisecond. */
export function createEventStore(database: DatabaseSync) {
  const insertEvent = database.prepare('INSERT INTO event VALUES(?, ?, ?, ?)');
  const insertThing = database.prepare('INSERT INTO thing(type, id) VALUES(?, ?) ON CONFLICT DO UPDATE SET id = id RETURNING thing');
  const insertForgotten = database.prepare('INSERT INTO forgotten(seq, atMs, thing) VALUES(?, ?, ?) RETURNING n');
  const insertAccess = database.prepare('INSERT INTO access(atMs, deskId, action, detail) VALUES(?, ?, ?, ?)');
  const insertCheckpoint = database.prepare('INSERT OR REPLACE INTO checkpoint VALUES(?, ?, ?, ?)');
  const replaceNote = database.prepare('INSERT OR REPLACE INTO note(key, value) VALUES(?, ?)');
  const deleteNote = database.prepare('DELETE FROM note WHERE key = ?');
  const setMeta = database.prepare('INSERT OR REPLACE INTO meta VALUES(?, ?)');
  const getMeta = database.prepare('SELECT value FROM meta WHERE key = ?');
  const getNote = database.prepare('SELECT value FROM note WHERE key = ?');
  const listNotes = database.prepare('SELECT key, value FROM note WHERE key >= ? AND key < ? ORDER BY n');
  const getThing = database.prepare('SELECT type, id FROM thing WHERE thing = ?');
  const getData = database.prepare('SELECT data FROM event WHERE seq = ?');
  const firstFrom = database.prepare('SELECT seq, atMs FROM event WHERE seq >= ? ORDER BY seq LIMIT 1');
  const lastSeq = database.prepare('SELECT max(seq) AS seq FROM event');
  const lastForgotten = database.prepare('SELECT n, atMs FROM forgotten ORDER BY n DESC LIMIT 1');
  const eventsAfter = database.prepare(
    'SELECT seq, atMs, type, id, data FROM event JOIN thing USING(thing) WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?',
  );
  const placesAfter = database.prepare('SELECT seq, thing, 0 AS n FROM event WHERE seq > ? AND seq <= ? ORDER BY seq');
  const forgottenBetween = database.prepare(
    'SELECT seq, atMs, type, id FROM forgotten JOIN thing USING(thing) WHERE seq >= ? AND seq < ? AND atMs <= ? ORDER BY n',
  );
  const forgottenPlaces = database.prepare('SELECT seq, thing, n FROM forgotten WHERE n > ? AND atMs <= ? ORDER BY n');
  const checkpointBefore = database.prepare('SELECT * FROM checkpoint WHERE atMs <= ? ORDER BY atMs DESC, seq DESC, forgottenN DESC LIMIT 1');
  const accesses = database.prepare('SELECT atMs, deskId, action, detail FROM access ORDER BY n DESC LIMIT ?');
  const pages = database.prepare('PRAGMA page_count');
  const pageBytes = number(database.prepare('PRAGMA page_size').get()!['page_size']);

  const nameOf = (thing: number): { type: MessageType; id: string } => {
    const row = getThing.get(thing)!;
    return { type: row['type'] as MessageType, id: String(row['id']) };
  };
  const toEntry = (row: Record<string, unknown>): JournalEntry => ({
    seq: number(row['seq']),
    atMs: number(row['atMs']),
    message: { type: row['type'], data: JSON.parse(String(row['data'])) as object } as Message,
  });
  const toForgotten = (row: Record<string, unknown>): ForgottenEntry => ({
    seq: number(row['seq']),
    atMs: number(row['atMs']),
    forgotten: { type: row['type'] as MessageType, id: String(row['id']) },
  });

  const store = {
    database,
    meta: (key: string): string | undefined => getMeta.get(key)?.['value'] as string | undefined,
    setMeta: (key: string, value: string): void => void setMeta.run(key, value),
    /** The number of a thing, a new one when it was never seen. */
    thingOf: (type: MessageType, id: string): number => number(insertThing.get(type, id)!['thing']),
    addEvent: (seq: number, atMs: number, thing: number, json: string): void => void insertEvent.run(seq, atMs, thing, json),
    addForgotten: (seq: number, atMs: number, thing: number): number => number(insertForgotten.get(seq, atMs, thing)!['n']),
    addAccess: ({ atMs, deskId, action, detail }: Access): void => void insertAccess.run(Math.round(atMs), deskId, action, JSON.stringify(detail)),
    accesses: (limit: number): Access[] =>
      accesses.all(limit).map((row) => ({
        atMs: number(row['atMs']),
        deskId: String(row['deskId']),
        action: String(row['action']),
        detail: JSON.parse(String(row['detail'])) as Record<string, unknown>,
      })),
    setNote: (key: string, value: string | null): void => void (value === null ? deleteNote.run(key) : replaceNote.run(key, value)),
    note: (key: string): string | undefined => getNote.get(key)?.['value'] as string | undefined,
    notes: (prefix: string): [string, string][] =>
      // U+10FFFF sorts after every character of a key.
      listNotes.all(prefix, `${prefix}\u{10ffff}`).map((row) => [String(row['key']), String(row['value'])]),
    lastSeq: (): number => number(lastSeq.get()!['seq'] ?? 0),
    lastForgotten(): { n: number; atMs: number } | null {
      const row = lastForgotten.get();
      return row ? { n: number(row['n']), atMs: number(row['atMs']) } : null;
    },
    /** The first kept event at or after a number. */
    firstFrom(seq: number): { seq: number; atMs: number } | null {
      const row = firstFrom.get(seq);
      return row ? { seq: number(row['seq']), atMs: number(row['atMs']) } : null;
    },
    /** The last event at or before a moment, 0 when there is none: times never fall along the log, so it is found by halving. */
    seqAt(atMs: number): number {
      let [low, high] = [0, store.lastSeq()];
      while (low < high) {
        const middle = Math.floor((low + high) / 2) + 1;
        const found = store.firstFrom(middle);
        // Retention may have left nothing between: then the answer lies below.
        if (found && found.atMs <= atMs) low = found.seq;
        else high = middle - 1;
      }
      return low;
    },
    events: (afterSeq: number, untilSeq: number, limit: number): JournalEntry[] => eventsAfter.all(afterSeq, untilSeq, limit).map(toEntry),
    /** A page of what happened after `afterSeq`: at most `limit` events, with what was forgotten from `afterSeq` on, before the next event. */
    history(afterSeq: number, untilSeq: number, untilMs: number, limit: number): HistoryEntry[] {
      const events = store.events(afterSeq, untilSeq, limit);
      const isLast = events.length < limit;
      const upTo = isLast ? Number.MAX_SAFE_INTEGER : events.at(-1)!.seq;
      const others = forgottenBetween.all(afterSeq, upTo, untilMs).map(toForgotten);
      const page: HistoryEntry[] = [];
      let next = 0;
      for (const event of events) {
        while (next < others.length && others[next]!.seq < event.seq) page.push(others[next++]!);
        page.push(event);
      }
      page.push(...others.slice(next));
      return page;
    },
    /** Where the newest fact of everything stood at a moment, in order of first appearance. */
    placesAt(atMs: number): { moment: Moment; places: Place[] } {
      const row = checkpointBefore.get(atMs);
      const base: Moment = row ? { seq: number(row['seq']), forgottenN: number(row['forgottenN']) } : { seq: 0, forgottenN: 0 };
      const facts = row ? readFacts(row['facts'] as Uint8Array) : new Map<number, number>();
      const moment: Moment = { seq: Math.max(base.seq, store.seqAt(atMs)), forgottenN: base.forgottenN };
      const gone = forgottenPlaces.all(base.forgottenN, atMs);
      let next = 0;
      const forgetBefore = (seq: number): void => {
        for (; next < gone.length && number(gone[next]!['seq']) < seq; next++) {
          facts.delete(number(gone[next]!['thing']));
          moment.forgottenN = number(gone[next]!['n']);
        }
      };
      for (const { seq, thing } of placesAfter.iterate(base.seq, moment.seq)) {
        forgetBefore(number(seq));
        facts.set(number(thing), number(seq));
      }
      forgetBefore(Infinity);
      return { moment, places: [...facts].map(([thing, seq]) => ({ thing, seq, ...nameOf(thing) })) };
    },
    /** @returns undefined where retention has removed the event. */
    messageAt({ seq, type }: Place): Message | undefined {
      const row = getData.get(seq);
      return row && ({ type, data: JSON.parse(String(row['data'])) as object } as Message);
    },
    addCheckpoint({ seq, forgottenN }: Moment, atMs: number, places: Iterable<Place>): void {
      insertCheckpoint.run(seq, forgottenN, atMs, writeFacts(places));
    },
    sizeBytes: (): number => number(pages.get()!['page_count']) * pageBytes,
    transact(work: () => void): void {
      database.exec('BEGIN IMMEDIATE');
      try {
        work();
        database.exec('COMMIT');
      } catch (error) {
        // A full disk may have rolled back by itself.
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    },
  };
  return store;
}
export type EventStore = ReturnType<typeof createEventStore>;

/** Pairs of thing and number as 64-bit floats, 16 bytes a fact. */
function writeFacts(places: Iterable<Place>): Uint8Array {
  const numbers: number[] = [];
  for (const { thing, seq } of places) numbers.push(thing, seq);
  return new Uint8Array(Float64Array.from(numbers).buffer);
}
function readFacts(bytes: Uint8Array): Map<number, number> {
  // A copy: the blob may begin anywhere, floats may not.
  const numbers = new Float64Array(bytes.slice().buffer);
  const facts = new Map<number, number>();
  for (let i = 0; i < numbers.length; i += 2) facts.set(numbers[i]!, numbers[i + 1]!);
  return facts;
}
