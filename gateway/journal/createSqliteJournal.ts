import { Worker } from 'node:worker_threads';
import type { Message } from '../../protocol/messages/index.ts';
import { AppError, assertNever } from '../appError.ts';
import { createCommitQueue } from './commitQueue.ts';
import type { DataDirectory } from './dataDirectory.ts';
import { createFactTable } from './factTable.ts';
import { createFactTexts } from './factTexts.ts';
import { suspect } from './journalFile.ts';
import type { HistoryEntry, Journal, JournalEntry } from './journal.ts';
import { createPastReader } from './pastReader.ts';
import { createRecentEvents } from './recentEvents.ts';
import type { KeepDays } from './retentionOptions.ts';
import type { FromWriter, Opening, ThreadData, ToWriter } from './threadMessages.ts';

export interface SqliteJournalOptions {
  /** The database file; made where there is none. Nobody else may write it. */
  path: string;
  keepDays?: KeepDays;
  /** Whose size the figures tell besides. */
  directory?: Pick<DataDirectory, 'budgetBytes' | 'sizeBytes' | 'warnings'>;
  /** One sentence that a person should read: a damaged file was moved aside, the disk is full. */
  onWarning?(warning: string): void;
  /** The journal can no longer be written: whoever goes on loses what he does. Called once. */
  onBroken?(error: Error): void;
  /** Events kept in memory for walls that come back; older ones are read from the disk. */
  recentEvents?: number;
  /** How often retention looks, and when first; real ms. */
  sweepPeriodMs?: number;
  sweepDelayMs?: number;
  /** A checkpoint for `stateAt` after so many events. */
  checkpointEvents?: number;
}

const PAGE_EVENTS = 256;
/** While the disk is full the town goes on in memory, up to this. */
const MOST_PENDING_BYTES = 64e6;
/** A large file is read whole so long after the start. */
const CHECK_DELAY_MS = 10_000;
/** What cannot be written within this when the gateway stops is given up. */
const CLOSE_MS = 5000;

/** The threads' file: as source beside this one, as a bundle beside the gateway's. */
const threadUrl = new URL(import.meta.url.endsWith('.ts') ? './journalThread.ts' : './journalThread.js', import.meta.url);
const startThread = (data: ThreadData): Worker => new Worker(threadUrl, { workerData: data, name: `journal ${data.role}` });

/**
 * The durable journal: one SQLite file that a thread of its own writes, and another one reads. What the desk asks all the time (the newest
 * facts, the newest events, notes) is in memory.
 * @throws {AppError} one line when the file cannot be used.
 */
export async function createSqliteJournal(options: SqliteJournalOptions): Promise<Journal> {
  const { path, directory, onWarning = () => {}, onBroken = () => {} } = options;
  const writer = startThread({
    role: 'writer',
    path,
    keepDays: options.keepDays ?? {},
    sweepPeriodMs: options.sweepPeriodMs ?? 6 * 3_600_000,
    sweepDelayMs: options.sweepDelayMs ?? 60_000,
    checkpointEvents: options.checkpointEvents ?? 2000,
  });
  const opening = await openingOf(writer);
  const { epoch } = opening;
  const warnings = [...opening.warnings];
  for (const warning of warnings) onWarning(warning);

  const facts = createFactTable();
  for (const { type, json } of opening.facts) facts.set({ type, data: JSON.parse(json) as object } as Message);
  const notes = new Map(opening.notes);
  const recent = createRecentEvents(options.recentEvents ?? 4000);
  for (const { seq, atMs, type, json } of opening.tail) {
    recent.add({ seq, atMs, message: { type, data: JSON.parse(json) as object } as Message });
  }
  const listeners = new Set<() => void>();
  let { headSeq, oldestSeq, firstAtMs, lastAtMs, sizeBytes } = opening;
  let keptAtMs = opening.keptAtMs;
  let obstacle: string | null = null;
  let closed = false;

  const say = (message: ToWriter): void => writer.postMessage(message);
  const queue = createCommitQueue({
    headSeq,
    send: (writes) => say({ kind: 'write', writes }),
    onSafe: () => {
      for (const listener of listeners) listener();
    },
  });
  const reader = createPastReader(() => startThread({ role: 'reader', path }));
  const fail = (reason: string): void => {
    if (closed) return;
    closed = true;
    const error = new AppError('journalBroken', `the journal ${path} can no longer be written: ${reason}`);
    obstacle = reason;
    queue.fail(error);
    onBroken(error);
  };
  const hear = (message: FromWriter): void => {
    switch (message.kind) {
      case 'safe':
        obstacle = null;
        sizeBytes = message.sizeBytes;
        return queue.safe();
      case 'obstacle':
        if (obstacle === null) onWarning(`the journal ${path} cannot be written at the moment: ${message.reason}`);
        obstacle = message.reason;
        return;
      case 'broken':
        return fail(message.reason);
      case 'swept':
        ({ oldestSeq, firstAtMs, sizeBytes } = message);
        return;
      case 'closed':
      case 'ready':
      case 'refused':
        return;
      default:
        assertNever(message);
    }
  };
  writer.on('message', hear);
  writer.on('error', (error: Error) => fail(error.message));
  writer.on('exit', () => fail('its thread has ended'));
  const checkTimer = opening.checkLater
    ? setTimeout(() => {
        reader.ask({ ask: 'check' }).then(
          (fault) => {
            if (fault === null) return;
            suspect(path);
            warnings.push(
              `${path} is damaged (${fault}): make a copy, then start again; the next start moves it aside, or restore a backup`,
            );
            onWarning(warnings.at(-1)!);
          },
          (error: Error) => onWarning(`${path} could not be checked: ${error.message}`),
        );
      }, CHECK_DELAY_MS).unref()
    : null;

  const later = (atMs: number): number => (lastAtMs = Math.max(lastAtMs ?? atMs, Math.round(atMs)));
  const add: typeof queue.add = (write) => {
    queue.add(write);
    if (obstacle !== null && queue.pendingBytes > MOST_PENDING_BYTES)
      fail(`${obstacle}, and ${MOST_PENDING_BYTES / 1e6} MB wait in memory`);
  };
  async function* stored(afterSeq: number, untilSeq: number): AsyncGenerator<JournalEntry> {
    for (let seq = afterSeq; seq < untilSeq;) {
      const page = recent.between(seq, untilSeq) ?? (await reader.ask({ ask: 'events', afterSeq: seq, untilSeq, limit: PAGE_EVENTS }));
      for (const entry of page) {
        if (entry.seq !== seq + 1) throw new RangeError(`event ${seq + 1} is no longer kept, the oldest is ${oldestSeq}`);
        seq = entry.seq;
        yield entry;
      }
      if (page.length === 0) throw new RangeError(`event ${seq + 1} is no longer kept, the oldest is ${oldestSeq}`);
    }
  }

  return {
    epoch,
    get headSeq() {
      return headSeq;
    },
    get committedSeq() {
      return queue.committedSeq;
    },
    get oldestSeq() {
      return oldestSeq;
    },
    get firstAtMs() {
      return firstAtMs;
    },
    get lastAtMs() {
      return lastAtMs;
    },
    get resumeAtMs() {
      return lastAtMs === null ? keptAtMs : Math.max(lastAtMs, keptAtMs ?? lastAtMs);
    },
    get obstacle() {
      return obstacle;
    },
    append(message, atMs) {
      headSeq += 1;
      const entry: JournalEntry = { seq: headSeq, atMs: later(atMs), message };
      firstAtMs ??= entry.atMs;
      recent.add(entry);
      facts.set(message);
      const { type, data } = message;
      add({ kind: 'event', seq: headSeq, atMs: entry.atMs, type, id: data.id, json: JSON.stringify(data) });
      return headSeq;
    },
    committed: (seq) => queue.committed(seq),
    flushed: () => queue.flushed(),
    since(seq) {
      const until = queue.committedSeq;
      return recent.between(seq, until) ?? stored(seq, until);
    },
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    latest: facts.latest,
    all: facts.all,
    forget(type, id, atMs) {
      if (facts.latest(type, id) === undefined) return;
      facts.forget(type, id);
      add({ kind: 'forget', seq: headSeq, atMs: later(atMs), type, id });
    },
    async stateAt(atMs) {
      await queue.flushed();
      const state = await reader.ask({ ask: 'state', atMs: Math.floor(atMs) });
      return { ...createFactTexts(state.facts), seq: state.seq, atMs };
    },
    async *between(afterSeq, untilMs): AsyncGenerator<HistoryEntry> {
      await queue.flushed();
      for (let seq = afterSeq; ;) {
        const page = await reader.ask({ ask: 'history', afterSeq: seq, untilMs: Math.floor(untilMs), limit: PAGE_EVENTS });
        for (const entry of page.entries) {
          seq = entry.seq;
          yield entry;
        }
        if (page.last) return;
      }
    },
    note(key, value) {
      notes.delete(key);
      if (value !== null) notes.set(key, value);
      add({ kind: 'note', key, value });
    },
    noted: (key) => notes.get(key),
    notes: (prefix) => [...notes].filter(([key]) => key.startsWith(prefix)),
    keepTime(atMs) {
      keptAtMs = Math.round(atMs);
      add({ kind: 'time', atMs: keptAtMs });
    },
    logAccess: (access) => add({ kind: 'access', access }),
    async accessLog(limit) {
      await queue.flushed();
      return reader.ask({ ask: 'accesses', limit });
    },
    stats: () => ({
      path,
      schemaVersion: opening.schemaVersion,
      headSeq,
      committedSeq: queue.committedSeq,
      oldestSeq,
      firstAtMs,
      lastAtMs,
      sizeBytes,
      budgetBytes: directory?.budgetBytes ?? null,
      directoryBytes: directory?.sizeBytes ?? null,
      warnings: [
        ...warnings,
        ...(directory?.warnings ?? []),
        ...(obstacle === null ? [] : [`the journal cannot be written at the moment: ${obstacle}`]),
      ],
      ...queue.stats(),
      pending: headSeq - queue.committedSeq,
    }),
    async dispose() {
      if (checkTimer) clearTimeout(checkTimer);
      listeners.clear();
      await reader.dispose();
      if (closed) {
        await writer.terminate();
        return;
      }
      const late = Promise.withResolvers<boolean>();
      const timer = setTimeout(() => late.resolve(false), CLOSE_MS);
      const wrote = await Promise.race([queue.flushed().then(() => true), late.promise]);
      clearTimeout(timer);
      if (!wrote)
        onWarning(`${headSeq - queue.committedSeq} events could not be written to ${path} before the end: ${obstacle ?? 'too slow'}`);
      closed = true;
      const gone = new Promise((done) => writer.once('exit', done));
      say({ kind: 'close' });
      await gone;
    },
  };
}

/** What the file held. @throws {AppError} why it cannot be used. */
function openingOf(writer: Worker): Promise<Opening> {
  return new Promise((resolve, reject) => {
    writer.once('message', (message: FromWriter) => {
      if (message.kind === 'ready') resolve(message);
      else if (message.kind === 'refused') reject(new AppError(message.code, message.message));
      else reject(new Error(`journal: ${message.kind} before it was ready`));
    });
    writer.once('error', reject);
  });
}
