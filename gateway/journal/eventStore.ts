import type { DatabaseSync } from 'node:sqlite';
import type { Message, MessageType } from '../../protocol/messages/index.ts';
import { createCheckpoints } from './checkpoints.ts';
import type { Place } from './checkpoints.ts';
import type { Access, ForgottenEntry, HistoryEntry, JournalEntry } from './journal.ts';
import type { FactText } from './threadMessages.ts';

export type { Moment, Place } from './checkpoints.ts';

const number = (value: unknown): number => Number(value);
/** Key in `meta`: events up to this number have gaps. */
const SWEPT_SEQ = 'sweptSeq';

/** The statements of the journal's tables. Synchronous: for a thread that may wait. */
export function createEventStore(database: DatabaseSync) {
  const insertEvent = database.prepare('INSERT INTO event VALUES(?, ?, ?, ?)');
  const insertThing = database.prepare('INSERT INTO thing(type, id) VALUES(?, ?) ON CONFLICT DO UPDATE SET id = id RETURNING thing');
  const insertForgotten = database.prepare('INSERT INTO forgotten(seq, atMs, thing) VALUES(?, ?, ?) RETURNING n');
  const insertAccess = database.prepare('INSERT INTO access(atMs, deskId, action, detail) VALUES(?, ?, ?, ?)');
  const replaceNote = database.prepare('INSERT OR REPLACE INTO note(key, value) VALUES(?, ?)');
  const deleteNote = database.prepare('DELETE FROM note WHERE key = ?');
  const setMeta = database.prepare('INSERT OR REPLACE INTO meta VALUES(?, ?)');
  const getMeta = database.prepare('SELECT value FROM meta WHERE key = ?');
  const listNotes = database.prepare('SELECT key, value FROM note ORDER BY n');
  const getFact = database.prepare('SELECT type, id, data FROM event JOIN thing USING(thing) WHERE seq = ?');
  const firstFrom = database.prepare('SELECT seq, atMs FROM event WHERE seq >= ? ORDER BY seq LIMIT 1');
  const lastEvent = database.prepare('SELECT seq, atMs FROM event ORDER BY seq DESC LIMIT 1');
  const lastForgotten = database.prepare('SELECT n, atMs FROM forgotten ORDER BY n DESC LIMIT 1');
  const eventsAfter = database.prepare(
    'SELECT seq, atMs, type, data FROM event JOIN thing USING(thing) WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?',
  );
  const forgottenBetween = database.prepare(
    'SELECT seq, atMs, type, id FROM forgotten JOIN thing USING(thing) WHERE seq >= ? AND seq < ? AND atMs <= ? ORDER BY n',
  );
  const accesses = database.prepare('SELECT atMs, deskId, action, detail FROM access ORDER BY n DESC LIMIT ?');
  // Of a kind, up to a number: what a later fact of the thing, or its being forgotten, has made history before the limit.
  const outdated = database.prepare(
    `SELECT e.seq FROM event e JOIN thing t USING(thing) WHERE e.seq >= ?1 AND e.seq < ?2 AND e.seq <= ?3 AND t.type = ?4 AND (
       EXISTS(SELECT 1 FROM event later WHERE later.thing = e.thing AND later.seq > e.seq AND later.seq <= ?3) OR
       EXISTS(SELECT 1 FROM forgotten f WHERE f.thing = e.thing AND f.seq >= e.seq AND f.atMs <= ?5)) ORDER BY e.seq`,
  );
  const deleteEvent = database.prepare('DELETE FROM event WHERE seq = ?');
  const deleteAccesses = database.prepare('DELETE FROM access WHERE n IN (SELECT n FROM access WHERE atMs < ? ORDER BY n LIMIT ?)');
  const pages = database.prepare('PRAGMA page_count');
  const pageBytes = number(database.prepare('PRAGMA page_size').get()!['page_size']);

  const messageOf = (row: Record<string, unknown>): Message =>
    ({ type: row['type'], data: JSON.parse(String(row['data'])) as object }) as Message;
  const toEntry = (row: Record<string, unknown>): JournalEntry => ({
    seq: number(row['seq']),
    atMs: number(row['atMs']),
    message: messageOf(row),
  });
  const toForgotten = (row: Record<string, unknown>): ForgottenEntry => ({
    seq: number(row['seq']),
    atMs: number(row['atMs']),
    forgotten: { type: row['type'] as MessageType, id: String(row['id']) },
  });
  const inTransaction = <R>(begin: string, work: () => R): R => {
    database.exec(begin);
    try {
      const result = work();
      database.exec('COMMIT');
      return result;
    } catch (error) {
      // A full disk may have rolled back by itself.
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  };

  const store = {
    meta: (key: string): string | undefined => getMeta.get(key)?.['value'] as string | undefined,
    setMeta: (key: string, value: string): void => void setMeta.run(key, value),
    /** The number of a thing, a new one when it was never seen. */
    thingOf: (type: MessageType, id: string): number => number(insertThing.get(type, id)!['thing']),
    addEvent: (seq: number, atMs: number, thing: number, json: string): void => void insertEvent.run(seq, atMs, thing, json),
    addForgotten: (seq: number, atMs: number, thing: number): number => number(insertForgotten.get(seq, atMs, thing)!['n']),
    addAccess: ({ atMs, deskId, action, detail }: Access): void =>
      void insertAccess.run(Math.round(atMs), deskId, action, JSON.stringify(detail)),
    accesses: (limit: number): Access[] =>
      accesses.all(limit).map((row) => ({
        atMs: number(row['atMs']),
        deskId: String(row['deskId']),
        action: String(row['action']),
        detail: JSON.parse(String(row['detail'])) as Record<string, unknown>,
      })),
    setNote: (key: string, value: string | null): void => void (value === null ? deleteNote.run(key) : replaceNote.run(key, value)),
    /** The one written longest ago first. */
    notes: (): [string, string][] => listNotes.all().map((row) => [String(row['key']), String(row['value'])]),
    lastSeq: (): number => number(lastEvent.get()?.['seq'] ?? 0),
    lastEventAtMs(): number | null {
      const row = lastEvent.get();
      return row ? number(row['atMs']) : null;
    },
    lastForgotten(): { n: number; atMs: number } | null {
      const row = lastForgotten.get();
      return row ? { n: number(row['n']), atMs: number(row['atMs']) } : null;
    },
    /** The first kept event at or after a number. */
    firstFrom(seq: number): { seq: number; atMs: number } | null {
      const row = firstFrom.get(seq);
      return row ? { seq: number(row['seq']), atMs: number(row['atMs']) } : null;
    },
    /** First event from which on none is missing. */
    oldestSeq: (): number => number(store.meta(SWEPT_SEQ) ?? 0) + 1,
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
    /** The same with facts as text. */
    texts: (afterSeq: number, untilSeq: number): { seq: number; atMs: number; type: MessageType; json: string }[] =>
      eventsAfter.all(afterSeq, untilSeq, -1).map((row) => ({
        seq: number(row['seq']),
        atMs: number(row['atMs']),
        type: row['type'] as MessageType,
        json: String(row['data']),
      })),
    /** A page of what happened after `afterSeq`: at most `limit` events, with what was forgotten from `afterSeq` on, before the next event. */
    history(afterSeq: number, untilMs: number, limit: number): { entries: HistoryEntry[]; last: boolean } {
      const events = store.events(afterSeq, store.seqAt(untilMs), limit);
      const last = events.length < limit;
      const upTo = last ? Number.MAX_SAFE_INTEGER : events.at(-1)!.seq;
      const others = forgottenBetween.all(afterSeq, upTo, untilMs).map(toForgotten);
      const entries: HistoryEntry[] = [];
      let next = 0;
      for (const event of events) {
        while (next < others.length && others[next]!.seq < event.seq) entries.push(others[next++]!);
        entries.push(event);
      }
      entries.push(...others.slice(next));
      return { entries, last };
    },
    /** The facts that stand there. One that retention has removed is left out. */
    factsOf: (places: readonly Place[]): FactText[] =>
      places.flatMap(({ seq }) => {
        const row = getFact.get(seq);
        return row ? [{ type: row['type'] as MessageType, id: String(row['id']), json: String(row['data']) }] : [];
      }),
    /**
     * Removes events of a kind with numbers from `fromSeq` to before `toSeq`, except the newest of each thing at the moment `beforeMs`, which
     * event `limitSeq` is the last one of. @returns how many.
     */
    dropEvents(kind: string, fromSeq: number, toSeq: number, limitSeq: number, beforeMs: number): number {
      const rows = outdated.all(fromSeq, toSeq, limitSeq, kind, beforeMs);
      if (rows.length === 0) return 0;
      store.transact(() => {
        for (const { seq } of rows) deleteEvent.run(seq!);
        const sweptSeq = number(rows.at(-1)!['seq']);
        if (sweptSeq >= store.oldestSeq()) store.setMeta(SWEPT_SEQ, String(sweptSeq));
      });
      return rows.length;
    },
    dropAccesses: (beforeMs: number, limit: number): number => number(deleteAccesses.run(beforeMs, limit).changes),
    /** Gives room that was freed back to the file system. */
    shrink: (): void => database.exec('PRAGMA incremental_vacuum'),
    sizeBytes: (): number => number(pages.get()!['page_count']) * pageBytes,
    transact: (work: () => void): void => inTransaction('BEGIN IMMEDIATE', work),
    /** One state of the file for all that is read inside. */
    reading: <R>(work: () => R): R => inTransaction('BEGIN', work),
  };
  const checkpoints = createCheckpoints(database, store.seqAt);
  return { ...store, placesAt: checkpoints.placesAt, addCheckpoint: checkpoints.add };
}
export type EventStore = ReturnType<typeof createEventStore>;
