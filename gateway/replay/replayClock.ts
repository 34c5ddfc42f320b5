/** Time of a replay: recorded milliseconds, at a rate that may change, 0 while it is paused. Real time is monotonic and passed in. */
export function createReplayClock(atMs: number, rate: number, realMs: number) {
  let fromAtMs = atMs;
  let fromRealMs = realMs;
  let speed = rate;
  const at = (nowRealMs: number): number => fromAtMs + (nowRealMs - fromRealMs) * speed;
  return {
    get rate() {
      return speed;
    },
    at,
    /** Goes on from where it is at another rate. */
    setRate(next: number, nowRealMs: number): void {
      fromAtMs = at(nowRealMs);
      fromRealMs = nowRealMs;
      speed = next;
    },
    /** Stops at a moment. */
    stopAt(stopMs: number): void {
      fromAtMs = stopMs;
      speed = 0;
    },
  };
}
