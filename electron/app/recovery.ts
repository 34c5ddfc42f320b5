export type RecoveryAction = { kind: 'reload'; delayMs: number } | { kind: 'relaunch' } | { kind: 'none' };

export interface RecoveryPolicy {
  /** @param reason Why the page is gone: Electron's `render-process-gone` reason, or `load-failed`. */
  onGone(reason: string): RecoveryAction;
}

/** Reasons that are no failure. */
const EXPECTED = new Set(['clean-exit']);
const FIRST_DELAY_MS = 250;
const LAST_DELAY_MS = 30_000;

/** A page that died is loaded again with back-off; after more than `limit` deaths within `windowMs` the whole program starts anew. */
export function createRecoveryPolicy(nowMs: () => number, limit = 5, windowMs = 10 * 60_000): RecoveryPolicy {
  let deaths: number[] = [];
  return {
    onGone(reason) {
      if (EXPECTED.has(reason)) return { kind: 'none' };
      const now = nowMs();
      deaths = [...deaths.filter((at) => at > now - windowMs), now];
      if (deaths.length > limit) return { kind: 'relaunch' };
      return { kind: 'reload', delayMs: Math.min(LAST_DELAY_MS, FIRST_DELAY_MS * 2 ** (deaths.length - 1)) };
    },
  };
}
