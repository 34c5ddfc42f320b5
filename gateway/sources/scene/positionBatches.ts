import type { Fix } from '../../../protocol/frames/position.ts';
import type { LocalMetres } from '../../roads/localMetres.ts';
import type { Pose } from './legs.ts';
import type { SceneUnit } from './sceneUnits.ts';
import type { SeededRandom } from './seededRandom.ts';

/** A terminal's fix is this old when it gets here: positioning, radio, network. It keeps its own delay. */
const AGE_MS = [40, 450] as const;
/** Who stands is heard this often. */
const STILL_PERIOD_MS = 10_000;
const STILL_MPS = 0.05;
const STILL_DEG = 0.5;
const STILL_M = 0.2;

interface Sender {
  unit: SceneUnit;
  ageMs: number;
  sentMs: number;
  last: Pose | null;
  moved: boolean;
}

const hasMoved = (a: Pose, b: Pose): boolean =>
  b.speedMps > STILL_MPS || Math.abs(a.altM - b.altM) > STILL_M || Math.abs(a.headingDeg - b.headingDeg) > STILL_DEG;
const rounded = (value: number, perUnit: number): number => Math.round(value * perUnit) / perUnit;

/** What the terminals of all units send: those that move each time, one more when they have stopped, and every ten seconds when they stand. */
export function createPositionBatches(units: readonly SceneUnit[], metres: LocalMetres, random: SeededRandom) {
  const senders = units.map((unit): Sender => {
    const ageMs = Math.round(random.fork(`delay/${unit.fact.id}`).between(...AGE_MS));
    return { unit, ageMs, sentMs: -Infinity, last: null, moved: false };
  });
  return {
    /** The fixes that have come in by this time. @param ofAll Also of those that stand and were heard lately. */
    at(nowMs: number, ofAll = false): Fix[] {
      const fixes: Fix[] = [];
      for (const sender of senders) {
        const observedAtMs = Math.floor(nowMs) - sender.ageMs;
        const pose = sender.unit.pose(observedAtMs);
        const moves = sender.last === null || hasMoved(sender.last, pose);
        const isDue = nowMs - sender.sentMs >= STILL_PERIOD_MS;
        const sends = moves || sender.moved || isDue || ofAll;
        sender.moved = moves;
        sender.last = pose;
        if (!sends) continue;
        sender.sentMs = nowMs;
        const [lonDeg, latDeg] = metres.toLonLat(pose);
        fixes.push({
          id: sender.unit.fact.id,
          lonDeg,
          latDeg,
          altM: rounded(pose.altM, 10),
          headingDeg: rounded(pose.headingDeg, 10) % 360,
          speedMps: rounded(pose.speedMps, 100),
          observedAtMs,
        });
      }
      return fixes;
    },
  };
}
