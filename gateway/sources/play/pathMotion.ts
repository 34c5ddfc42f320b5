import type { LonLat } from '../../../protocol/primitives.ts';

/** Length of one step of the simulated world. Fixed, so that a day looks the same at any time scale and tick. */
export const STEP_S = 0.25;

export interface Pose {
  lonDeg: number;
  latDeg: number;
  /** Clockwise from true north, in [0, 360). */
  headingDeg: number;
  speedMps: number;
}

export interface MotionLimits {
  accelerationMps2: number;
  brakingMps2: number;
  /** Fastest through a right-angled bend. */
  cornerMps: number;
}
export const VEHICLE_LIMITS: MotionLimits = { accelerationMps2: 2.2, brakingMps2: 2.8, cornerMps: 5 };
export const WALK_LIMITS: MotionLimits = { accelerationMps2: 1, brakingMps2: 1.5, cornerMps: 1 };

const EARTH_M_PER_DEG = 111_320;

/**
 * Moves along a line with bounded acceleration: slows down for bends before it reaches them and stops at the end.
 * `speedsMps[i]` is the speed aimed at between point i and i + 1.
 */
export interface PathMotion {
  /** One step of `STEP_S`. */
  step(): void;
  pose(): Pose;
  readonly lengthM: number;
  readonly leftM: number;
  /** Seconds to the end at the speeds aimed at, braking and bends included. */
  readonly leftS: number;
  readonly done: boolean;
}

export function createPathMotion(
  line: readonly LonLat[],
  speedsMps: readonly number[],
  limits: MotionLimits,
  start: { speedMps?: number; headingDeg?: number } = {},
): PathMotion {
  const kx = EARTH_M_PER_DEG * Math.cos(((line[0]?.[1] ?? 0) * Math.PI) / 180);
  const segments: { a: LonLat; b: LonLat; lengthM: number; headingDeg: number; speedMps: number; fromM: number }[] = [];
  let lengthM = 0;
  for (let i = 0; i + 1 < line.length; i++) {
    const [a, b] = [line[i]!, line[i + 1]!];
    const [dx, dy] = [(b[0] - a[0]) * kx, (b[1] - a[1]) * EARTH_M_PER_DEG];
    const segmentM = Math.hypot(dx, dy);
    if (segmentM < 0.05) continue;
    const headingDeg = ((((Math.atan2(dx, dy) * 180) / Math.PI) % 360) + 360) % 360;
    segments.push({ a, b, lengthM: segmentM, headingDeg, speedMps: speedsMps[Math.min(i, speedsMps.length - 1)] ?? 1, fromM: lengthM });
    lengthM += segmentM;
  }
  // Fastest at the end of each segment: the bend there, and braking distance to every slower point after it (backward pass).
  const endMps = segments.map(() => 0);
  for (let i = segments.length - 2; i >= 0; i--) {
    const [here, next] = [segments[i]!, segments[i + 1]!];
    const turnDeg = Math.abs(((next.headingDeg - here.headingDeg + 540) % 360) - 180);
    const bend = turnDeg < 12 ? Infinity : limits.cornerMps * Math.max(0.35, 1 + (90 - turnDeg) / 60);
    const brake = Math.sqrt(endMps[i + 1]! ** 2 + 2 * limits.brakingMps2 * next.lengthM);
    endMps[i] = Math.min(bend, brake, here.speedMps, next.speedMps);
  }

  const first = segments[0];
  let at = 0;
  let speedMps = Math.min(start.speedMps ?? 0, first?.speedMps ?? 0);
  let atM = 0;
  let headingDeg = first?.headingDeg ?? start.headingDeg ?? 0;

  /** Seconds for a stretch that begins at `v0`, may reach `top` and ends at `v1`. */
  const stretchS = (distanceM: number, v0: number, top: number, v1: number): number => {
    const up = Math.max(0, (top * top - v0 * v0) / (2 * limits.accelerationMps2));
    const down = Math.max(0, (top * top - v1 * v1) / (2 * limits.brakingMps2));
    if (up + down <= distanceM)
      return (top - v0) / limits.accelerationMps2 + (top - v1) / limits.brakingMps2 + (distanceM - up - down) / top;
    const share = distanceM / (up + down || 1);
    const peak = Math.max(v0, v1, Math.sqrt(v0 * v0 + (top * top - v0 * v0) * share), 0.2);
    return (2 * distanceM) / Math.max(0.4, (v0 + v1) / 2 + peak);
  };

  return {
    lengthM,
    get leftM() {
      return Math.max(0, lengthM - atM);
    },
    get done() {
      return at >= segments.length;
    },
    get leftS() {
      let total = 0;
      let v = speedMps;
      for (let i = at; i < segments.length; i++) {
        const segment = segments[i]!;
        const distanceM = i === at ? segment.fromM + segment.lengthM - atM : segment.lengthM;
        total += stretchS(distanceM, v, Math.max(segment.speedMps, v), endMps[i]!);
        v = endMps[i]!;
      }
      return total;
    },
    step() {
      const segment = segments[at];
      if (!segment) {
        speedMps = 0;
        return;
      }
      const aheadM = segment.fromM + segment.lengthM - atM;
      const allowed = Math.sqrt(endMps[at]! ** 2 + 2 * limits.brakingMps2 * Math.max(0, aheadM - speedMps * STEP_S));
      const wanted = Math.min(segment.speedMps, allowed);
      const next =
        wanted > speedMps
          ? Math.min(wanted, speedMps + limits.accelerationMps2 * STEP_S)
          : Math.max(wanted, speedMps - limits.brakingMps2 * 1.2 * STEP_S);
      // Creeps over the last centimetres instead of approaching the end for ever.
      speedMps = Math.max(next, 0.3);
      atM += speedMps * STEP_S;
      while (at < segments.length && atM >= segments[at]!.fromM + segments[at]!.lengthM) at += 1;
      const now = segments[at] ?? segments.at(-1)!;
      headingDeg = now.headingDeg;
      if (at >= segments.length) {
        atM = lengthM;
        speedMps = 0;
      }
    },
    pose() {
      const segment = segments[at] ?? segments.at(-1);
      if (!segment) {
        const [lonDeg, latDeg] = line[0] ?? [0, 0];
        return { lonDeg, latDeg, headingDeg, speedMps: 0 };
      }
      const t = Math.min(1, Math.max(0, (atM - segment.fromM) / segment.lengthM));
      return {
        lonDeg: segment.a[0] + (segment.b[0] - segment.a[0]) * t,
        latDeg: segment.a[1] + (segment.b[1] - segment.a[1]) * t,
        headingDeg,
        speedMps,
      };
    },
  };
}
