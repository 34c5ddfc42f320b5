const FIRST_BOUND_MS = 250;
const LAST_BOUND_MS = 15_000;
/** A connection that held this long was healthy: the next failure starts from the first bound again. */
export const HEALTHY_AFTER_MS = 10_000;
/** The longest delay that a server's `bye` is granted. */
const LONGEST_ASKED_MS = 60_000;

/** Delays between attempts (rule P-06): full jitter below a bound that doubles from 0.25 s to 15 s. It never gives up. */
export function createBackOff(random: () => number) {
  let boundMs = FIRST_BOUND_MS;
  return {
    /** @param askedMs the least delay that the server asked for; jitter is added to it, so that walls do not return all at once. */
    nextDelayMs(askedMs = 0): number {
      const delayMs = random() * boundMs;
      boundMs = Math.min(LAST_BOUND_MS, boundMs * 2);
      return Math.min(LONGEST_ASKED_MS, Math.max(0, askedMs)) + delayMs;
    },
    reset(): void {
      boundMs = FIRST_BOUND_MS;
    },
  };
}
