/** Gives every camera its turn. One timer for all of them; nothing runs while nobody is looking. */
export interface FrameScheduler {
  add(id: string, periodMs: number, paint: (nowMs: number) => void): void;
  remove(id: string): void;
  /** A camera out of view gets no turn. */
  setVisible(id: string, visible: boolean): void;
  /** All of them, e.g. while the document is hidden. */
  setPaused(paused: boolean): void;
  dispose(): void;
}

interface Turn {
  id: string;
  periodMs: number;
  dueMs: number;
  visible: boolean;
  paint: (nowMs: number) => void;
}

export interface SchedulerClock {
  nowMs(): number;
  after(delayMs: number, task: () => void): () => void;
}

const realClock: SchedulerClock = {
  nowMs: () => performance.now(),
  after: (delayMs, task) => {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};

/**
 * At most one camera is painted per wake-up, the one that is most overdue relative to its period: under load every camera slows down
 * alike and none starves, and no wake-up is longer than one picture.
 */
export function createFrameScheduler(clock: SchedulerClock = realClock): FrameScheduler {
  const turns = new Map<string, Turn>();
  let paused = false;
  let cancel: (() => void) | null = null;

  const arm = () => {
    cancel?.();
    cancel = null;
    if (paused) return;
    let soonestMs = Infinity;
    for (const turn of turns.values()) if (turn.visible) soonestMs = Math.min(soonestMs, turn.dueMs);
    if (soonestMs !== Infinity) cancel = clock.after(Math.max(0, soonestMs - clock.nowMs()), wake);
  };
  const wake = () => {
    cancel = null;
    const nowMs = clock.nowMs();
    let next: Turn | null = null;
    for (const turn of turns.values()) {
      if (!turn.visible || turn.dueMs > nowMs) continue;
      if (!next || (nowMs - turn.dueMs) / turn.periodMs > (nowMs - next.dueMs) / next.periodMs) next = turn;
    }
    if (next) {
      // Never earlier than one period from now: time that was lost is not made up by a burst.
      next.dueMs = Math.max(next.dueMs + next.periodMs, nowMs + next.periodMs / 2);
      try {
        next.paint(nowMs);
      } finally {
        arm();
      }
    } else arm();
  };
  return {
    add(id, periodMs, paint) {
      // Neighbours start at different moments, so that their turns stay apart.
      const dueMs = clock.nowMs() + ((turns.size * 7) % 12) * (periodMs / 12);
      turns.set(id, { id, periodMs, dueMs: turns.size === 0 ? clock.nowMs() : dueMs, visible: true, paint });
      arm();
    },
    remove(id) {
      turns.delete(id);
      arm();
    },
    setVisible(id, visible) {
      const turn = turns.get(id);
      if (!turn || turn.visible === visible) return;
      turn.visible = visible;
      turn.dueMs = Math.max(turn.dueMs, clock.nowMs());
      arm();
    },
    setPaused(value) {
      paused = value;
      arm();
    },
    dispose() {
      turns.clear();
      arm();
    },
  };
}
