import type { Write } from './threadMessages.ts';

const LATENCIES = 512;

interface Group {
  readonly writes: Write[];
  readonly openedAtMs: number;
  /** Last event in it; 0 when there is none. */
  headSeq: number;
  bytes: number;
  readonly safe: Promise<void>;
  resolve(): void;
  reject(error: unknown): void;
}

const openGroup = (): Group => {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // Whoever does not wait must not end the process.
  promise.catch(() => undefined);
  return { writes: [], openedAtMs: performance.now(), headSeq: 0, bytes: 0, safe: promise, resolve, reject };
};
const bytesOf = (write: Write): number => 100 + (write.kind === 'event' ? write.json.length : 0);

/**
 * Sends writes to the thread that makes them durable: one group is under way, what comes meanwhile is the next one. So a slow disk
 * makes groups larger, not the queue longer. A group goes when the stack is empty: what belongs together stays together.
 */
export function createCommitQueue(options: { headSeq: number; send(writes: Write[]): void; onSafe(): void }) {
  let committedSeq = options.headSeq;
  let waiting: Group | null = null;
  let flying: Group | null = null;
  let broken: Error | null = null;
  let commits = 0;
  const latencies = new Float64Array(LATENCIES);

  const depart = (): void => {
    if (flying || !waiting || broken) return;
    flying = waiting;
    waiting = null;
    options.send(flying.writes);
  };

  return {
    get committedSeq() {
      return committedSeq;
    },
    /** Bytes that are not safe yet, about. */
    get pendingBytes() {
      return (waiting?.bytes ?? 0) + (flying?.bytes ?? 0);
    },
    add(write: Write): void {
      if (broken) return;
      if (!waiting) {
        waiting = openGroup();
        queueMicrotask(depart);
      }
      waiting.writes.push(write);
      waiting.bytes += bytesOf(write);
      if (write.kind === 'event') waiting.headSeq = write.seq;
    },
    /** The group under way is on the disk. */
    safe(): void {
      if (!flying) return;
      const group = flying;
      flying = null;
      committedSeq = Math.max(committedSeq, group.headSeq);
      latencies[commits % LATENCIES] = performance.now() - group.openedAtMs;
      commits += 1;
      depart();
      group.resolve();
      if (group.headSeq > 0) options.onSafe();
    },
    fail(error: Error): void {
      broken ??= error;
      flying?.reject(error);
      waiting?.reject(error);
      flying = waiting = null;
    },
    committed(seq: number): Promise<void> {
      if (seq <= committedSeq) return Promise.resolve();
      if (broken) return Promise.reject(broken);
      return (flying && seq <= flying.headSeq ? flying : waiting)?.safe ?? Promise.resolve();
    },
    flushed: (): Promise<void> => (broken ? Promise.reject(broken) : ((waiting ?? flying)?.safe ?? Promise.resolve())),
    stats() {
      const sorted = latencies.slice(0, Math.min(commits, LATENCIES)).sort();
      const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
      return { commits, commitP50Ms: at(0.5), commitP95Ms: at(0.95), commitMaxMs: at(1) };
    },
  };
}
