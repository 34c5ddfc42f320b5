import type { Message, MessageType } from '../../protocol/messages/index.ts';

/** What a message of type T says. */
export type Fact<T extends MessageType> = Extract<Message, { type: T }>['data'];

export interface JournalEntry {
  readonly seq: number;
  /** Server time. Never falls from one entry to the next. */
  readonly atMs: number;
  readonly message: Message;
}

/** A thing was left out of the latest state, after event `seq` and before the next one. */
export interface ForgottenEntry {
  readonly seq: number;
  readonly atMs: number;
  readonly forgotten: { readonly type: MessageType; readonly id: string };
}
/** What made the state of the town what it was: whoever replays a span applies both kinds in the order in which they come. */
export type HistoryEntry = JournalEntry | ForgottenEntry;

/** The newest of everything, now or at some moment of the past. */
export interface Facts {
  latest<T extends MessageType>(type: T, id: string): Fact<T> | undefined;
  /** The newest of everything of a type, in order of first appearance. */
  all<T extends MessageType>(type: T): Iterable<Fact<T>>;
}

/** The state as it was. */
export interface PastState extends Facts {
  /** Last event that is in it; 0 before the first. */
  readonly seq: number;
  /** The moment that was asked for. */
  readonly atMs: number;
}

/** Somebody asked for what is not everybody's business: the track of a unit, a replay, an export. */
export interface Access {
  /** Server time of the live town, also when a replay asks. */
  readonly atMs: number;
  readonly deskId: string;
  /** e.g. `track`, `tracksInArea`, `export`, `replay`. At most 64 characters. */
  readonly action: string;
  /** What was asked for, as JSON can say it: unit, span, area, format. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** For `/healthz`, `/metrics` and the Diagnostics panel. */
export interface JournalStats {
  /** The database file; null for a journal that ends with the process. */
  readonly path: string | null;
  readonly schemaVersion: number;
  readonly headSeq: number;
  readonly committedSeq: number;
  readonly oldestSeq: number;
  readonly firstAtMs: number | null;
  readonly lastAtMs: number | null;
  /** Bytes on disk, or about those in memory. */
  readonly sizeBytes: number;
  /** What the whole data directory (journal and tracks) may take, and takes; null without a budget. */
  readonly budgetBytes: number | null;
  readonly directoryBytes: number | null;
  /** One sentence each for what a person should see to: budget nearly used, a damaged file moved aside, a full disk. */
  readonly warnings: readonly string[];
  /** Groups of events that became durable since the start. */
  readonly commits: number;
  /** From the first append of a group until it is safe, over the last 512 groups; 0 before the first. */
  readonly commitP50Ms: number;
  readonly commitP95Ms: number;
  readonly commitMaxMs: number;
  /** Events that `append` numbered and that are not safe yet. */
  readonly pending: number;
}

/**
 * The memory of the gateway: every event once, in order, and the newest of each thing.
 *
 * Written for a durable implementation that commits in groups: `append` numbers an event and updates the latest state at
 * once, `committedSeq` follows when the event is safe. Whoever tells the world (the feed, an answer to a command) waits for
 * the commit; whoever decides (the desk) works on the latest state. Whatever is appended, forgotten, noted and logged without
 * an `await` between is one transaction: a restart finds all of it or nothing.
 */
export interface Journal extends Facts {
  /** Name of this log. Another epoch means that sequence numbers start anew and old cursors are void. */
  readonly epoch: string;
  /** Last number given out; 0 before the first event. */
  readonly headSeq: number;
  /** Last event that is safe and may be told. Equal to `headSeq` in a journal that lives in memory. */
  readonly committedSeq: number;
  /** First event from which on none is missing; `headSeq + 1` while there is none. */
  readonly oldestSeq: number;
  /** Server time of the first event that is still kept; null while there is none. */
  readonly firstAtMs: number | null;
  /** Server time of the newest event or forgetting; null in an empty journal. */
  readonly lastAtMs: number | null;
  /** Where the clock of a restarted gateway must begin, so that time never falls; null in an empty journal. */
  readonly resumeAtMs: number | null;
  /** Why nothing can be written at the moment (a full disk); null when all is well. Whoever asks for a change is refused then. */
  readonly obstacle: string | null;
  /** @param atMs Server time; one before `lastAtMs` is taken as `lastAtMs`. @returns the number of the new event. */
  append(message: Message, atMs: number): number;
  /** Resolves when the event is safe. Rejects when the journal can no longer be written. */
  committed(seq: number): Promise<void>;
  /** Resolves when everything that was appended, noted, forgotten and logged before is safe. */
  flushed(): Promise<void>;
  /**
   * Committed events after `seq`, in order, up to the newest one at the time of reading.
   * @throws RangeError when events after `seq` are no longer kept: the reader needs a snapshot.
   */
  since(seq: number): Iterable<JournalEntry> | AsyncIterable<JournalEntry>;
  /** Calls the listener after one or more events became safe. Returns a function that stops it. */
  onCommit(listener: () => void): () => void;
  /** Leaves a thing out of later snapshots, from this moment on. Its events stay as long as others. */
  forget(type: MessageType, id: string, atMs: number): void;

  /** The state after everything that happened up to and at `atMs`; the oldest known one where that is no longer kept. */
  stateAt(atMs: number): Promise<PastState>;
  /**
   * What happened after event `afterSeq`, up to and at `untilMs`: after `stateAt(a)`, `between(state.seq, b)` leads to
   * `stateAt(b)`. Numbers may jump where retention has removed events. Safe to read slowly.
   */
  between(afterSeq: number, untilMs: number): AsyncIterable<HistoryEntry>;

  /** Keeps a short text under a key, e.g. the cursor of a source; null removes it. */
  note(key: string, value: string | null): void;
  noted(key: string): string | undefined;
  /** All notes whose key begins with `prefix`, the one written longest ago first. */
  notes(prefix: string): Iterable<readonly [key: string, value: string]>;
  /** Says that server time will not have passed this moment when the gateway ends: a restart begins here, or at `lastAtMs`. */
  keepTime(atMs: number): void;

  logAccess(access: Access): void;
  /** The newest entries of the access log, newest first. */
  accessLog(limit: number): Promise<Access[]>;

  stats(): JournalStats;
  /** Makes everything safe and closes. */
  dispose(): Promise<void>;
}
