import type { LonLat } from '../../../protocol/primitives.ts';
import type { DroneRoute } from '../../../protocol/town/town.ts';
import type { LocalMetres, Xy } from '../../roads/localMetres.ts';
import { createItinerary } from './itinerary.ts';
import { brake, climb, drive, stand, turnTo, type Leg, type Pose } from './legs.ts';
import type { Mover } from './mover.ts';
import { bearingDeg, distanceM } from './polyline.ts';
import type { SeededRandom } from './seededRandom.ts';
import type { Manner } from './speedProfile.ts';

export interface DroneMotionOptions {
  metres: LocalMetres;
  random: SeededRandom;
  startMs: number;
  dock: LonLat;
  routes: readonly DroneRoute[];
  cruiseMps: number;
  /** Where it was before this gateway started. */
  before?: Pose | undefined;
}

/** Legal ceiling for light drones in uncontrolled airspace (interim regulation on unmanned aircraft, 2024): 120 m. */
const CEILING_M = 120;
const IN_FLIGHT: Manner = { accelMps2: 2, brakeMps2: 2, cornerMps2: 3, crawlMps: 3 };
const CLIMB_MPS = 4;
/** Between two flights: fresh battery and check. */
const RECHARGE_S = [420, 900] as const;

/** Stands in its dock, climbs, flies a route at its height, comes back and recharges. When sent it flies straight and hovers. */
export function createDroneMotion({ metres, random, startMs, dock, routes, cruiseMps, before }: DroneMotionOptions): Mover {
  const home = metres.toXy(dock);
  let turn = 0;

  const fly = (points: readonly Xy[], pose: Pose, atMs: number): Leg[] => {
    const next = points.find((point) => distanceM(pose, point) > 1);
    if (!next) return [];
    const aim = turnTo(pose, atMs, bearingDeg(pose, next));
    const leg = drive({ points: [pose, ...points], topsMps: points.map(() => cruiseMps) }, aim.endMs, 0, IN_FLIGHT, pose.altM);
    if (!leg) throw new Error('every way can be entered from a hover');
    return [aim, leg];
  };
  /** Adds legs one after the other, each from where the last one ends. */
  const chain = (pose: Pose, atMs: number, steps: readonly ((pose: Pose, atMs: number) => Leg[])[]): Leg[] => {
    const legs: Leg[] = [];
    for (const step of steps) {
      const end = legs.at(-1);
      legs.push(...(end ? step(end.at(end.endMs), end.endMs) : step(pose, atMs)));
    }
    return legs;
  };
  const toHeight = (altM: number) => (pose: Pose, atMs: number) =>
    Math.abs(pose.altM - altM) < 0.1 ? [] : [climb(pose, atMs, altM, CLIMB_MPS)];
  const land = [
    (pose: Pose, atMs: number) => fly([home], pose, atMs),
    toHeight(0),
    (pose: Pose, atMs: number) => [stand(pose, atMs, random.between(...RECHARGE_S))],
  ];
  /** Height of flight when it is sent. */
  const dutyAltM = Math.min(CEILING_M, Math.max(...routes.map((route) => route.altM)));

  const patrol = (pose: Pose, atMs: number): Leg[] => {
    // Released somewhere on the way: home first.
    if (distanceM(pose, home) > 2 || pose.altM > 0.1) return chain(pose, atMs, land);
    const route = routes[turn % routes.length]!;
    turn += 1;
    const points = route.line.map((point) => metres.toXy(point));
    return chain(pose, atMs, [toHeight(Math.min(CEILING_M, route.altM)), (from, fromMs) => fly(points, from, fromMs), ...land]);
  };

  const begin: Pose = before ?? { ...home, altM: 0, headingDeg: 0, speedMps: 0 };
  const isAway = begin.altM > 0.1;
  // At least one of several drones is in the air at any time, as a rule.
  const itinerary = createItinerary(stand(begin, startMs, isAway ? 0.001 : random.between(1, RECHARGE_S[0])), patrol);
  const halt = (pose: Pose, leg: Leg, atMs: number): Leg[] =>
    pose.speedMps > 0.01 ? [brake(leg, atMs, IN_FLIGHT)] : [stand(pose, atMs, 0.001)];

  return {
    pose: itinerary.pose,
    go(target, atMs) {
      let arrivesMs = atMs;
      itinerary.change(atMs, (pose, leg) => {
        const legs = chain(pose, atMs, [
          (from, fromMs) => halt(from, leg, fromMs),
          toHeight(dutyAltM),
          (from, fromMs) => fly([metres.toXy(target)], from, fromMs),
        ]);
        const end = legs.at(-1)!;
        arrivesMs = end.endMs;
        return [...legs, stand(end.at(end.endMs), end.endMs, Infinity)];
      });
      return arrivesMs;
    },
    hold: (atMs) => itinerary.change(atMs, (pose) => [stand(pose, atMs, Infinity)]),
    release(atMs, leavesMs) {
      itinerary.change(atMs, (pose, leg) => {
        const legs = halt(pose, leg, atMs);
        const end = legs.at(-1)!;
        return [...legs, stand(end.at(end.endMs), end.endMs, Math.max(0.001, (leavesMs - end.endMs) / 1000))];
      });
    },
    get size() {
      return itinerary.size;
    },
  };
}
