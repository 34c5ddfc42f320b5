const PERIOD_MS = 1000;
const SPAN_SAMPLES = 10;

/** The rate of a counter over the last ten seconds of real time. @param read The counter: it never falls. */
export function createRatePerS(read: () => number) {
  const samples = [{ atMs: performance.now(), count: read() }];
  const timer = setInterval(() => {
    samples.push({ atMs: performance.now(), count: read() });
    if (samples.length > SPAN_SAMPLES + 1) samples.shift();
  }, PERIOD_MS);
  timer.unref();
  return {
    /** A second; 0 before the first full second. */
    perS(): number {
      const first = samples[0]!;
      const last = samples.at(-1)!;
      const spanS = (last.atMs - first.atMs) / 1000;
      return spanS > 0 ? Math.max(0, (last.count - first.count) / spanS) : 0;
    },
    dispose: (): void => clearInterval(timer),
  };
}
