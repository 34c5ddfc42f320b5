import type { LonLat } from '../../protocol/primitives.ts';
import type { Clock } from '../clock.ts';
import type { DeskContext } from './deskContext.ts';
import { distanceM } from './wayTo.ts';

const LOOK_PERIOD_MS = 2000;
/** A receiver is good to some ten metres, and a car stops beside the post, not on it. */
const ARRIVED_M = 40;

/**
 * A unit that moves up has arrived when its position says so: no source has to tell. A post may lie off the road; what counts is the point of
 * the road next to it. @returns a function that stops it.
 */
export function watchPosts({ ledger, fleet, positions, posts, router }: DeskContext, clock: Clock): () => void {
  /** Where a road passes each post. */
  const kerbs = new Map<string, LonLat>();
  const kerbOf = (postId: string, from: LonLat): LonLat | null => {
    const post = posts.get(postId);
    if (!post) return null;
    const known = kerbs.get(postId);
    if (known) return known;
    const place: LonLat = [post.lonDeg, post.latDeg];
    const kerb = router.route(from, place)?.line.at(-1);
    if (kerb) kerbs.set(postId, kerb);
    return kerb ?? place;
  };
  return clock.every(LOOK_PERIOD_MS, () => {
    for (const { unitId, standby } of fleet.movingUp()) {
      const fix = positions.latest(unitId);
      if (!fix || fix.observedAtMs < standby.orderedAtMs) continue;
      const at: LonLat = [fix.lonDeg, fix.latDeg];
      const kerb = kerbOf(standby.postId, at);
      if (!kerb || distanceM(at, kerb) > ARRIVED_M) continue;
      ledger.transact(() => fleet.moveUp(unitId, { ...standby, etaAtMs: null, arrivedAtMs: ledger.nowMs() }));
    }
  });
}
