import type { DatabaseSync } from 'node:sqlite';

/** A moment in the log: after an event and after a forgetting. */
export interface Moment {
  seq: number;
  forgottenN: number;
}
/** Where in the log the newest fact of a thing stands. */
export interface Place {
  readonly thing: number;
  readonly seq: number;
}
export interface PlacesAt {
  moment: Moment;
  /** In order of first appearance. */
  places: Place[];
  /** Events and forgettings after the checkpoint that was used. */
  sinceCheckpoint: number;
}

const number = (value: unknown): number => Number(value);

/** Where everything stood at a moment: the checkpoint before it, and what happened since. */
export function createCheckpoints(database: DatabaseSync, seqAt: (atMs: number) => number) {
  const insert = database.prepare('INSERT OR REPLACE INTO checkpoint VALUES(?, ?, ?, ?)');
  const before = database.prepare('SELECT * FROM checkpoint WHERE atMs <= ? ORDER BY atMs DESC, seq DESC, forgottenN DESC LIMIT 1');
  const events = database.prepare('SELECT seq, thing FROM event WHERE seq > ? AND seq <= ? ORDER BY seq');
  const forgottens = database.prepare('SELECT seq, thing, n FROM forgotten WHERE n > ? AND atMs <= ? ORDER BY n');

  return {
    add({ seq, forgottenN }: Moment, atMs: number, newest: ReadonlyMap<number, number>): void {
      insert.run(seq, forgottenN, atMs, writeFacts(newest));
    },
    placesAt(atMs: number): PlacesAt {
      const row = before.get(atMs);
      const base: Moment = row ? { seq: number(row['seq']), forgottenN: number(row['forgottenN']) } : { seq: 0, forgottenN: 0 };
      const newest = row ? readFacts(row['facts'] as Uint8Array) : new Map<number, number>();
      const moment: Moment = { seq: Math.max(base.seq, seqAt(atMs)), forgottenN: base.forgottenN };
      const gone = forgottens.all(base.forgottenN, atMs);
      let next = 0;
      let sinceCheckpoint = gone.length;
      /** A thing is forgotten after the event of that number and before the next one. */
      const forgetBefore = (seq: number): void => {
        for (; next < gone.length && number(gone[next]!['seq']) < seq; next++) {
          newest.delete(number(gone[next]!['thing']));
          moment.forgottenN = number(gone[next]!['n']);
        }
      };
      for (const { seq, thing } of events.iterate(base.seq, moment.seq)) {
        forgetBefore(number(seq));
        newest.set(number(thing), number(seq));
        sinceCheckpoint += 1;
      }
      forgetBefore(Infinity);
      return { moment, places: [...newest].map(([thing, seq]) => ({ thing, seq })), sinceCheckpoint };
    },
  };
}

/** Pairs of thing and number as 64-bit floats, 16 bytes a fact. */
function writeFacts(newest: ReadonlyMap<number, number>): Uint8Array {
  const numbers = new Float64Array(newest.size * 2);
  let i = 0;
  for (const [thing, seq] of newest) {
    numbers[i++] = thing;
    numbers[i++] = seq;
  }
  return new Uint8Array(numbers.buffer);
}
function readFacts(bytes: Uint8Array): Map<number, number> {
  // A copy: the blob may begin anywhere, floats may not.
  const numbers = new Float64Array(bytes.slice().buffer);
  const newest = new Map<number, number>();
  for (let i = 0; i < numbers.length; i += 2) newest.set(numbers[i]!, numbers[i + 1]!);
  return newest;
}
