import type { LonLat } from '../../../protocol/primitives.ts';
import type { LocalMetres, Xy } from '../../roads/localMetres.ts';
import type { RoadGraph } from '../../roads/roadGraph.ts';
import { roadSpeedMps, type Pace } from '../../roads/roadSpeed.ts';
import { createItinerary } from './itinerary.ts';
import { brake, drive, stand, turnTo, type Leg, type Pose, type Way } from './legs.ts';
import type { Mover } from './mover.ts';
import { bearingDeg, distanceM, turnDeg } from './polyline.ts';
import type { SeededRandom } from './seededRandom.ts';
import type { Manner } from './speedProfile.ts';

export interface VehicleMotionOptions {
  graph: RoadGraph;
  metres: LocalMetres;
  random: SeededRandom;
  /** From when on its way is known. */
  startMs: number;
  /** Where it drives about; with one place only it waits there. */
  beat: readonly LonLat[];
  /** Where it was before this gateway started. */
  before?: Pose | undefined;
}

/** Comfortable figures for a patrol car in town; on duty quicker, never rough (a car brakes at 7 in an emergency). */
const MANNER: Readonly<Record<Pace, Manner>> = {
  patrol: { accelMps2: 1.3, brakeMps2: 1.6, cornerMps2: 2, crawlMps: 2.2 },
  duty: { accelMps2: 2.2, brakeMps2: 2.6, cornerMps2: 3, crawlMps: 3 },
};
/** Top speed as a share of the limit. Bends, junctions and stops bring the mean down to what `roadSpeedMps` promises. */
const TOP_SHARE: Readonly<Record<Pace, number>> = { patrol: 0.62, duty: 1 };
const unitRoad = { speedLimitKmh: 3.6 };
/** A stretch of a route is given its mean speed; the limit is this much more. */
const limitOf = (meanMps: number, pace: Pace): number => meanMps / roadSpeedMps(unitRoad, 'vehicle', pace);

/** Sharper than this nobody changes direction without stopping. */
const SHARPEST_TURN_DEG = 70;
/** Farther than this from any street means: on an expressway, which routes do not begin on. */
const OFF_STREET_M = 2;
/** On patrol: pause at a place, share of junctions at which it has to wait, and for how long. */
const PAUSE_S = [20, 100] as const;
const WAIT_SHARE = 0.12;
const WAIT_S = [5, 25] as const;
const JUNCTION_TURN_DEG = 45;
/** A patrol goes to about a place, not always to the same metre. */
const ABOUT_M = 180;
/** When no way leads on. */
const HOLD_S = 60;
/** It has been about for up to this long before its way is first asked for, so that not all set off together. */
const WARM_UP_S = 900;

/** Drives on roads only: between the places of its beat, with pauses, or on duty straight to where it is sent. */
export function createVehicleMotion({ graph, metres, random, startMs, beat, before }: VehicleMotionOptions): Mover {
  const xyOf = (point: LonLat): Xy => metres.toXy(point);
  const streetAt = (point: LonLat): Xy & { offsetM: number } => {
    const { lonDeg, latDeg, offsetM } = graph.snap(point);
    return { ...xyOf([lonDeg, latDeg]), offsetM };
  };

  /** On an expressway: the way ahead to the first point that is part of a street, too. */
  const wayOff = (pose: Pose, leg: Leg, atMs: number): Way | null => {
    if (!leg.ride) return null;
    const { line, topsMps } = leg.ride;
    const points: Xy[] = [pose];
    const tops: number[] = [];
    for (let i = line.stretchAt(leg.ride.alongM(atMs)) + 1; i < line.points.length; i += 1) {
      points.push(line.points[i]!);
      tops.push(topsMps[i - 1]!);
      if (streetAt(metres.toLonLat(line.points[i]!)).offsetM <= OFF_STREET_M) return { points, topsMps: tops };
    }
    return null;
  };

  const wayTo = (pose: Pose, leg: Leg, atMs: number, target: LonLat, pace: Pace): Way | null => {
    const onStreet = streetAt(metres.toLonLat(pose)).offsetM <= OFF_STREET_M;
    const off = onStreet ? null : wayOff(pose, leg, atMs);
    if (!onStreet && !off) return null;
    const from = off?.points.at(-1) ?? pose;
    const route = graph.route(metres.toLonLat(from), target, { pace, atMs });
    if (!route) return null;
    const tops = route.speedsMps.map((meanMps) => limitOf(meanMps, pace) * TOP_SHARE[pace]);
    // From exactly where it is: the route begins on the road, which may be some centimetres beside it.
    const [, ...points] = route.line.map(xyOf);
    return off ? { points: [...off.points, ...points], topsMps: [...off.topsMps, ...tops] } : { points: [pose, ...points], topsMps: tops };
  };
  const firstBearing = ({ points }: Way): number | null => {
    const next = points.find((point) => distanceM(points[0]!, point) > 0.5);
    return next ? bearingDeg(points[0]!, next) : null;
  };

  /** The legs to a place from whatever it is doing: straight on where the way allows it, else a stop and a turn first. */
  const legsTo = (pose: Pose, leg: Leg, atMs: number, target: LonLat, pace: Pace): Leg[] | null => {
    const manner = MANNER[pace];
    const way = wayTo(pose, leg, atMs, target, pace);
    if (!way) return null;
    const heading = firstBearing(way);
    const isAhead = heading === null || Math.abs(turnDeg(pose.headingDeg, heading)) <= SHARPEST_TURN_DEG;
    if (pose.speedMps > 0.1) {
      const straightOn = isAhead ? drive(way, atMs, pose.speedMps, manner) : null;
      if (straightOn) return [straightOn];
      const stop = brake(leg, atMs, manner);
      const rest = legsTo(stop.at(stop.endMs), stop, stop.endMs, target, pace);
      return rest && [stop, ...rest];
    }
    const legs: Leg[] = [];
    if (heading !== null && Math.abs(turnDeg(pose.headingDeg, heading)) > 1) legs.push(turnTo(pose, atMs, heading));
    const ride = drive(way, legs.at(-1)?.endMs ?? atMs, 0, manner);
    if (!ride) throw new Error('every way can be entered from a stand');
    legs.push(ride);
    return legs;
  };

  const somewhere = (): LonLat => {
    const { x, y } = xyOf(random.pick(beat));
    const { lonDeg, latDeg } = graph.snap(
      metres.toLonLat({ x: x + random.between(-ABOUT_M, ABOUT_M), y: y + random.between(-ABOUT_M, ABOUT_M) }),
    );
    return [lonDeg, latDeg];
  };

  /** A ride cut at the junctions where it has to wait. */
  const withWaits = (legs: Leg[]): Leg[] => {
    const last = legs.at(-1)!;
    if (!last.ride) return legs;
    const { line, topsMps } = last.ride;
    const cuts: number[] = [];
    for (let i = 1; i < line.points.length - 1; i += 1) {
      const turn = turnDeg(bearingDeg(line.points[i - 1]!, line.points[i]!), bearingDeg(line.points[i]!, line.points[i + 1]!));
      if (Math.abs(turn) > JUNCTION_TURN_DEG && random.chance(WAIT_SHARE)) cuts.push(i);
    }
    if (cuts.length === 0) return legs;
    const made = legs.slice(0, -1);
    let [from, atMs] = [0, last.startMs];
    let speedMps = last.at(atMs).speedMps;
    for (const to of [...cuts, line.points.length - 1]) {
      const ride = drive({ points: line.points.slice(from, to + 1), topsMps: topsMps.slice(from, to) }, atMs, speedMps, MANNER.patrol);
      // Too fast to wait so soon: it goes through.
      if (!ride) return legs;
      made.push(ride);
      if (to < line.points.length - 1) made.push(stand(ride.at(ride.endMs), ride.endMs, random.between(...WAIT_S)));
      [from, atMs, speedMps] = [to, made.at(-1)!.endMs, 0];
    }
    return made;
  };

  const patrol = (pose: Pose, atMs: number, leg: Leg): Leg[] => {
    const legs = beat.length > 1 ? legsTo(pose, leg, atMs, somewhere(), 'patrol') : null;
    if (!legs) return [stand(pose, atMs, HOLD_S, leg)];
    const made = withWaits(legs);
    const end = made.at(-1)!;
    made.push(stand(end.at(end.endMs), end.endMs, random.between(...PAUSE_S), end));
    return made;
  };

  const home = streetAt(before ? metres.toLonLat(before) : beat.length > 1 ? somewhere() : beat[0]!);
  const beganMs = before ? startMs : startMs - random.between(0, WARM_UP_S) * 1000;
  const begin: Pose = { x: home.x, y: home.y, altM: 0, headingDeg: before?.headingDeg ?? random.between(0, 360), speedMps: 0 };
  const itinerary = createItinerary(stand(begin, beganMs, 0.001), patrol);

  return {
    pose: itinerary.pose,
    go(target, atMs) {
      let arrivesMs: number | null = null;
      itinerary.change(atMs, (pose, leg) => {
        const legs = legsTo(pose, leg, atMs, target, 'duty');
        if (!legs) return halted(pose, leg, atMs);
        const end = legs.at(-1)!;
        arrivesMs = end.endMs;
        return [...legs, stand(end.at(end.endMs), end.endMs, Infinity, end)];
      });
      return arrivesMs;
    },
    hold: (atMs) => itinerary.change(atMs, (pose, leg) => [stand(pose, atMs, Infinity, leg)]),
    release(atMs, leavesMs) {
      itinerary.change(atMs, (pose, leg) => {
        if (pose.speedMps < 0.1) return [stand(pose, atMs, Math.max(0.001, (leavesMs - atMs) / 1000), leg)];
        // Home in the manner of a patrol: it may well have to slow down or stop first.
        return legsTo(pose, leg, atMs, somewhere(), 'patrol') ?? [brake(leg, atMs, MANNER.patrol)];
      });
    },
    get size() {
      return itinerary.size;
    },
  };
}

/** No way: it comes to a stop on the way that it was on and waits there for another order. */
function halted(pose: Pose, leg: Leg, atMs: number): Leg[] {
  if (pose.speedMps < 0.1) return [stand(pose, atMs, Infinity, leg)];
  const stop = brake(leg, atMs, MANNER.duty);
  return [stop, stand(stop.at(stop.endMs), stop.endMs, Infinity, stop)];
}
