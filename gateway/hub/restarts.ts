export interface RestartOptions {
  /** Bound of the first delay, ms; it doubles up to `mostMs`. */
  firstMs: number;
  mostMs: number;
  /** Live for so long, the next failure counts as the first. */
  healthyAfterMs: number;
  /** In [0, 1). */
  random(): number;
}
const defaults: RestartOptions = { firstMs: 1000, mostMs: 60_000, healthyAfterMs: 60_000, random: Math.random };

/** When a failed source is opened anew: each delay evenly between zero and its bound, so that many gateways do not come back at one instant. */
export function createRestarts(open: () => void, given: Partial<RestartOptions> = {}) {
  const { firstMs, mostMs, healthyAfterMs, random } = { ...defaults, ...given };
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let healthySinceMs: number | null = null;
  let disposed = false;
  return {
    healthy(): void {
      healthySinceMs ??= performance.now();
    },
    unhealthy(): void {
      if (healthySinceMs !== null && performance.now() - healthySinceMs >= healthyAfterMs) failures = 0;
      healthySinceMs = null;
    },
    later(): void {
      if (disposed || timer !== null) return;
      const boundMs = Math.min(mostMs, firstMs * 2 ** Math.min(failures, 30));
      failures += 1;
      timer = setTimeout(() => {
        timer = null;
        open();
      }, random() * boundMs);
      timer.unref();
    },
    dispose(): void {
      disposed = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}
