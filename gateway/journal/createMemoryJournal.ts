import { randomUUID } from 'node:crypto';
import { createFactTable } from './factTable.ts';
import type { Access, ForgottenEntry, HistoryEntry, Journal, JournalEntry, PastState } from './journal.ts';

const MAX_ACCESSES = 10_000;
const FORGOTTEN_BYTES = 100;
const EVENT_BYTES = 2000;

/**
 * A journal that ends with the process; for tests and tools.
 * @param options.retention Most events kept for resume; older cursors get a snapshot. About 1 to 3 KB an event.
 */
export function createMemoryJournal(options: { retention?: number; epoch?: string } = {}): Journal {
  const retention = Math.max(1, options.retention ?? 20_000);
  const epoch = options.epoch ?? randomUUID();
  /** Event `seq` lies at `seq % retention`, so the oldest is overwritten without a move. */
  const ring: (JournalEntry | undefined)[] = [];
  const forgottens: ForgottenEntry[] = [];
  const latest = createFactTable();
  /** The state before the oldest event that is kept. */
  const base = createFactTable();
  const notes = new Map<string, string>();
  const accesses: Access[] = [];
  const listeners = new Set<() => void>();
  let headSeq = 0;
  let lastAtMs: number | null = null;
  let keptAtMs: number | null = null;

  const oldest = (): number => Math.max(1, headSeq - retention + 1);
  const later = (atMs: number): number => (lastAtMs = Math.max(lastAtMs ?? atMs, atMs));

  /** Forgettings come after the event of their number. */
  function* history(afterSeq: number, untilMs: number): Generator<HistoryEntry> {
    const others = forgottens.filter((entry) => entry.seq >= afterSeq && entry.atMs <= untilMs);
    let next = 0;
    for (let seq = Math.max(afterSeq + 1, oldest()); seq <= headSeq; seq++) {
      const entry = ring[seq % retention]!;
      if (entry.atMs > untilMs) break;
      while (next < others.length && others[next]!.seq < seq) yield others[next++]!;
      yield entry;
    }
    yield* others.slice(next);
  }
  const dropOldest = (): void => {
    const entry = ring[headSeq % retention];
    if (!entry) return;
    base.apply(entry);
    const due = forgottens.findIndex(({ seq }) => seq > entry.seq);
    for (const forgotten of forgottens.splice(0, due < 0 ? forgottens.length : due)) base.apply(forgotten);
  };

  return {
    epoch,
    get headSeq() {
      return headSeq;
    },
    get committedSeq() {
      return headSeq;
    },
    get oldestSeq() {
      return oldest();
    },
    get firstAtMs() {
      return ring[oldest() % retention]?.atMs ?? null;
    },
    get lastAtMs() {
      return lastAtMs;
    },
    get resumeAtMs() {
      return lastAtMs === null ? keptAtMs : Math.max(lastAtMs, keptAtMs ?? lastAtMs);
    },
    obstacle: null,
    append(message, atMs) {
      headSeq += 1;
      dropOldest();
      ring[headSeq % retention] = { seq: headSeq, atMs: later(atMs), message };
      latest.set(message);
      for (const listener of listeners) listener();
      return headSeq;
    },
    committed: () => Promise.resolve(),
    flushed: () => Promise.resolve(),
    *since(seq) {
      for (let next = seq + 1; next <= headSeq; next++) {
        if (next < oldest()) throw new RangeError(`event ${next} is no longer kept, the oldest is ${oldest()}`);
        yield ring[next % retention]!;
      }
    },
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    latest: latest.latest,
    all: latest.all,
    forget(type, id, atMs) {
      if (latest.latest(type, id) === undefined) return;
      latest.forget(type, id);
      forgottens.push({ seq: headSeq, atMs: later(atMs), forgotten: { type, id } });
    },
    stateAt(atMs) {
      const state = base.copy();
      let seq = Math.max(0, oldest() - 1);
      for (const entry of history(0, atMs)) {
        state.apply(entry);
        seq = entry.seq;
      }
      return Promise.resolve<PastState>({ latest: state.latest, all: state.all, seq, atMs });
    },
    // eslint-disable-next-line @typescript-eslint/require-await
    async *between(afterSeq, untilMs) {
      yield* history(afterSeq, untilMs);
    },
    note(key, value) {
      notes.delete(key);
      if (value !== null) notes.set(key, value);
    },
    noted: (key) => notes.get(key),
    notes: (prefix) => [...notes].filter(([key]) => key.startsWith(prefix)),
    keepTime(atMs) {
      keptAtMs = atMs;
    },
    logAccess(access) {
      accesses.push(access);
      if (accesses.length > MAX_ACCESSES) accesses.shift();
    },
    accessLog: (limit) => Promise.resolve(accesses.slice(-limit).reverse()),
    stats: () => ({
      path: null,
      schemaVersion: 0,
      headSeq,
      committedSeq: headSeq,
      oldestSeq: oldest(),
      firstAtMs: ring[oldest() % retention]?.atMs ?? null,
      lastAtMs,
      sizeBytes: (headSeq - oldest() + 1) * EVENT_BYTES + forgottens.length * FORGOTTEN_BYTES,
      budgetBytes: null,
      directoryBytes: null,
      warnings: [],
      commits: headSeq,
      commitP50Ms: 0,
      commitP95Ms: 0,
      commitMaxMs: 0,
      pending: 0,
    }),
    dispose() {
      listeners.clear();
      return Promise.resolve();
    },
  };
}
