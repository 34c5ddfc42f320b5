import type { Clock } from '../../clock.ts';

/**
 * What will happen, in order of server time. A task that runs late (timers are never exact, and at 60 times the speed they come
 * seconds late) still sees the time for which it was put down, so that a day does not depend on how the timers fell.
 */
export interface Agenda {
  /** Server time; within a task the time for which the task was put down. */
  nowMs(): number;
  /** @returns a function that strikes the task off. */
  at(atMs: number, task: () => void): () => void;
  /** Runs everything that is due. */
  catchUp(): void;
  readonly size: number;
  dispose(): void;
}

interface Entry {
  atMs: number;
  order: number;
  task: () => void;
}

export function createAgenda(clock: Clock): Agenda {
  /** Latest first: the next one is at the end. */
  const entries: Entry[] = [];
  let order = 0;
  let taskMs: number | null = null;
  let armedMs = Infinity;
  let disarm = (): void => {};
  let disposed = false;

  const isLater = (a: Entry, b: Entry): boolean => a.atMs > b.atMs || (a.atMs === b.atMs && a.order > b.order);

  const arm = (): void => {
    const nextMs = disposed ? Infinity : (entries.at(-1)?.atMs ?? Infinity);
    if (nextMs === armedMs) return;
    disarm();
    disarm = () => {};
    armedMs = nextMs;
    if (nextMs === Infinity) return;
    disarm = clock.after(Math.max(0, nextMs - clock.nowMs()), () => {
      armedMs = Infinity;
      disarm = () => {};
      catchUp();
    });
  };

  const catchUp = (): void => {
    // A task that looks at the time causes no second round inside the first.
    if (taskMs !== null) return;
    try {
      for (let entry = entries.at(-1); entry && entry.atMs <= clock.nowMs(); entry = entries.at(-1)) {
        entries.pop();
        taskMs = entry.atMs;
        entry.task();
      }
    } finally {
      taskMs = null;
      arm();
    }
  };

  return {
    nowMs: () => taskMs ?? clock.nowMs(),
    at(atMs, task) {
      if (disposed) return () => {};
      const entry: Entry = { atMs, order: (order += 1), task };
      let [low, high] = [0, entries.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (isLater(entries[middle]!, entry)) low = middle + 1;
        else high = middle;
      }
      entries.splice(low, 0, entry);
      if (taskMs === null) arm();
      return () => {
        const index = entries.indexOf(entry);
        if (index < 0) return;
        entries.splice(index, 1);
        if (taskMs === null) arm();
      };
    },
    catchUp,
    get size() {
      return entries.length;
    },
    dispose() {
      disposed = true;
      entries.length = 0;
      arm();
    },
  };
}
