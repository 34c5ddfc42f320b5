import type { Clock } from '../../gateway/clock.ts';

/** A clock that a test moves by hand; tasks run in order of their time. */
export function createHandClock(startMs: number): Clock & { advance(ms: number): void } {
  let nowMs = startMs;
  let tasks: { atMs: number; run: () => void }[] = [];
  const clock = {
    rate: 1,
    nowMs: () => nowMs,
    after(delayMs: number, run: () => void) {
      const task = { atMs: nowMs + delayMs, run };
      tasks.push(task);
      return () => {
        tasks = tasks.filter((other) => other !== task);
      };
    },
    every(periodMs: number, run: () => void) {
      let cancel = (): void => {};
      const again = (): void => {
        cancel = clock.after(periodMs, () => {
          again();
          run();
        });
      };
      again();
      return () => cancel();
    },
    advance(ms: number) {
      const untilMs = nowMs + ms;
      for (;;) {
        const next = tasks.filter((task) => task.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
        if (!next) break;
        tasks = tasks.filter((task) => task !== next);
        nowMs = next.atMs;
        next.run();
      }
      nowMs = untilMs;
    },
  };
  return clock;
}
