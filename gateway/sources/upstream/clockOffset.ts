/** Exchanges that are remembered (rule P-07). */
const MOST_SAMPLES = 16;
/** A difference below this is left alone: times of facts must not move with every estimate, and clocks that are kept agree better. */
const LEAST_CHANGE_MS = 250;

/**
 * Upstream's clock less ours, from the exchange with the least delay.
 * @param heldMs The offset that was in use before; it is kept until the estimate says surely otherwise.
 */
export function createClockOffset(heldMs: number) {
  let samples: { offsetMs: number; delayMs: number }[] = [];
  return {
    /** In use: ms to take from a time of upstream's. */
    get heldMs() {
      return heldMs;
    },
    /** @param sentMs and receivedMs ours; @param upFromMs and upToMs when upstream took it and answered. */
    exchange(sentMs: number, receivedMs: number, upFromMs: number, upToMs: number): void {
      const delayMs = receivedMs - sentMs - (upToMs - upFromMs);
      if (receivedMs < sentMs || upToMs < upFromMs || delayMs < -1) return;
      samples = [...samples.slice(1 - MOST_SAMPLES), { offsetMs: (upFromMs + upToMs - sentMs - receivedMs) / 2, delayMs }];
      const best = samples.reduce((least, next) => (next.delayMs < least.delayMs ? next : least));
      if (Math.abs(best.offsetMs - heldMs) > LEAST_CHANGE_MS + best.delayMs / 2) heldMs = Math.round(best.offsetMs);
    },
  };
}
