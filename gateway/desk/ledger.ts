import { isDeepStrictEqual } from 'node:util';
import type { Message, MessageType } from '../../protocol/messages/index.ts';
import type { Clock } from '../clock.ts';
import type { Fact, Journal } from '../journal/journal.ts';

/** Where the desk writes. Everything that one command or report changes is written inside one `transact`. */
export interface Ledger {
  /** Whole milliseconds of server time. */
  nowMs(): number;
  latest<T extends MessageType>(type: T, id: string): Fact<T> | undefined;
  all<T extends MessageType>(type: T): Iterable<Fact<T>>;
  forget(type: MessageType, id: string): void;
  /** Appends the fact with the next `rev`. @returns its number in the journal. */
  record<T extends MessageType>(type: T, fact: Omit<Fact<T>, 'rev'>): number;
  /** The same, but only when it says something new: sources may repeat themselves as they like. @returns null when nothing is new. */
  recordChange<T extends MessageType>(type: T, fact: Omit<Fact<T>, 'rev'>): number | null;
  /** Runs the work; when the outermost one ends, first what `onSettle` asks for, then what was put off with `afterwards`. */
  transact<R>(work: () => R): R;
  /** Puts off telling others until the desk's own books are complete, so that a listener may call the desk again. */
  afterwards(task: () => void): void;
  onSettle(task: () => void): void;
}

/** @param onFault Told when a listener throws: its bug must not stop the desk in the middle of a change. */
export function createLedger(journal: Journal, clock: Clock, onFault: (error: unknown) => void): Ledger {
  const settle: (() => void)[] = [];
  let waiting: (() => void)[] = [];
  let depth = 0;

  const tellOthers = (): void => {
    // Tasks may transact and put off more; those run after the ones that wait already.
    while (waiting.length > 0) {
      const tasks = waiting;
      waiting = [];
      for (const task of tasks) {
        try {
          task();
        } catch (error) {
          onFault(error);
        }
      }
    }
  };
  let telling = false;

  const record: Ledger['record'] = (type, fact) => {
    const rev = (journal.latest(type, fact.id)?.rev ?? 0) + 1;
    return journal.append({ type, data: { ...fact, rev } } as unknown as Message, Math.round(clock.nowMs()));
  };

  return {
    nowMs: () => Math.round(clock.nowMs()),
    latest: (type, id) => journal.latest(type, id),
    all: (type) => journal.all(type),
    forget: (type, id) => journal.forget(type, id, Math.round(clock.nowMs())),
    record,
    recordChange(type, fact) {
      const before = journal.latest(type, fact.id);
      return !before || !isDeepStrictEqual(before, { ...fact, rev: before.rev }) ? record(type, fact) : null;
    },
    transact(work) {
      depth += 1;
      try {
        const result = work();
        if (depth === 1) for (const task of settle) task();
        return result;
      } finally {
        depth -= 1;
        if (depth === 0 && !telling) {
          telling = true;
          try {
            tellOthers();
          } finally {
            telling = false;
          }
        }
      }
    },
    afterwards(task) {
      waiting.push(task);
    },
    onSettle(task) {
      settle.push(task);
    },
  };
}
