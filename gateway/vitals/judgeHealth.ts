import type { SourceState } from '../sources/byteSource.ts';

export interface HealthLimits {
  /** A source that is not live for longer than this makes the gateway unhealthy; real ms. */
  sourceDownMs: number;
  /** Events that wait this long for their commit: the journal cannot be written; real ms. */
  commitStuckMs: number;
}
const defaultLimits: HealthLimits = { sourceDownMs: 60_000, commitStuckMs: 5000 };

export interface HealthFigures {
  journal: { pending: number; committedSeq: number; budgetBytes: number | null; directoryBytes: number | null };
  sources: readonly { id: string; state: SourceState; reason: string | null; sinceMs: number }[];
  /** Server time, and how fast it runs. */
  atMs: number;
  clockRate: number;
  /** Monotonic. */
  realMs: number;
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

/** Judges figure after figure; remembers since when events wait for their commit. @returns a function that tells why the gateway is not healthy, one sentence each. */
export function judgeHealth(given: Partial<HealthLimits> = {}) {
  const limits = { ...defaultLimits, ...given };
  let waiting: { committedSeq: number; sinceMs: number } | null = null;
  return ({ journal, sources, atMs, clockRate, realMs }: HealthFigures): string[] => {
    const reasons: string[] = [];
    if (journal.pending === 0) waiting = null;
    else if (waiting?.committedSeq !== journal.committedSeq) waiting = { committedSeq: journal.committedSeq, sinceMs: realMs };
    else if (realMs - waiting.sinceMs > limits.commitStuckMs) {
      reasons.push(`the journal is not writable: ${journal.pending} events wait since ${Math.round((realMs - waiting.sinceMs) / 1000)} s`);
    }
    if (journal.budgetBytes !== null && journal.directoryBytes !== null && journal.directoryBytes > journal.budgetBytes) {
      reasons.push(`the size budget is used up: ${megabytes(journal.directoryBytes)} of ${megabytes(journal.budgetBytes)}`);
    }
    for (const source of sources) {
      if (source.state === 'live') continue;
      const downMs = (atMs - source.sinceMs) / Math.max(1e-3, clockRate);
      if (downMs > limits.sourceDownMs) {
        const why = source.reason === null ? '' : `: ${source.reason}`;
        reasons.push(`source ${source.id} is ${source.state} for ${Math.round(downMs / 1000)} s${why}`);
      }
    }
    return reasons;
  };
}
