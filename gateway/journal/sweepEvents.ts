import type { EventStore } from './eventStore.ts';
import type { KeepDays } from './retentionOptions.ts';

const DAY_MS = 86_400_000;
/** Events that one transaction looks at, and the pause after it in which groups are written. */
const STEP_EVENTS = 1000;
const PAUSE_MS = 20;

export interface SweeperOptions {
  /** Real ms between two rounds, and before the first. */
  periodMs: number;
  delayMs: number;
  /** After a round that removed something. */
  onSwept(removed: number): void;
  onFault(error: unknown): void;
}

/**
 * Forgets what is older than its period, a few rows at a time. The newest event of each thing before the limit stays, so that the
 * state at any later moment is whole. Age counts from the newest event of the journal: server time, not this machine's.
 */
export function createSweeper(store: EventStore, keepDays: KeepDays, options: SweeperOptions) {
  const kinds = Object.entries(keepDays).filter(([kind]) => kind !== 'tracks');
  let timer: NodeJS.Timeout | null = null;
  let disposed = false;

  const pause = (): Promise<void> => new Promise((done) => (timer = setTimeout(done, PAUSE_MS)));
  const sweepAccesses = async (beforeMs: number): Promise<number> => {
    let removed = 0;
    for (let gone = STEP_EVENTS; gone === STEP_EVENTS && !disposed; removed += gone) {
      gone = store.dropAccesses(beforeMs, STEP_EVENTS);
      await pause();
    }
    return removed;
  };
  const sweepEvents = async (kind: string, beforeMs: number): Promise<number> => {
    const limitSeq = store.seqAt(beforeMs);
    let removed = 0;
    for (let next = store.firstFrom(0); next && next.seq <= limitSeq && !disposed;) {
      const toSeq = next.seq + STEP_EVENTS;
      removed += store.dropEvents(kind, next.seq, toSeq, limitSeq, beforeMs);
      await pause();
      if (disposed) break;
      next = store.firstFrom(toSeq);
    }
    return removed;
  };
  const round = async (): Promise<void> => {
    const nowMs = store.lastEventAtMs();
    if (nowMs === null) return;
    let removed = 0;
    for (const [kind, days] of kinds) {
      const beforeMs = nowMs - days * DAY_MS;
      removed += kind === 'access' ? await sweepAccesses(beforeMs) : await sweepEvents(kind, beforeMs);
      if (disposed) return;
    }
    if (removed === 0) return;
    store.shrink();
    options.onSwept(removed);
  };
  const arm = (delayMs: number): void => {
    if (disposed || kinds.length === 0) return;
    timer = setTimeout(() => {
      round()
        .catch(options.onFault)
        .finally(() => arm(options.periodMs));
    }, delayMs);
  };
  arm(options.delayMs);
  return {
    dispose(): void {
      disposed = true;
      if (timer) clearTimeout(timer);
    },
  };
}
