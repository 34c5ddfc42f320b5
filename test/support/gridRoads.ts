import type { LonLat } from '../../protocol/primitives.ts';
import type { Road, RoadClass } from '../../protocol/town/town.ts';

const WEST_DEG = 120.4;
const SOUTH_DEG = 30.6;
const M_PER_LAT = 110_867;
const M_PER_LON = 95_860;
const SPEED_KMH: Readonly<Record<RoadClass, number>> = { expressway: 100, trunk: 70, county: 60, townMain: 50, street: 40, lane: 20 };

/** A place in the made-up town, metres from its south-west corner. */
export const gridPoint = (eastM: number, northM: number): LonLat => [WEST_DEG + eastM / M_PER_LON, SOUTH_DEG + northM / M_PER_LAT];

/**
 * A made-up town of about `2 * size * (size - 1)` edges: a grid of streets 120 m apart with crooked crossings, a wider road each tenth street, one-way streets in
 * pairs, some stretches left out. The same numbers make the same town.
 * @param random in [0, 1).
 */
export function makeGridRoads(size: number, random: () => number): Road[] {
  const spacingM = 120;
  const shift = Array.from({ length: size }, () => Array.from({ length: size }, () => [random() - 0.5, random() - 0.5] as const));
  const crossing = (i: number, j: number): LonLat => {
    const [dx, dy] = shift[i]![j]!;
    return gridPoint((i + dx * 0.5) * spacingM, (j + dy * 0.5) * spacingM);
  };
  const roads: Road[] = [];
  const lay = (id: string, line: LonLat[], nth: number): void => {
    const roadClass: RoadClass = nth % 10 === 0 ? 'townMain' : nth % 3 === 0 ? 'lane' : 'street';
    const oneWay = roadClass !== 'townMain' && nth % 4 === 1;
    roads.push({
      id,
      name: { zh: id, en: id },
      class: roadClass,
      widthM: 8,
      speedLimitKmh: SPEED_KMH[roadClass],
      oneWay,
      // Neighbouring one-way streets run against each other.
      line: oneWay && nth % 8 === 5 ? line.reverse() : line,
      confidenceM: null,
      source: 'made for tests',
    });
  };
  for (let nth = 0; nth < size; nth += 1) {
    for (const along of ['ew', 'ns'] as const) {
      let line: LonLat[] = [];
      for (let k = 0; k < size; k += 1) {
        line.push(along === 'ew' ? crossing(k, nth) : crossing(nth, k));
        // Now and then a street ends and goes on behind the next crossing.
        if (nth % 10 !== 0 && k < size - 1 && random() < 0.02) {
          if (line.length > 1) lay(`${along}${nth}.${k}`, line, nth);
          line = [];
        }
      }
      if (line.length > 1) lay(`${along}${nth}`, line, nth);
    }
  }
  return roads;
}
