import type { LonLat } from '../../../protocol/primitives.ts';
import type { LocalMetres, Xy } from '../../roads/localMetres.ts';
import { createItinerary } from './itinerary.ts';
import { brake, drive, stand, turnTo, type Leg, type Pose } from './legs.ts';
import type { Mover } from './mover.ts';
import { bearingDeg, createPolyline, distanceM, turnDeg, type Polyline } from './polyline.ts';
import type { SeededRandom } from './seededRandom.ts';
import type { Manner } from './speedProfile.ts';

export interface BeatMotionOptions {
  metres: LocalMetres;
  random: SeededRandom;
  startMs: number;
  /** Where it was before this gateway started. */
  before?: Pose | undefined;
  /** The line of its beat, to and fro. */
  beat: readonly LonLat[];
  manner: Manner;
  /** On its beat, and when sent. */
  beatMps: number;
  dutyMps: number;
  /** A pause after each piece of the beat, and how long such a piece is. */
  pauseS: readonly [number, number];
  pieceM: readonly [number, number];
  /** A boat turns before it goes back; a walker just does. */
  turnsFirst: boolean;
  /** The way from where it is, which is its first point; null when there is none. */
  wayTo(from: Xy, target: LonLat, beat: Polyline): Xy[] | null;
}

/** A turn of less needs no manoeuvre. */
const SLIGHT_TURN_DEG = 60;
/** Nearer than this is on the beat. */
const ON_BEAT_M = 1;
const HOLD_S = 60;

/** Goes to and fro along a line with pauses; when sent, to the place, and back to the line when released. */
export function createBeatMotion(options: BeatMotionOptions): Mover {
  const { metres, random, manner, beatMps, dutyMps, startMs } = options;
  const line = createPolyline(options.beat.map((point) => metres.toXy(point)));
  let forwards = random.chance(0.5);

  const along = (points: readonly Xy[], pose: Pose, atMs: number, topMps: number): Leg[] => {
    const legs: Leg[] = [];
    const next = points.find((point) => distanceM(pose, point) > 0.5);
    const headingDeg = next ? bearingDeg(pose, next) : pose.headingDeg;
    if (options.turnsFirst && Math.abs(turnDeg(pose.headingDeg, headingDeg)) > SLIGHT_TURN_DEG) legs.push(turnTo(pose, atMs, headingDeg));
    const leg = drive({ points, topsMps: points.slice(1).map(() => topMps) }, legs.at(-1)?.endMs ?? atMs, 0, manner);
    if (!leg) throw new Error('every way can be entered from a stand');
    return [...legs, leg];
  };
  const pauseAfter = (legs: Leg[]): Leg[] => {
    const end = legs.at(-1)!;
    return [...legs, stand(end.at(end.endMs), end.endMs, random.between(...options.pauseS), end)];
  };

  const stroll = (pose: Pose, atMs: number): Leg[] => {
    const fromM = line.nearestAlongM(pose);
    const foot = line.at(fromM);
    if (distanceM(pose, foot) > ON_BEAT_M) {
      const way = options.wayTo(pose, metres.toLonLat(foot), line);
      return way ? pauseAfter(along([...way, foot], pose, atMs, beatMps)) : [stand(pose, atMs, HOLD_S)];
    }
    if (fromM < 0.5) forwards = true;
    if (fromM > line.lengthM - 0.5) forwards = false;
    const pieceM = random.between(...options.pieceM);
    const toM = forwards ? Math.min(line.lengthM, fromM + pieceM) : Math.max(0, fromM - pieceM);
    const [low, high] = [Math.min(fromM, toM), Math.max(fromM, toM)];
    const between = line.points.filter((_, i) => line.alongM[i]! > low && line.alongM[i]! < high);
    if (!forwards) between.reverse();
    return pauseAfter(along([pose, ...between, line.at(toM)], pose, atMs, beatMps));
  };

  const beginM = random.between(0, line.lengthM);
  const begin: Pose = options.before ?? { ...line.at(beginM), altM: 0, headingDeg: line.headingDegAt(beginM), speedMps: 0 };
  const itinerary = createItinerary(stand(begin, startMs, random.between(0.001, options.pauseS[1])), stroll);
  /** Everything begins with standing still; on foot that takes a step or two. */
  const halt = (pose: Pose, leg: Leg, atMs: number): Leg[] => (pose.speedMps > 0.01 ? [brake(leg, atMs, manner)] : []);

  return {
    pose: itinerary.pose,
    go(target, atMs) {
      let arrivesMs: number | null = null;
      itinerary.change(atMs, (pose, leg) => {
        const legs = halt(pose, leg, atMs);
        const fromMs = legs.at(-1)?.endMs ?? atMs;
        const from = legs.at(-1)?.at(fromMs) ?? pose;
        const way = options.wayTo(from, target, line);
        if (!way) return [...legs, stand(from, fromMs, Infinity)];
        legs.push(...along(way, from, fromMs, dutyMps));
        const end = legs.at(-1)!;
        arrivesMs = end.endMs;
        return [...legs, stand(end.at(end.endMs), end.endMs, Infinity)];
      });
      return arrivesMs;
    },
    hold: (atMs) => itinerary.change(atMs, (pose, leg) => [stand(pose, atMs, Infinity, leg)]),
    release(atMs, leavesMs) {
      itinerary.change(atMs, (pose, leg) => {
        const legs = halt(pose, leg, atMs);
        const fromMs = legs.at(-1)?.endMs ?? atMs;
        return [...legs, stand(legs.at(-1)?.at(fromMs) ?? pose, fromMs, Math.max(1, (leavesMs - fromMs) / 1000))];
      });
    },
    get size() {
      return itinerary.size;
    },
  };
}
