import type { Clock } from '../clock.ts';
import { createReplay } from './createReplay.ts';
import type { ReplayHost } from './createReplay.ts';
import { recordSpan } from './recordSpan.ts';
import type { Replay, Replays } from './replay.ts';

/** Each reads the journal as fast as its rate asks. */
const MAX_REPLAYS = 8;
/** Dragging along the timeline is one look into the past, not a hundred. */
const LOG_PERIOD_MS = 5000;

/** All replays of a gateway: how many may run, and who looked at what. */
export function createReplays(options: Omit<ReplayHost, 'span'> & { clock: Clock }): Replays {
  const { journal, clock } = options;
  const running = new Set<Replay>();
  const span: Replays['span'] = () => recordSpan(journal, clock);
  const host: ReplayHost = { ...options, span };

  return {
    span,
    get running() {
      return running.size;
    },
    create(wire, deskId) {
      if (running.size >= MAX_REPLAYS || span() === null) return null;
      let loggedAtMs = -Infinity;
      const replay = createReplay(host, wire, {
        jumped(atMs, rate) {
          const realMs = performance.now();
          if (realMs - loggedAtMs < LOG_PERIOD_MS) return;
          loggedAtMs = realMs;
          journal.logAccess({ atMs: Math.round(clock.nowMs()), deskId, action: 'replay', detail: { atMs, rate } });
        },
        ended: () => running.delete(replay),
      });
      running.add(replay);
      return replay;
    },
  };
}
