import { createLocalMetres, footOn, type Xy } from '../../../../../gateway/roads/localMetres.ts';
import type { LonLat } from '../../../../../protocol/primitives.ts';
import { wuzhen } from './playScene.ts';

const { town } = wuzhen;
export const metres = createLocalMetres([town.scene.originLonDeg, town.scene.originLatDeg]);
const pieces = town.roads.flatMap((road) => {
  const points = road.line.map((point) => metres.toXy(point));
  return points.slice(1).map((b, i) => ({ a: points[i]!, b, limitMps: road.speedLimitKmh / 3.6 }));
});

/** Pieces by the squares of a grid that they come near to. */
const CELL_M = 200;
const cells = new Map<string, typeof pieces>();
const cellOf = (value: number): number => Math.floor(value / CELL_M);
for (const piece of pieces) {
  const [west, east] = [Math.min(piece.a.x, piece.b.x), Math.max(piece.a.x, piece.b.x)];
  const [south, north] = [Math.min(piece.a.y, piece.b.y), Math.max(piece.a.y, piece.b.y)];
  for (let x = cellOf(west - 5); x <= cellOf(east + 5); x += 1) {
    for (let y = cellOf(south - 5); y <= cellOf(north + 5); y += 1) cells.set(`${x},${y}`, [...(cells.get(`${x},${y}`) ?? []), piece]);
  }
}

/** How far a place is from the nearest road (Infinity when none is in its square), and the highest limit of the roads that it may be on. */
export function roadAt(place: Xy): { offsetM: number; limitMps: number } {
  let offsetM = Infinity;
  let limitMps = 0;
  for (const { a, b, limitMps: limit } of cells.get(`${cellOf(place.x)},${cellOf(place.y)}`) ?? []) {
    const away = footOn(place, a, b).offsetM;
    offsetM = Math.min(offsetM, away);
    if (away < 3) limitMps = Math.max(limitMps, limit);
  }
  return { offsetM, limitMps };
}
export const roadAtLonLat = (point: LonLat) => roadAt(metres.toXy(point));
