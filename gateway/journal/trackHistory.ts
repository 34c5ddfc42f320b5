import type { Fix } from '../../protocol/frames/position.ts';

export interface TrackPoint {
  lonDeg: number;
  latDeg: number;
  headingDeg: number;
  speedMps: number;
  observedAtMs: number;
}

export interface TrackHistory {
  add(fix: Fix): void;
  /** Oldest first. When more than `limit` points lie in the span, evenly thinned ones, first and last included. */
  read(unitId: string, fromMs: number, toMs: number, limit: number): TrackPoint[];
  units(): string[];
  readonly points: number;
}

const COLUMNS = 5;
/** Standing still is told once in this time, so that a track shows that the unit was heard. */
const STILL_PERIOD_MS = 60_000;
/** Moves below the noise of a receiver count as standing still; degrees of latitude, about 3 m. */
const STILL_DEG = 0.00003;

/** One unit: a ring of rows in one typed array that doubles until it reaches its bound. 40 bytes a point. */
function createTrack(maxPoints: number) {
  let rows = new Float64Array(256 * COLUMNS);
  let capacity = 256;
  let start = 0;
  let count = 0;
  const at = (index: number): number => ((start + index) % capacity) * COLUMNS;
  const grow = (): void => {
    const larger = new Float64Array(Math.min(maxPoints, capacity * 2) * COLUMNS);
    for (let i = 0; i < count; i++) larger.set(rows.subarray(at(i), at(i) + COLUMNS), i * COLUMNS);
    rows = larger;
    capacity = larger.length / COLUMNS;
    start = 0;
  };
  const point = (index: number): TrackPoint => {
    const row = at(index);
    return {
      lonDeg: rows[row]!,
      latDeg: rows[row + 1]!,
      headingDeg: rows[row + 2]!,
      speedMps: rows[row + 3]!,
      observedAtMs: rows[row + 4]!,
    };
  };
  /** How many points, from the oldest on, satisfy a condition that holds for a prefix. */
  const countWhile = (holds: (observedAtMs: number) => boolean): number => {
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (holds(rows[at(middle) + 4]!)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    count: () => count,
    last: (): TrackPoint | null => (count ? point(count - 1) : null),
    add(fix: Fix): boolean {
      if (count === capacity && capacity < maxPoints) grow();
      const full = count === capacity;
      if (full) start = (start + 1) % capacity;
      else count += 1;
      rows.set([fix.lonDeg, fix.latDeg, fix.headingDeg, fix.speedMps, fix.observedAtMs], at(count - 1));
      return !full;
    },
    read(fromMs: number, toMs: number, limit: number): TrackPoint[] {
      const first = countWhile((observedAtMs) => observedAtMs < fromMs);
      const total = countWhile((observedAtMs) => observedAtMs <= toMs) - first;
      if (total <= 0 || limit <= 0) return [];
      if (total <= limit) return Array.from({ length: total }, (_, i) => point(first + i));
      if (limit === 1) return [point(first + total - 1)];
      return Array.from({ length: limit }, (_, i) => point(first + Math.round((i * (total - 1)) / (limit - 1))));
    },
  };
}

/**
 * Where every unit has been, for the query `track`: a point each `periodMs` while it moves, one a minute while it stands.
 * @param options.maxPoints Most points of one unit; 17,280 are 24 h at one in 5 s. @param options.maxUnits Most units.
 */
export function createTrackHistory(options: { periodMs?: number; maxPoints?: number; maxUnits?: number } = {}): TrackHistory {
  const { periodMs = 5000, maxPoints = 17_280, maxUnits = 5000 } = options;
  const tracks = new Map<string, ReturnType<typeof createTrack>>();
  let points = 0;
  return {
    get points() {
      return points;
    },
    add(fix) {
      let track = tracks.get(fix.id);
      if (!track) {
        if (tracks.size >= maxUnits) return;
        tracks.set(fix.id, (track = createTrack(maxPoints)));
      }
      const last = track.last();
      if (last) {
        const sinceMs = fix.observedAtMs - last.observedAtMs;
        const still = Math.abs(fix.latDeg - last.latDeg) < STILL_DEG && Math.abs(fix.lonDeg - last.lonDeg) < STILL_DEG;
        if (sinceMs < (still ? STILL_PERIOD_MS : periodMs)) return;
      }
      if (track.add(fix)) points += 1;
    },
    units: () => [...tracks.keys()],
    read: (unitId, fromMs, toMs, limit) => tracks.get(unitId)?.read(fromMs, toMs, limit) ?? [],
  };
}
