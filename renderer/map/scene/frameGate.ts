/**
 * When the next frame may be drawn. Never before the last picture is finished: frames that queue up in the driver make the page wait and
 * the hand feel mud. On software rendering, which takes the processor from everything else, a share of the time is left free.
 */
export interface FrameGate {
  /** @param isDone whether the graphics card has finished the last frame */
  mayDraw(atMs: number, isDone: boolean): boolean;
  drawn(atMs: number): void;
}

/** Part of a frame's cost that stays free on software rendering. */
const FREE_SHARE = 0.35;
/** A driver that never answers must not stop the map. */
const LONGEST_WAIT_MS = 2000;

export function createFrameGate(options: { maxFps: number; isSoftware: boolean }): FrameGate {
  let drawnMs = -Infinity;
  let nextMs = -Infinity;
  let waiting = false;
  return {
    mayDraw(atMs, isDone) {
      if (waiting) {
        if (!isDone && atMs - drawnMs < LONGEST_WAIT_MS) return false;
        waiting = false;
        if (options.isSoftware) nextMs = Math.max(nextMs, atMs + (atMs - drawnMs) * FREE_SHARE);
      }
      return atMs >= nextMs;
    },
    drawn(atMs) {
      drawnMs = atMs;
      waiting = true;
      // A millisecond of grace, or a display of exactly that rate would miss every second frame.
      nextMs = atMs + 1000 / options.maxFps - 1;
    },
  };
}
