import { parentPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { AppError, assertNever } from '../appError.ts';
import { createEventStore } from './eventStore.ts';
import { createEventWriter } from './eventWriter.ts';
import { openForReading, openJournalFile, SCHEMA_VERSION, wholeFileFault } from './journalFile.ts';
import { createSweeper } from './sweepEvents.ts';
import type { Answers, FromReader, FromWriter, Opening, ThreadData, ToReader, ToWriter } from './threadMessages.ts';

/** How many events a start hands over, so that walls that come back are served from memory. */
export const TAIL_EVENTS = 2000;
/** How long to wait when the disk is full or another process holds the database. */
const RETRY_MS = 500;

/** A full disk (13) and a lock of another process (5) pass; everything else does not. */
const passes = (error: unknown): boolean => {
  const code = (error as { errcode?: unknown }).errcode;
  return typeof code === 'number' && [5, 13].includes(code & 0xff);
};
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Writes group after group. SQLite's fsync holds up this thread and nobody else. */
function runWriter(port: MessagePort, data: Extract<ThreadData, { role: 'writer' }>): void {
  const say = (message: FromWriter): void => port.postMessage(message);
  const { database, warning, checkLater } = openJournalFile(data.path);
  const store = createEventStore(database);
  const writer = createEventWriter(store, data.checkpointEvents);
  const sweeper = createSweeper(store, data.keepDays, {
    periodMs: data.sweepPeriodMs,
    delayMs: data.sweepDelayMs,
    onSwept: (removed) =>
      say({
        kind: 'swept',
        removed,
        oldestSeq: store.oldestSeq(),
        firstAtMs: store.firstFrom(0)?.atMs ?? null,
        sizeBytes: store.sizeBytes(),
      }),
    // Tried again at the next turn; a disk that stays full shows at the next write.
    onFault: (error) => {
      if (!passes(error)) say({ kind: 'broken', reason: messageOf(error) });
    },
  });

  const opening: Opening = {
    epoch: store.meta('epoch')!,
    schemaVersion: SCHEMA_VERSION,
    headSeq: writer.headSeq,
    oldestSeq: store.oldestSeq(),
    firstAtMs: store.firstFrom(0)?.atMs ?? null,
    lastAtMs: writer.lastAtMs,
    keptAtMs: writer.keptAtMs,
    facts: store.factsOf(writer.places()),
    notes: store.notes(),
    tail: store.texts(Math.max(writer.headSeq - TAIL_EVENTS, store.oldestSeq() - 1), writer.headSeq),
    sizeBytes: store.sizeBytes(),
    warnings: warning === null ? [] : [warning],
    checkLater,
  };
  say({ kind: 'ready', ...opening });

  let closing = false;
  const write = ({ writes }: Extract<ToWriter, { kind: 'write' }>): void => {
    try {
      writer.write(writes);
    } catch (error) {
      if (!passes(error)) return say({ kind: 'broken', reason: messageOf(error) });
      say({ kind: 'obstacle', reason: messageOf(error) });
      if (!closing) setTimeout(() => write({ kind: 'write', writes }), RETRY_MS);
      return;
    }
    say({ kind: 'safe', sizeBytes: store.sizeBytes() });
    try {
      writer.checkpoint();
    } catch (error) {
      // A checkpoint only saves time: without room for it the next group tries again.
      if (!passes(error)) say({ kind: 'broken', reason: messageOf(error) });
    }
  };
  port.on('message', (message: ToWriter) => {
    if (message.kind === 'write') return write(message);
    closing = true;
    sweeper.dispose();
    database.close();
    say({ kind: 'closed' });
    port.close();
  });
}

/** Answers questions about the past beside the writer: in WAL mode neither waits for the other. */
function runReader(port: MessagePort, path: string): void {
  const database = openForReading(path);
  const store = createEventStore(database);
  const answer = (question: ToReader): Answers[keyof Answers] => {
    switch (question.ask) {
      case 'state': {
        const { moment, places } = store.placesAt(question.atMs);
        return { seq: moment.seq, facts: store.factsOf(places) };
      }
      case 'history':
        return store.history(question.afterSeq, question.untilMs, question.limit);
      case 'events':
        return store.events(question.afterSeq, question.untilSeq, question.limit);
      case 'accesses':
        return store.accesses(question.limit);
      case 'check':
        return wholeFileFault(database);
      default:
        return assertNever(question);
    }
  };
  port.on('message', (question: ToReader) => {
    let reply: FromReader;
    try {
      // One state of the file for all statements of an answer, whatever is written meanwhile.
      reply = { n: question.n, answer: store.reading(() => answer(question)) };
    } catch (error) {
      reply = { n: question.n, error: messageOf(error) };
    }
    port.postMessage(reply);
  });
}

if (parentPort) {
  const data = workerData as ThreadData;
  try {
    if (data.role === 'writer') runWriter(parentPort, data);
    else runReader(parentPort, data.path);
  } catch (error) {
    if (data.role === 'reader') throw error;
    const code = error instanceof AppError ? error.code : 'journalUnusable';
    const message = error instanceof AppError ? error.message : `${data.path}: ${messageOf(error)}`;
    parentPort.postMessage({ kind: 'refused', code, message } satisfies FromWriter);
    parentPort.close();
  }
}
