const PERIOD_MS = 50;
/** Ten seconds of samples. */
const KEPT = 200;

/**
 * How late the event loop runs what is due, sampled twenty times a second. What blocks the loop delays every wall, so this is the one
 * figure that says whether the machine keeps up.
 * @param onSample Called with each delay, ms.
 */
export function createLoopDelay(onSample: (delayMs: number) => void = () => {}) {
  const samples: number[] = [];
  let dueAtMs = performance.now() + PERIOD_MS;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    // Timers may fire a fraction of a millisecond early.
    const delayMs = Math.max(0, nowMs - dueAtMs);
    dueAtMs = nowMs + PERIOD_MS;
    samples.push(delayMs);
    if (samples.length > KEPT) samples.shift();
    onSample(delayMs);
  }, PERIOD_MS);
  timer.unref();
  return {
    /** Nearest rank over the last ten seconds, ms; 0 before the first sample. @param shares Each from 0 to 1. */
    quantilesMs(...shares: number[]): number[] {
      const sorted = [...samples].sort((a, b) => a - b);
      return shares.map((share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0);
    },
    dispose: (): void => clearInterval(timer),
  };
}
