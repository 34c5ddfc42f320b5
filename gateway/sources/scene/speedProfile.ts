/** What a driver or walker allows himself. */
export interface Manner {
  accelMps2: number;
  brakeMps2: number;
  /** Sideways acceleration in a bend; decides how much one slows down for it. */
  cornerMps2: number;
  /** Nobody takes a corner slower than this. */
  crawlMps: number;
}

export interface SpeedProfile {
  readonly durationS: number;
  /** False when the speed at the start is too high for what comes first: one has to stop before. */
  readonly feasible: boolean;
  /** Way made and speed after `timeS`, which is clamped to the duration. */
  at(timeS: number): { alongM: number; speedMps: number };
}

/** One piece of even acceleration. */
interface Phase {
  timeS: number;
  alongM: number;
  speedMps: number;
  accelMps2: number;
}

/** A turn right at a junction: about the inner radius of a town street corner. */
const TIGHTEST_RADIUS_M = 6;

/**
 * The speed at which a bend is taken: the largest circle that touches both stretches within half of the shorter one.
 * @param turn Change of direction, degrees, 0 is straight on.
 */
export function cornerSpeedMps(turn: number, shorterM: number, { cornerMps2, crawlMps }: Manner): number {
  const half = (Math.abs(turn) * Math.PI) / 360;
  if (half < 0.01) return Infinity;
  if (half > 1.05) return crawlMps;
  const radiusM = Math.max(TIGHTEST_RADIUS_M, shorterM / 2 / Math.tan(half));
  return Math.max(crawlMps, Math.sqrt(cornerMps2 * radiusM));
}

/**
 * The quickest ride along stretches with a top speed each and a limit at each point between them, from `startMps` to a stop.
 * A forward and a backward pass find the speed at each point, then every stretch is speeding up, holding and slowing down.
 * @param limitsMps speed at point i at most; one more than there are stretches, the first and last are not used.
 */
export function createSpeedProfile(
  lengthsM: readonly number[],
  topsMps: readonly number[],
  limitsMps: readonly number[],
  startMps: number,
  { accelMps2, brakeMps2 }: Pick<Manner, 'accelMps2' | 'brakeMps2'>,
): SpeedProfile {
  const count = lengthsM.length;
  const speeds = Array.from({ length: count + 1 }, (_, i) => {
    if (i === count) return 0;
    return i === 0 ? startMps : Math.min(limitsMps[i]!, topsMps[i - 1]!, topsMps[i]!);
  });
  for (let i = count - 1; i >= 0; i -= 1) speeds[i] = Math.min(speeds[i]!, Math.sqrt(speeds[i + 1]! ** 2 + 2 * brakeMps2 * lengthsM[i]!));
  if (count > 0) speeds[0] = Math.min(speeds[0]!, topsMps[0]!);
  // The hair's breadth covers what rounding takes from a ride that was cut and goes on along the same way.
  const feasible = count === 0 ? startMps < 0.1 : speeds[0]! >= startMps - 0.05;
  for (let i = 0; i < count; i += 1) speeds[i + 1] = Math.min(speeds[i + 1]!, Math.sqrt(speeds[i]! ** 2 + 2 * accelMps2 * lengthsM[i]!));

  const phases: Phase[] = [];
  let timeS = 0;
  let alongM = 0;
  const add = (speedMps: number, phaseAccelMps2: number, overM: number, takesS: number): void => {
    if (takesS <= 0) return;
    phases.push({ timeS, alongM, speedMps, accelMps2: phaseAccelMps2 });
    timeS += takesS;
    alongM += overM;
  };
  for (let i = 0; i < count; i += 1) {
    const [v0, v1, lengthM] = [speeds[i]!, speeds[i + 1]!, lengthsM[i]!];
    // Where speeding up from v0 meets slowing down to v1.
    const meetSq = (2 * lengthM * accelMps2 * brakeMps2 + v0 * v0 * brakeMps2 + v1 * v1 * accelMps2) / (accelMps2 + brakeMps2);
    const peak = Math.max(v0, v1, Math.min(topsMps[i]!, Math.sqrt(meetSq)));
    const upM = (peak * peak - v0 * v0) / (2 * accelMps2);
    const downM = (peak * peak - v1 * v1) / (2 * brakeMps2);
    const holdM = Math.max(0, lengthM - upM - downM);
    add(v0, accelMps2, upM, (peak - v0) / accelMps2);
    if (peak > 0) add(peak, 0, holdM, holdM / peak);
    add(peak, -brakeMps2, downM, (peak - v1) / brakeMps2);
  }
  const totalM = lengthsM.reduce((sum, lengthM) => sum + lengthM, 0);

  return {
    durationS: timeS,
    feasible,
    at(atS) {
      if (atS >= timeS || phases.length === 0) return { alongM: totalM, speedMps: 0 };
      const now = Math.max(0, atS);
      let [low, high] = [0, phases.length - 1];
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (phases[middle]!.timeS <= now) low = middle;
        else high = middle - 1;
      }
      const phase = phases[low]!;
      const sinceS = now - phase.timeS;
      return {
        alongM: Math.min(totalM, phase.alongM + (phase.speedMps + (phase.accelMps2 * sinceS) / 2) * sinceS),
        speedMps: Math.max(0, phase.speedMps + phase.accelMps2 * sinceS),
      };
    },
  };
}
