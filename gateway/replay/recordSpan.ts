import type { Clock } from '../clock.ts';
import type { Journal } from '../journal/journal.ts';

/** What is recorded, from the first event that is kept to now; null before the first. */
export function recordSpan(journal: Pick<Journal, 'firstAtMs'>, clock: Pick<Clock, 'nowMs'>): { fromMs: number; toMs: number } | null {
  if (journal.firstAtMs === null) return null;
  const fromMs = Math.floor(journal.firstAtMs);
  return { fromMs, toMs: Math.max(fromMs, Math.round(clock.nowMs())) };
}
