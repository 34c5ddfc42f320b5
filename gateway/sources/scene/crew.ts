import type { Xy } from '../../roads/localMetres.ts';
import { createItinerary } from './itinerary.ts';
import { drive, stand, type Leg, type Pose } from './legs.ts';
import { distanceM } from './polyline.ts';
import type { SeededRandom } from './seededRandom.ts';
import type { Manner } from './speedProfile.ts';

/** Officers of one vehicle or boat. */
export interface Crew {
  readonly memberIds: readonly string[];
  pose(memberId: string, tMs: number): Pose;
  /** The vehicle has arrived: they get out and walk towards the place. */
  stepOut(atMs: number, towards: Xy): void;
  /** They walk back. @returns when the last one is aboard; now, when nobody is out. */
  stepIn(atMs: number): number;
}

const ON_FOOT: Manner = { accelMps2: 0.8, brakeMps2: 1, cornerMps2: 100, crawlMps: 1 };
const STEP_MPS = 1.3;
/** Doors, belts, a word to the other. */
const GET_OUT_S = [2, 5] as const;
/** How far from the vehicle they work: near enough to be back within a quarter of a minute. */
const REACH_M = [5, 14] as const;
const SPREAD_M = 5;

export function createCrew(memberIds: readonly string[], vehicle: (tMs: number) => Pose, startMs: number, random: SeededRandom): Crew {
  const riding = (atMs: number): Leg => ({ startMs: atMs, endMs: Infinity, at: (tMs) => vehicle(tMs) });
  const members = new Map(
    memberIds.map((id) => [
      id,
      { random: random.fork(id), out: false, way: createItinerary(riding(startMs), (_pose, atMs) => [riding(atMs)]) },
    ]),
  );
  const walk = (from: Pose, to: Xy, atMs: number): Leg =>
    // Slow enough to stop at once: nobody is that exact on foot.
    drive({ points: [from, to], topsMps: [STEP_MPS] }, atMs, 0, ON_FOOT)!;

  return {
    memberIds,
    pose(memberId, tMs) {
      const member = members.get(memberId);
      if (!member) throw new Error(`${memberId} is not of this crew`);
      return member.way.pose(tMs);
    },
    stepOut(atMs, towards) {
      for (const member of members.values()) {
        member.out = true;
        member.way.change(atMs, (pose) => {
          const awayM = distanceM(pose, towards);
          const share = awayM > 0.5 ? Math.min(1, member.random.between(...REACH_M) / awayM) : 0;
          const spot: Xy = {
            x: pose.x + (towards.x - pose.x) * share + member.random.between(-SPREAD_M, SPREAD_M),
            y: pose.y + (towards.y - pose.y) * share + member.random.between(-SPREAD_M, SPREAD_M),
          };
          const door = stand(pose, atMs, member.random.between(...GET_OUT_S));
          const way = walk(door.at(door.endMs), spot, door.endMs);
          return [door, way, stand(way.at(way.endMs), way.endMs, Infinity)];
        });
      }
    },
    stepIn(atMs) {
      let aboardMs = atMs;
      for (const member of members.values()) {
        if (!member.out) continue;
        member.out = false;
        member.way.change(atMs, (pose) => {
          const way = walk({ ...pose, speedMps: 0 }, vehicle(atMs), atMs);
          aboardMs = Math.max(aboardMs, way.endMs);
          return [way, riding(way.endMs)];
        });
      }
      return aboardMs;
    },
  };
}
