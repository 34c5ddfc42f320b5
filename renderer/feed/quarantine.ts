import type { Refusal } from './feedTypes.ts';

const MOST_KEPT = 20;
const SAMPLE_LENGTH = 200;
const REASON_LENGTH = 300;

/** The last twenty things that could not be used (rule P-09). */
export function createQuarantine(nowMs: () => number) {
  const kept: Refusal[] = [];
  return {
    kept: kept as readonly Refusal[],
    add(what: string, reason: string, seq: number | null, sample: string): void {
      kept.push({
        atMs: nowMs(),
        what: what.slice(0, SAMPLE_LENGTH),
        reason: reason.slice(0, REASON_LENGTH),
        seq,
        sample: sample.slice(0, SAMPLE_LENGTH),
      });
      if (kept.length > MOST_KEPT) kept.shift();
    },
  };
}
export type Quarantine = ReturnType<typeof createQuarantine>;
