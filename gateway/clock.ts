/** Server time. Nobody reads the wall clock directly, so a replay, a scene at speed and a test run on the same code. */
export interface Clock {
  /** UTC epoch milliseconds of the served town. */
  nowMs(): number;
  /** Server seconds per real second; 1 when live. */
  readonly rate: number;
  /** Runs `task` once after `delayMs` of server time; returns a function that cancels it. */
  after(delayMs: number, task: () => void): () => void;
  /** Runs `task` every `periodMs` of server time; returns a function that stops it. */
  every(periodMs: number, task: () => void): () => void;
}

/**
 * The same clock for tasks that may have bugs: one that throws is told to `onFault`, and the others go on. Without it an error inside a
 * timer ends the process, and with it every wall.
 */
export function guardClock(clock: Clock, onFault: (error: unknown) => void): Clock {
  const guarded = (task: () => void) => (): void => {
    try {
      task();
    } catch (error) {
      onFault(error);
    }
  };
  return {
    rate: clock.rate,
    nowMs: () => clock.nowMs(),
    after: (delayMs, task) => clock.after(delayMs, guarded(task)),
    every: (periodMs, task) => clock.every(periodMs, guarded(task)),
  };
}

/** @param startMs Server time now; @param rate server seconds per real second, above 0. */
export function createClock(startMs: number = Date.now(), rate = 1): Clock {
  const originMs = performance.now();
  return {
    rate,
    nowMs: () => startMs + (performance.now() - originMs) * rate,
    after(delayMs, task) {
      const timer = setTimeout(task, Math.min(delayMs / rate, 0x7fff_ffff));
      return () => clearTimeout(timer);
    },
    every(periodMs, task) {
      const timer = setInterval(task, Math.max(1, periodMs / rate));
      return () => clearInterval(timer);
    },
  };
}

/** The machine's own time for a town whose events come from outside. It waits where the machine's clock is set back, because server time never falls. @param notBeforeMs Server time of a run before this one. */
export function createLiveClock(notBeforeMs = 0): Clock {
  let lastMs = notBeforeMs;
  return { ...createClock(), nowMs: () => (lastMs = Math.max(lastMs, Date.now())) };
}
