import type { Fix } from '../../protocol/frames/position.ts';
import type { LonLat } from '../../protocol/primitives.ts';
import { distanceM } from '../desk/wayTo.ts';

export interface HeardFix {
  at: LonLat;
  observedAtMs: number;
  headingDeg: number | null;
  speedMps: number | null;
}

/** Below this a receiver at rest wanders: it tells nothing about a direction. */
const LEAST_WAY_M = 3;
/** Two fixes further apart than this say nothing about the speed between them. */
const MOST_GAP_MS = 60_000;
/** Above this it was a jump of the receiver, not a drive. */
const MOST_MPS = 90;
const RAD = Math.PI / 180;

/** Initial bearing on the sphere, clockwise from true north, in [0, 360). */
function bearingDeg([lonA, latA]: LonLat, [lonB, latB]: LonLat): number {
  const y = Math.sin((lonB - lonA) * RAD) * Math.cos(latB * RAD);
  const x = Math.cos(latA * RAD) * Math.sin(latB * RAD) - Math.sin(latA * RAD) * Math.cos(latB * RAD) * Math.cos((lonB - lonA) * RAD);
  const bearing = (Math.atan2(y, x) / RAD + 360) % 360;
  return bearing === 360 ? 0 : bearing;
}

/** What a device leaves out of a fix: the direction and speed in which it moved since its last one. */
export function fillMotion(
  last: Fix | undefined,
  { at, observedAtMs, headingDeg, speedMps }: HeardFix,
): { headingDeg: number; speedMps: number } {
  if (headingDeg !== null && speedMps !== null) return { headingDeg, speedMps };
  if (!last) return { headingDeg: headingDeg ?? 0, speedMps: speedMps ?? 0 };
  const from: LonLat = [last.lonDeg, last.latDeg];
  const wayM = distanceM(from, at);
  const gapMs = observedAtMs - last.observedAtMs;
  const mps = gapMs > 0 && gapMs <= MOST_GAP_MS ? (wayM / gapMs) * 1000 : 0;
  return {
    headingDeg: headingDeg ?? (wayM >= LEAST_WAY_M ? bearingDeg(from, at) : last.headingDeg),
    speedMps: speedMps ?? (mps <= MOST_MPS ? mps : 0),
  };
}
