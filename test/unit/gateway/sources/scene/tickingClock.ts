import type { Clock } from '../../../../../gateway/clock.ts';

export interface TickingClock extends Clock {
  /** Moves on; what falls due runs at the next tick, as late as that is. */
  advance(ms: number): void;
  /** Tasks that wait. */
  readonly waiting: number;
}

/** A clock that a test moves by hand and whose timers fire at ticks only: a coarse tick is a slow machine or a fast scene. */
export function createTickingClock(startMs: number, tickMs = 100, rate = 1): TickingClock {
  let nowMs = startMs;
  let order = 0;
  const tasks = new Set<{ atMs: number; order: number; run: () => void }>();
  const add = (atMs: number, run: () => void): (() => void) => {
    const task = { atMs, order: (order += 1), run };
    tasks.add(task);
    return () => void tasks.delete(task);
  };
  const runDue = (): void => {
    for (;;) {
      let next: { atMs: number; order: number; run: () => void } | null = null;
      for (const task of tasks) {
        if (task.atMs <= nowMs && (!next || task.atMs < next.atMs || (task.atMs === next.atMs && task.order < next.order))) next = task;
      }
      if (!next) return;
      tasks.delete(next);
      next.run();
    }
  };
  return {
    rate,
    nowMs: () => nowMs,
    after: (delayMs, run) => add(nowMs + delayMs, run),
    every(periodMs, run) {
      let cancel = (): void => {};
      const again = (): void => {
        cancel = add(nowMs + periodMs, () => {
          again();
          run();
        });
      };
      again();
      return () => cancel();
    },
    advance(ms) {
      const endMs = nowMs + ms;
      while (nowMs < endMs) {
        nowMs = Math.min(endMs, nowMs + tickMs);
        runDue();
      }
    },
    get waiting() {
      return tasks.size;
    },
  };
}
