import { footOn, type Xy } from '../../roads/localMetres.ts';

/** A line in metres with its lengths; `alongM` runs from 0 to `lengthM`. */
export interface Polyline {
  readonly points: readonly Xy[];
  /** Length from the start to each point. */
  readonly alongM: readonly number[];
  readonly lengthM: number;
  at(alongM: number): Xy;
  /** The place on the line that is nearest to a point. */
  nearestAlongM(point: Xy): number;
  /** Index of the stretch that holds the place: between points `i` and `i + 1`. */
  stretchAt(alongM: number): number;
  /** Direction of travel, turning evenly within a few metres of each bend instead of at once. */
  headingDegAt(alongM: number): number;
}

/** Half the way over which a turn is taken. */
const TURN_REACH_M = 6;

export const bearingDeg = (a: Xy, b: Xy): number => ((Math.atan2(b.x - a.x, b.y - a.y) * 180) / Math.PI + 360) % 360;
/** From one heading to another the short way, in [-180, 180). */
export const turnDeg = (from: number, to: number): number => ((((to - from + 180) % 360) + 360) % 360) - 180;
export const distanceM = (a: Xy, b: Xy): number => Math.hypot(b.x - a.x, b.y - a.y);

/** @param points at least one; a point on the one before it is left out. */
export function createPolyline(given: readonly Xy[]): Polyline {
  const points = given.filter((point, i) => i === 0 || distanceM(given[i - 1]!, point) > 0.01);
  const alongM = [0];
  for (let i = 1; i < points.length; i += 1) alongM.push(alongM[i - 1]! + distanceM(points[i - 1]!, points[i]!));
  const lengthM = alongM.at(-1)!;
  const bearings = points.slice(1).map((point, i) => bearingDeg(points[i]!, point));

  const stretchAt = (placeM: number): number => {
    let [low, high] = [0, Math.max(0, points.length - 2)];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (alongM[middle]! <= placeM) low = middle;
      else high = middle - 1;
    }
    return low;
  };

  return {
    points,
    alongM,
    lengthM,
    stretchAt,
    at(placeM) {
      if (points.length === 1) return points[0]!;
      const i = stretchAt(placeM);
      const [a, b] = [points[i]!, points[i + 1]!];
      const share = Math.min(1, Math.max(0, (placeM - alongM[i]!) / (alongM[i + 1]! - alongM[i]!)));
      return { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share };
    },
    nearestAlongM(point) {
      let best = { placeM: 0, offsetM: Infinity };
      for (let i = 0; i + 1 < points.length; i += 1) {
        const { t, offsetM } = footOn(point, points[i]!, points[i + 1]!);
        if (offsetM < best.offsetM) best = { placeM: alongM[i]! + t * (alongM[i + 1]! - alongM[i]!), offsetM };
      }
      return best.placeM;
    },
    headingDegAt(placeM) {
      if (bearings.length === 0) return 0;
      const i = stretchAt(placeM);
      const [startM, endM] = [alongM[i]!, alongM[i + 1]!];
      const reachM = Math.min(TURN_REACH_M, (endM - startM) / 2);
      const own = bearings[i]!;
      const blend = (other: number, reach: number, awayM: number): number => {
        const share = reach > 0 ? Math.max(0, 0.5 - awayM / (2 * reach)) : 0;
        return (own + turnDeg(own, other) * share + 360) % 360;
      };
      if (i > 0 && placeM - startM < reachM) return blend(bearings[i - 1]!, reachM, placeM - startM);
      if (i < bearings.length - 1 && endM - placeM < reachM) return blend(bearings[i + 1]!, reachM, endM - placeM);
      return own;
    },
  };
}
