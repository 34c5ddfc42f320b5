import type { MessageType } from '../../protocol/messages/index.ts';
import type { KeepDays } from './retentionOptions.ts';
import type { Access, HistoryEntry } from './journal.ts';

/** What the journal's threads say to each other. Everything here is plain data: it is copied from one thread to the other. */

/** The same file runs as the one that writes and, when somebody asks for the past, as the one that reads. */
export type ThreadData =
  | { role: 'writer'; path: string; keepDays: KeepDays; sweepPeriodMs: number; sweepDelayMs: number; checkpointEvents: number }
  | { role: 'reader'; path: string };

/** One thing to write. What is sent together is one transaction. */
export type Write =
  | { kind: 'event'; seq: number; atMs: number; type: MessageType; id: string; json: string }
  | { kind: 'forget'; seq: number; atMs: number; type: MessageType; id: string }
  | { kind: 'note'; key: string; value: string | null }
  | { kind: 'access'; access: Access }
  | { kind: 'time'; atMs: number };

export type ToWriter = { kind: 'write'; writes: Write[] } | { kind: 'close' };

/** A fact as text: the thread that wants it parses it. */
export interface FactText {
  type: MessageType;
  id: string;
  json: string;
}

/** What a start finds in the file. */
export interface Opening {
  epoch: string;
  schemaVersion: number;
  headSeq: number;
  oldestSeq: number;
  firstAtMs: number | null;
  lastAtMs: number | null;
  keptAtMs: number | null;
  /** In order of first appearance. */
  facts: FactText[];
  notes: (readonly [key: string, value: string])[];
  /** The newest events, oldest first. */
  tail: { seq: number; atMs: number; type: MessageType; json: string }[];
  sizeBytes: number;
  warnings: string[];
  /** The file is too large to be read whole at every start: somebody should read it in the background. */
  checkLater: boolean;
}

export type FromWriter =
  | ({ kind: 'ready' } & Opening)
  /** The start failed. `code` is that of an AppError. */
  | { kind: 'refused'; code: string; message: string }
  /** The last group is on the disk. */
  | { kind: 'safe'; sizeBytes: number }
  /** Writing does not work at the moment and is tried again. */
  | { kind: 'obstacle'; reason: string }
  /** Writing will not work any more. */
  | { kind: 'broken'; reason: string }
  | { kind: 'swept'; oldestSeq: number; firstAtMs: number | null; removed: number; sizeBytes: number }
  | { kind: 'closed' };

export type Ask =
  | { ask: 'state'; atMs: number }
  /** A page of at most `limit` events with what was forgotten between them. */
  | { ask: 'history'; afterSeq: number; untilMs: number; limit: number }
  | { ask: 'events'; afterSeq: number; untilSeq: number; limit: number }
  | { ask: 'accesses'; limit: number }
  /** Reads the whole file. @returns what is wrong with it, or null. */
  | { ask: 'check' };
export interface Answers {
  state: { seq: number; facts: FactText[] };
  /** `last`: nothing follows. */
  history: { entries: HistoryEntry[]; last: boolean };
  events: Extract<HistoryEntry, { message: unknown }>[];
  accesses: Access[];
  check: string | null;
}
export type ToReader = { n: number } & Ask;
export type FromReader = { n: number; answer: Answers[keyof Answers] } | { n: number; error: string };
