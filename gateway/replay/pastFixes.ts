import type { Fix } from '../../protocol/frames/position.ts';
import type { HeardFix, TrackStore } from '../tracks/trackStore.ts';
import { createPastStream } from './pastStream.ts';

/** The positions of the record from a moment on, as they were heard. */
export function createPastFixes(tracks: Pick<TrackStore, 'fixesBetween'>, recordEndMs: () => number, fromMs: number) {
  let takenMs = fromMs;
  const lists = createPastStream<HeardFix[]>((untilMs) => tracks.fixesBetween(takenMs, untilMs), recordEndMs, fromMs);
  let at = 0;
  return {
    /** The newest fix of each unit that was heard since the last call, up to and at `untilMs`. */
    async until(untilMs: number): Promise<Fix[]> {
      const newest = new Map<string, Fix>();
      for (;;) {
        const list = await lists.peek(untilMs);
        if (!list) break;
        while (at < list.length && list[at]!.heardAtMs <= untilMs) {
          const { fix } = list[at]!;
          const before = newest.get(fix.id);
          if (!before || fix.observedAtMs >= before.observedAtMs) newest.set(fix.id, fix);
          at += 1;
        }
        if (at < list.length) break;
        lists.take();
        at = 0;
      }
      takenMs = untilMs;
      return [...newest.values()];
    },
    dispose: lists.dispose,
  };
}
export type PastFixes = ReturnType<typeof createPastFixes>;
