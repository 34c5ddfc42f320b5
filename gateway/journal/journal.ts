import type { Message, MessageType } from '../../protocol/messages/index.ts';

/** What a message of type T says. */
export type Fact<T extends MessageType> = Extract<Message, { type: T }>['data'];

export interface JournalEntry {
  readonly seq: number;
  readonly atMs: number;
  readonly message: Message;
}

/**
 * The memory of the gateway: every event once, in order, and the newest of each thing.
 *
 * Written for a durable implementation that commits in groups: `append` numbers an event and updates the latest state at
 * once, `committedSeq` follows when the event is safe. Whoever tells the world (the feed, an answer to a command) waits for
 * the commit; whoever decides (the desk) works on the latest state.
 */
export interface Journal {
  /** Name of this log. Another epoch means that sequence numbers start anew and old cursors are void. */
  readonly epoch: string;
  /** Last number given out; 0 before the first event. */
  readonly headSeq: number;
  /** Last event that is safe and may be told. Equal to `headSeq` in a journal that lives in memory. */
  readonly committedSeq: number;
  /** First event that can still be read; `headSeq + 1` while there is none. */
  readonly oldestSeq: number;
  /** @returns the number of the new event. */
  append(message: Message, atMs: number): number;
  /** Resolves when the event is safe. */
  committed(seq: number): Promise<void>;
  /**
   * Committed events after `seq`, in order, up to the newest one at the time of reading.
   * @throws RangeError when events after `seq` are no longer kept: the reader needs a snapshot.
   */
  since(seq: number): Iterable<JournalEntry> | AsyncIterable<JournalEntry>;
  /** Calls the listener after one or more events became safe. Returns a function that stops it. */
  onCommit(listener: () => void): () => void;
  latest<T extends MessageType>(type: T, id: string): Fact<T> | undefined;
  /** The newest of everything of a type, in order of first appearance. */
  all<T extends MessageType>(type: T): Iterable<Fact<T>>;
  /** Leaves a thing out of later snapshots. Its events stay as long as others. */
  forget(type: MessageType, id: string): void;
  dispose(): Promise<void>;
}
