/** A token bucket on real time: `perS` sustained, twice as many in a burst. @param nowMs A monotonic clock. */
export function createRateLimit(perS: number, nowMs: () => number = () => performance.now()) {
  let tokens = perS * 2;
  let filledAtMs = nowMs();
  return {
    /** Takes one; false when there is none. */
    take(): boolean {
      const now = nowMs();
      tokens = Math.min(perS * 2, tokens + ((now - filledAtMs) / 1000) * perS);
      filledAtMs = now;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
