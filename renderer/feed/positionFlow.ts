import type { TrackTable } from './trackTable.ts';

/** Slower than a person strolls: a parked vehicle's receiver drifts by less. */
const MOVING_MPS = 0.5;
/** A unit that has not been heard of for this long before the newest one, real ms, is out of reach: it says nothing about the flow. */
const SAME_MOMENT_MS = 30_000;

/**
 * Whether positions still come. Heartbeats and events keep a feed alive whose positions have stopped: every marker then stands still, and
 * nothing but the time since the last one tells it from a town at rest.
 */
export function createPositionFlow(tracks: TrackTable, localNowMs: () => number, clockRate: () => number) {
  let seen = 0;
  let lastAtMs: number | null = null;

  function someMoved(): boolean {
    let newestMs = 0;
    for (const slot of tracks.slots.values()) newestMs = Math.max(newestMs, tracks.observedAtMs[slot]!);
    const sinceMs = newestMs - SAME_MOMENT_MS * Math.max(1, clockRate());
    for (const slot of tracks.slots.values())
      if (tracks.speedMps[slot]! > MOVING_MPS && tracks.observedAtMs[slot]! >= Math.max(1, sinceMs)) return true;
    return false;
  }

  return {
    /** @param fixes all that reached the track table so far. */
    count(fixes: number): void {
      if (fixes !== seen) lastAtMs = localNowMs();
      seen = fixes;
    },
    /** Real ms since a unit was last seen anywhere new; null before the first, and when nothing moved at that time. */
    silentMs: (): number | null => (lastAtMs !== null && someMoved() ? localNowMs() - lastAtMs : null),
  };
}
