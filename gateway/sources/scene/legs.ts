import type { Xy } from '../../roads/localMetres.ts';
import { createPolyline, turnDeg, type Polyline } from './polyline.ts';
import { cornerSpeedMps, createSpeedProfile, type Manner } from './speedProfile.ts';

/** Where something is and how it moves; metres in the town's local frame. */
export interface Pose extends Xy {
  altM: number;
  headingDeg: number;
  speedMps: number;
}

/**
 * A piece of a way through time. It is a formula, not a simulation: the pose at a time does not depend on how often one looks,
 * so one day looks the same at any tick and at any speed of the clock.
 */
export interface Leg {
  readonly startMs: number;
  /** Infinity: until something else is ordered. */
  endMs: number;
  at(tMs: number): Pose;
  /** The line that it moves along, or on which it came to stand. */
  readonly ride?: Ride | undefined;
}

/** What is needed to stop on the way or to take another. */
export interface Ride {
  readonly line: Polyline;
  /** Top speed of each stretch of the line. */
  readonly topsMps: readonly number[];
  alongM(tMs: number): number;
}

/** A way to go: points and the top speed of each stretch between them. */
export interface Way {
  points: readonly Xy[];
  topsMps: readonly number[];
}

/** A full turn on the spot takes a driver about eight seconds. */
const TURN_DEG_PER_S = 45;

/** Stands where it is. @param forS seconds, or Infinity. @param after the leg that brought it here: it may go on along that line. */
export function stand(pose: Pose, startMs: number, forS: number, after?: Leg): Leg {
  const still: Pose = { ...pose, speedMps: 0 };
  const alongM = after?.ride?.alongM(startMs) ?? 0;
  return {
    startMs,
    endMs: startMs + forS * 1000,
    at: () => ({ ...still }),
    ride: after?.ride && { ...after.ride, alongM: () => alongM },
  };
}

/** Turns on the spot: a three-point turn, seen from far above. */
export function turnTo(pose: Pose, startMs: number, headingDeg: number): Leg {
  const byDeg = turnDeg(pose.headingDeg, headingDeg);
  const takesMs = (Math.abs(byDeg) / TURN_DEG_PER_S) * 1000;
  return {
    startMs,
    endMs: startMs + takesMs,
    at(tMs) {
      const share = takesMs > 0 ? Math.min(1, Math.max(0, (tMs - startMs) / takesMs)) : 1;
      return { ...pose, speedMps: 0, headingDeg: (pose.headingDeg + byDeg * share + 360) % 360 };
    },
  };
}

/** Climbs or sinks on the spot. */
export function climb(pose: Pose, startMs: number, toAltM: number, rateMps: number): Leg {
  const takesMs = (Math.abs(toAltM - pose.altM) / rateMps) * 1000;
  return {
    startMs,
    endMs: startMs + takesMs,
    at(tMs) {
      const share = takesMs > 0 ? Math.min(1, Math.max(0, (tMs - startMs) / takesMs)) : 1;
      return { ...pose, speedMps: 0, altM: pose.altM + (toAltM - pose.altM) * share };
    },
  };
}

/** Along a line from its start to a stop at its end. @returns null when it enters too fast to do so. */
export function drive(way: Way, startMs: number, startMps: number, manner: Manner, altM = 0): Leg | null {
  const line = createPolyline(way.points);
  const kept = keptTops(way, line);
  const lengthsM = line.alongM.slice(1).map((endM, i) => endM - line.alongM[i]!);
  const limitsMps = line.points.map((_, i) => {
    if (i === 0 || i >= lengthsM.length) return Infinity;
    const turn = turnDeg(directionDeg(line, i - 1), directionDeg(line, i));
    return cornerSpeedMps(turn, Math.min(lengthsM[i - 1]!, lengthsM[i]!), manner);
  });
  const profile = createSpeedProfile(lengthsM, kept, limitsMps, startMps, manner);
  if (!profile.feasible) return null;
  return ride(line, kept, startMs, 0, profile, altM);
}

/** Slows down to a stop along the line that it moves on. */
export function brake(leg: Leg, atMs: number, manner: Manner): Leg {
  if (!leg.ride) throw new Error('what moves is on a line');
  const { line, topsMps } = leg.ride;
  const { speedMps, altM } = leg.at(atMs);
  const fromM = leg.ride.alongM(atMs);
  // It can always stop before the end, because that is where it was going to stop.
  const overM = Math.min(line.lengthM - fromM, speedMps ** 2 / (2 * manner.brakeMps2));
  const brakeMps2 = overM > 0 ? speedMps ** 2 / (2 * overM) : manner.brakeMps2;
  const profile = createSpeedProfile([overM], [speedMps], [speedMps, 0], speedMps, { accelMps2: 1, brakeMps2 });
  return ride(line, topsMps, atMs, fromM, profile, altM);
}

function ride(
  line: Polyline,
  topsMps: readonly number[],
  startMs: number,
  fromM: number,
  profile: ReturnType<typeof createSpeedProfile>,
  altM: number,
): Leg {
  const seconds = (tMs: number): number => (tMs - startMs) / 1000;
  return {
    startMs,
    endMs: startMs + profile.durationS * 1000,
    at(tMs) {
      const { alongM, speedMps } = profile.at(seconds(tMs));
      const { x, y } = line.at(fromM + alongM);
      return { x, y, altM, speedMps, headingDeg: line.headingDegAt(fromM + alongM) };
    },
    ride: { line, topsMps, alongM: (tMs) => fromM + profile.at(seconds(tMs)).alongM },
  };
}

const directionDeg = (line: Polyline, stretch: number): number =>
  line.headingDegAt((line.alongM[stretch]! + line.alongM[stretch + 1]!) / 2);

/** Top speeds of the stretches that are left when points that fall together are. */
function keptTops(way: Way, line: Polyline): number[] {
  const kept: number[] = [];
  let next = 0;
  way.points.forEach((point, i) => {
    if (point !== line.points[next]) return;
    if (next > 0) kept.push(way.topsMps[i - 1]!);
    next += 1;
  });
  return kept;
}
