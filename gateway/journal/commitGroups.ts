import { closeSync, fdatasync, openSync } from 'node:fs';
import { promisify } from 'node:util';

const dataSync = promisify(fdatasync);
const LATENCIES = 512;
/** How long to wait when the disk is full or another process holds the database. */
const RETRY_MS = 1000;

export interface CommitStats {
  commits: number;
  p50Ms: number;
  p95Ms: number;
  maxMs: number;
}
interface Group {
  readonly openedAtMs: number;
  readonly safe: Promise<void>;
  resolve(): void;
  reject(error: unknown): void;
}

export interface CommitGroups {
  /** Something is to be written: it goes with the next group. */
  want(): void;
  /** Resolves when everything wanted so far is safe; rejects when it never will be. */
  flushed(): Promise<void>;
  /** Why nothing can be written at the moment; null when all is well. */
  readonly obstacle: string | null;
  stats(): CommitStats;
  dispose(): Promise<void>;
}

/** A full disk (13) and a lock of another process (5) pass; everything else does not. */
const passes = (error: unknown): boolean => {
  const code = (error as { errcode?: unknown }).errcode;
  return typeof code === 'number' && [5, 13].includes(code & 0xff);
};

/**
 * Makes writes safe in groups: while one is under way, what comes is gathered for the next.
 *
 * SQLite's own way (synchronous = FULL) calls fsync inside COMMIT and would hold up every wall for as long as the disk takes. In
 * WAL mode that fsync is of the log file alone, so here COMMIT only hands the log to the operating system (NORMAL) and the same
 * fsync follows in Node's thread pool; nobody is told before it is done. See docs/decisions/0004.
 * @param write Writes all that was wanted, as one transaction. Called without anything wanted in between.
 * @param options.logPath The WAL file, which is there after the first write.
 * @param options.onSafe Called after each group, before `flushed` resolves.
 * @param options.onBroken Called once when the journal can no longer be written.
 */
export function createCommitGroups(
  write: () => void,
  options: { logPath: string; onSafe(): void; onBroken(error: unknown): void },
): CommitGroups {
  let waiting: Group | null = null;
  let writing: Group | null = null;
  let running: Promise<void> | null = null;
  let log: number | null = null;
  let broken: { error: unknown } | null = null;
  let obstacle: string | null = null;
  let commits = 0;
  const latencies = new Float64Array(LATENCIES);

  const openGroup = (): Group => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // Whoever does not wait must not end the process.
    promise.catch(() => undefined);
    return { openedAtMs: performance.now(), safe: promise, resolve, reject };
  };
  const writeNow = async (): Promise<void> => {
    for (;;) {
      try {
        write();
        obstacle = null;
        return;
      } catch (error) {
        if (!passes(error)) throw error;
        obstacle = (error as Error).message;
        await new Promise((done) => setTimeout(done, RETRY_MS));
      }
    }
  };
  const run = async (): Promise<void> => {
    // Everything of this turn of the event loop, whoever asked for it, goes together.
    await new Promise((done) => setImmediate(done));
    while (waiting && !broken) {
      try {
        writing = null;
        await writeNow();
        writing = waiting;
        waiting = null;
        log ??= openSync(options.logPath, 'r+');
        await dataSync(log);
        latencies[commits % LATENCIES] = performance.now() - writing.openedAtMs;
        commits += 1;
        options.onSafe();
        writing.resolve();
      } catch (error) {
        // After a failed fsync nobody knows what is on the disk: trying again would only hide it.
        broken = { error };
        obstacle = (error as Error).message;
        writing?.reject(error);
        (waiting as Group | null)?.reject(error);
        options.onBroken(error);
      }
      writing = null;
    }
    running = null;
  };

  return {
    want() {
      if (broken) return;
      waiting ??= openGroup();
      running ??= run();
    },
    flushed: () => (broken ? Promise.reject(broken.error as Error) : (waiting?.safe ?? writing?.safe ?? Promise.resolve())),
    get obstacle() {
      return obstacle;
    },
    stats() {
      const sorted = latencies.slice(0, Math.min(commits, LATENCIES)).sort();
      const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
      return { commits, p50Ms: at(0.5), p95Ms: at(0.95), maxMs: at(1) };
    },
    async dispose() {
      await running;
      if (log !== null) closeSync(log);
      log = null;
    },
  };
}
