import { assertNever } from '../appError.ts';
import type { EventStore, Moment } from './eventStore.ts';
import type { Write } from './threadMessages.ts';

const KEPT_AT = 'keptAtMs';

/**
 * Writes groups of changes, each as one transaction, and now and then a checkpoint: where the newest fact of everything stands. The state
 * at a moment is the checkpoint before it and the few events after that.
 * @param checkpointEvents A checkpoint comes after so many events, or twice as many as there are things when that is more.
 */
export function createEventWriter(store: EventStore, checkpointEvents: number) {
  const opened = store.placesAt(Number.MAX_SAFE_INTEGER);
  /** Thing and the number of its newest event, in order of first appearance. */
  const newest = new Map(opened.places.map(({ thing, seq }) => [thing, seq]));
  const moment: Moment = { ...opened.moment };
  const lastEventAtMs = moment.seq > 0 ? (store.firstFrom(moment.seq)?.atMs ?? null) : null;
  const lastForgottenAtMs = store.lastForgotten()?.atMs ?? null;
  let lastAtMs = lastEventAtMs === null ? lastForgottenAtMs : Math.max(lastEventAtMs, lastForgottenAtMs ?? lastEventAtMs);
  let sinceCheckpoint = opened.sinceCheckpoint;

  /** Changes to the books in memory, made only when the transaction is through: a group that fails is written again. */
  type Booking = () => void;
  const put = (write: Write, bookings: Booking[]): void => {
    switch (write.kind) {
      case 'event': {
        const thing = store.thingOf(write.type, write.id);
        store.addEvent(write.seq, write.atMs, thing, write.json);
        bookings.push(() => {
          newest.set(thing, write.seq);
          moment.seq = write.seq;
          lastAtMs = write.atMs;
          sinceCheckpoint += 1;
        });
        return;
      }
      case 'forget': {
        const thing = store.thingOf(write.type, write.id);
        const n = store.addForgotten(write.seq, write.atMs, thing);
        bookings.push(() => {
          newest.delete(thing);
          moment.forgottenN = n;
          lastAtMs = write.atMs;
          sinceCheckpoint += 1;
        });
        return;
      }
      case 'note':
        return store.setNote(write.key, write.value);
      case 'access':
        return store.addAccess(write.access);
      case 'time':
        return store.setMeta(KEPT_AT, String(write.atMs));
      default:
        return assertNever(write);
    }
  };

  return {
    headSeq: opened.moment.seq,
    lastAtMs,
    keptAtMs: store.meta(KEPT_AT) === undefined ? null : Number(store.meta(KEPT_AT)),
    places: () => opened.places,
    /** @throws what SQLite throws; nothing was written then. */
    write(writes: readonly Write[]): void {
      const bookings: Booking[] = [];
      store.transact(() => {
        for (const write of writes) put(write, bookings);
      });
      for (const book of bookings) book();
    },
    /** Puts down where everything stands when enough has happened. A transaction of its own: what was written stays safe whatever becomes of it. */
    checkpoint(): void {
      if (lastAtMs === null || sinceCheckpoint < Math.max(checkpointEvents, newest.size * 2)) return;
      store.transact(() => store.addCheckpoint(moment, lastAtMs!, newest));
      sinceCheckpoint = 0;
    },
  };
}
