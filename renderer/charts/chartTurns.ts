/**
 * Charts redraw on the main thread, each for some milliseconds. They wait in one line here and at most one draws in a frame, so that a
 * burst of updates never costs more than its slowest chart.
 */
export function createChartTurns(requestFrame: (callback: () => void) => number, cancelFrame: (handle: number) => void) {
  const waiting = new Map<object, () => void>();
  let handle: number | null = null;

  const next = (): void => {
    handle = null;
    const first = waiting.entries().next();
    if (first.done) return;
    const [owner, draw] = first.value;
    waiting.delete(owner);
    if (waiting.size > 0) handle = requestFrame(next);
    draw();
  };

  return {
    /** Asks for a turn; a later request of the same owner replaces the one that still waits. */
    request(owner: object, draw: () => void): void {
      waiting.set(owner, draw);
      handle ??= requestFrame(next);
    },
    cancel(owner: object): void {
      waiting.delete(owner);
      if (waiting.size === 0 && handle !== null) {
        cancelFrame(handle);
        handle = null;
      }
    },
    waiting: (): number => waiting.size,
  };
}

export const chartTurns = createChartTurns(
  (callback) => requestAnimationFrame(callback),
  (handle) => cancelAnimationFrame(handle),
);
