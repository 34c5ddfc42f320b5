import type { Journal } from '../journal/journal.ts';
import type { EventEncoder } from './encodeEvents.ts';

export interface EventFlowOptions {
  journal: Journal;
  events: EventEncoder;
  /** Most events sent and not yet acknowledged. */
  window: number;
  /** Whether the socket holds as much as it may. */
  isFull(): boolean;
  /** False once the connection is over. */
  isOpen(): boolean;
  /** `flushed` is to be called when the bytes have left. */
  send(bytes: Buffer, flushed: () => void): void;
  /** The journal no longer has what comes next, or failed. */
  onBroken(error: unknown): void;
}

/**
 * A client's cursor in the journal (rule P-03): sends what comes next as long as the window and the socket have room, and
 * knows since when they had none. There is no queue: what is not sent yet is only in the journal.
 */
export function createEventFlow(options: EventFlowOptions, startSeq: number) {
  const { journal, window, isFull } = options;
  let sentSeq = startSeq;
  let ackedSeq = startSeq;
  /** Since when the window or the socket has been full without any movement; null while there is room. */
  let stuckSinceMs: number | null = null;
  let pumping = false;
  let pumpAgain = false;

  /** @param moved Whether the client took something just now. @returns whether there is room. */
  const noteRoom = (moved: boolean): boolean => {
    if (!isFull() && sentSeq - ackedSeq < window) stuckSinceMs = null;
    else if (moved || stuckSinceMs === null) stuckSinceMs = performance.now();
    return stuckSinceMs === null;
  };
  const flushed = (): void => {
    if (stuckSinceMs !== null && noteRoom(true)) pump();
  };
  const send = async (): Promise<void> => {
    if (!noteRoom(false) || sentSeq >= journal.committedSeq) return;
    for await (const entry of journal.since(sentSeq)) {
      // A journal on disk may have taken a while: what was true before the read may not be true now.
      if (!options.isOpen() || entry.seq !== sentSeq + 1 || !noteRoom(false)) return;
      sentSeq = entry.seq;
      options.send(options.events.encode(entry), flushed);
    }
  };
  function pump(): void {
    pumpAgain = true;
    if (pumping) return;
    pumping = true;
    void (async () => {
      try {
        while (pumpAgain && options.isOpen()) {
          pumpAgain = false;
          await send();
        }
      } catch (error) {
        options.onBroken(error);
      } finally {
        pumping = false;
      }
    })();
  }

  return {
    get sentSeq() {
      return sentSeq;
    },
    get ackedSeq() {
      return ackedSeq;
    },
    /** Call after commits. */
    pump,
    /** @returns false when the client acknowledges what it never got. */
    ack(seq: number): boolean {
      if (seq > sentSeq) return false;
      if (seq > ackedSeq) {
        ackedSeq = seq;
        noteRoom(true);
        pump();
      }
      return true;
    },
    /** How long the client has taken nothing although there is something; 0 while it has room. Call now and then: it goes on by itself then. */
    stuckForMs(nowMs: number): number {
      const wasStuck = stuckSinceMs !== null;
      // A socket that was full of a snapshot or of positions tells nobody when it has room again.
      if (noteRoom(false) && wasStuck) pump();
      return stuckSinceMs === null ? 0 : nowMs - stuckSinceMs;
    },
  };
}
export type EventFlow = ReturnType<typeof createEventFlow>;
