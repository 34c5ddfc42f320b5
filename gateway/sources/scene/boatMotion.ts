import { createBeatMotion, type BeatMotionOptions } from './beatMotion.ts';
import type { Mover } from './mover.ts';
import type { Manner } from './speedProfile.ts';

/** A small patrol boat under load. */
const AFLOAT: Manner = { accelMps2: 0.4, brakeMps2: 0.5, cornerMps2: 0.6, crawlMps: 1 };
/** When it is in a hurry; wash is what limits it in a canal between stone banks. */
const DUTY_FACTOR = 1.6;

/** Runs its stretch of canal to and fro; when sent, along the canal to the point nearest to the place. */
export function createBoatMotion({
  cruiseMps,
  ...given
}: Pick<BeatMotionOptions, 'metres' | 'random' | 'startMs' | 'beat' | 'before'> & { cruiseMps: number }): Mover {
  const { metres } = given;
  return createBeatMotion({
    ...given,
    manner: AFLOAT,
    beatMps: cruiseMps,
    dutyMps: cruiseMps * DUTY_FACTOR,
    pauseS: [30, 150],
    pieceM: [700, 2500],
    turnsFirst: true,
    wayTo(from, target, line) {
      const fromM = line.nearestAlongM(from);
      const toM = line.nearestAlongM(metres.toXy(target));
      const [low, high] = [Math.min(fromM, toM), Math.max(fromM, toM)];
      const between = line.points.filter((_, i) => line.alongM[i]! > low && line.alongM[i]! < high);
      if (toM < fromM) between.reverse();
      return [from, ...between, line.at(toM)];
    },
  });
}
