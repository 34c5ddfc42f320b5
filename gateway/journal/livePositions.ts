import type { Fix } from '../../protocol/frames/position.ts';
import { quantiseFix } from '../tracks/quantiseFix.ts';

/** A fix may be this far ahead of server time: clocks in the field are never exact (rule P-07). */
const MAX_FUTURE_MS = 5000;

export type FixRefusal = 'unknownUnit' | 'badField' | 'future' | 'old';
export interface RefusedFix {
  readonly unitId: string;
  readonly reason: FixRefusal;
}

export interface LivePosition {
  readonly fix: Fix;
  /** Grows with every accepted fix of any unit: readers remember where they were and ask for what is newer. */
  readonly version: number;
}

export interface LivePositions {
  readonly version: number;
  readonly refused: Readonly<Record<FixRefusal, number>>;
  readonly accepted: number;
  /** Units that have a position. */
  readonly units: number;
  /** Takes the fixes that rule P-07 allows, counts the others. @returns the others. */
  accept(fixes: readonly Fix[], nowMs: number): readonly RefusedFix[];
  latest(unitId: string): Fix | undefined;
  /** The newest fix of every unit that moved on after `version`. */
  after(version: number): Fix[];
}

const inside = (value: number, low: number, high: number): boolean => value >= low && value <= high;

/** Plain comparisons instead of a schema: this runs for every fix, and NaN fails every one of them. */
const wellFormed = (fix: Fix): boolean =>
  inside(fix.lonDeg, -180, 180) &&
  inside(fix.latDeg, -90, 90) &&
  inside(fix.altM, -500, 20_000) &&
  fix.headingDeg >= 0 &&
  fix.headingDeg < 360 &&
  inside(fix.speedMps, 0, 500) &&
  inside(fix.observedAtMs, 0, 4_102_444_800_000);

/**
 * The newest fix of each unit. Bounded by the number of known units.
 * @param isKnown Whether a unit exists: a fix without one is refused.
 * @param onFix Called for each accepted fix, and for each that is only too old to be shown, brought to the steps of the track store.
 */
export function createLivePositions(
  isKnown: (unitId: string) => boolean,
  onFix: (fix: Fix, nowMs: number) => void = () => {},
): LivePositions {
  const newest = new Map<string, LivePosition>();
  const refused: Record<FixRefusal, number> = { unknownUnit: 0, badField: 0, future: 0, old: 0 };
  let version = 0;
  let accepted = 0;

  const refusalOf = (fix: Fix, nowMs: number): FixRefusal | null => {
    if (!isKnown(fix.id)) return 'unknownUnit';
    if (!wellFormed(fix)) return 'badField';
    if (fix.observedAtMs > nowMs + MAX_FUTURE_MS) return 'future';
    const last = newest.get(fix.id);
    if (last && fix.observedAtMs < last.fix.observedAtMs) return 'old';
    return null;
  };

  return {
    get version() {
      return version;
    },
    get accepted() {
      return accepted;
    },
    get units() {
      return newest.size;
    },
    refused,
    accept(fixes, nowMs) {
      const others: RefusedFix[] = [];
      for (const fix of fixes) {
        const refusal = refusalOf(fix, nowMs);
        if (refusal) {
          refused[refusal] += 1;
          others.push({ unitId: fix.id, reason: refusal });
          // A terminal that was in a blind area tells later where it was: no news for a wall, and still where it was.
          if (refusal === 'old') onFix(quantiseFix(fix), nowMs);
          continue;
        }
        version += 1;
        accepted += 1;
        // A copy: sources may reuse their objects from tick to tick. What is live is what the tracks keep.
        const kept = quantiseFix(fix);
        newest.set(fix.id, { fix: kept, version });
        onFix(kept, nowMs);
      }
      return others;
    },
    latest: (unitId) => newest.get(unitId)?.fix,
    after(since) {
      const moved: Fix[] = [];
      for (const position of newest.values()) if (position.version > since) moved.push(position.fix);
      return moved;
    },
  };
}
