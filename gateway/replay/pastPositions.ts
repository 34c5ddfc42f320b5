import type { Fix } from '../../protocol/frames/position.ts';
import type { TrackHistory } from '../journal/trackHistory.ts';

/** Where units have been, as a replay shows it. */
export interface PastPositions {
  /** The newest fix of each of the units at a moment; none older than `MAX_AGE_MS`. */
  at(unitIds: Iterable<string>, atMs: number): Promise<Fix[]>;
  /** The newest fix of each of the units that was observed after `afterMs` and not after `untilMs`. */
  between(unitIds: Iterable<string>, afterMs: number, untilMs: number): Promise<Fix[]>;
}

/** Who has been silent longer is not drawn at the beginning of a replay. */
const MAX_AGE_MS = 15 * 60_000;

/** From the tracks of today that the gateway keeps in memory. They know no height: what flies is drawn at the ground. */
export function pastPositionsOf(tracks: Pick<TrackHistory, 'read'>): PastPositions {
  const newest = (unitIds: Iterable<string>, fromMs: number, untilMs: number): Promise<Fix[]> => {
    const fixes: Fix[] = [];
    for (const id of unitIds) for (const point of tracks.read(id, fromMs, untilMs, 1)) fixes.push({ id, altM: 0, ...point });
    return Promise.resolve(fixes);
  };
  return {
    at: (unitIds, atMs) => newest(unitIds, atMs - MAX_AGE_MS, atMs),
    between: (unitIds, afterMs, untilMs) => newest(unitIds, afterMs + 1, untilMs),
  };
}
