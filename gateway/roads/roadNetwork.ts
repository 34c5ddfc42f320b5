import RBush from 'rbush';
import type { Road } from '../../protocol/town/town.ts';
import { crossingOf, footOn, type LocalMetres, type Xy } from './localMetres.ts';

/** Points closer than this are one point: roads are drawn to metres, and 1e-6 degree is 11 cm. */
const TOUCH_M = 1.5;

/** A straight piece of road between two nodes. */
export interface Edge {
  from: number;
  to: number;
  road: Road;
  lengthM: number;
  /** How far along its road it begins. */
  startM: number;
}
export interface RoadNetwork {
  nodes: Xy[];
  edges: Edge[];
}
interface Piece {
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
  road: number;
  a: Xy;
  b: Xy;
}

const boxOf = (a: Xy, b: Xy, marginM: number) => ({
  minX: Math.min(a.x, b.x) - marginM,
  minY: Math.min(a.y, b.y) - marginM,
  maxX: Math.max(a.x, b.x) + marginM,
  maxY: Math.max(a.y, b.y) + marginM,
});

/**
 * Roads as nodes and straight edges. Lines that cross or touch are joined there, whether or not they share a vertex.
 * An expressway passes over and under everything: it is joined only at a vertex that it shares with another road, which is how a
 * toll station's ramp is drawn.
 */
export function createRoadNetwork(roads: readonly Road[], metres: LocalMetres): RoadNetwork {
  const lines = roads.map((road) => road.line.map((point) => metres.toXy(point)));
  const pieces = lines.map((line, road) => line.slice(1).map((b, i): Piece => ({ ...boxOf(line[i]!, b, TOUCH_M), road, a: line[i]!, b })));
  const ground = new RBush<Piece>().load(pieces.filter((_, road) => roads[road]!.class !== 'expressway').flat());
  const nodes = createNodes();
  const edges: Edge[] = [];

  const lay = (road: Road, points: readonly Xy[]) => {
    let from = nodes.at(points[0]!);
    let startM = 0;
    for (const point of points.slice(1)) {
      const to = nodes.at(point);
      if (to === from) continue;
      const [a, b] = [nodes.list[from]!, nodes.list[to]!];
      const lengthM = Math.hypot(b.x - a.x, b.y - a.y);
      edges.push({ from, to, road, lengthM, startM });
      startM += lengthM;
      from = to;
    }
  };
  // Vertices first: a crossing next to a vertex becomes that vertex.
  lines.forEach((line, i) => {
    if (roads[i]!.class !== 'expressway') line.forEach(nodes.at);
  });
  roads.forEach((road, i) => {
    if (road.class === 'expressway') return;
    lay(
      road,
      pieces[i]!.flatMap((piece, j) => (j === 0 ? [piece.a] : []).concat(stopsAlong(piece, ground), piece.b)),
    );
  });
  roads.forEach((road, i) => {
    if (road.class === 'expressway') lay(road, lines[i]!);
  });
  return { nodes: nodes.list, edges };
}

/** Where other roads cross or end on a piece, in order from its start. */
function stopsAlong(piece: Piece, ground: RBush<Piece>): Xy[] {
  const stops: number[] = [];
  for (const other of ground.search(piece)) {
    if (other === piece) continue;
    const crossing = crossingOf(piece.a, piece.b, other.a, other.b);
    if (crossing) stops.push(crossing.t);
    for (const end of [other.a, other.b]) {
      const foot = footOn(end, piece.a, piece.b);
      if (foot.offsetM <= TOUCH_M) stops.push(foot.t);
    }
  }
  return stops
    .sort((s, t) => s - t)
    .map((t) => ({ x: piece.a.x + t * (piece.b.x - piece.a.x), y: piece.a.y + t * (piece.b.y - piece.a.y) }));
}

/** Nodes by place; a point within TOUCH_M of a node is that node. */
function createNodes() {
  const list: Xy[] = [];
  const cells = new Map<string, number[]>();
  const cell = (value: number) => Math.floor(value / TOUCH_M);
  const at = (point: Xy): number => {
    const [cx, cy] = [cell(point.x), cell(point.y)];
    let found = -1;
    let nearestM = TOUCH_M;
    for (let i = -1; i <= 1; i += 1) {
      for (let j = -1; j <= 1; j += 1) {
        for (const id of cells.get(`${cx + i},${cy + j}`) ?? []) {
          const awayM = Math.hypot(list[id]!.x - point.x, list[id]!.y - point.y);
          if (awayM <= nearestM) [found, nearestM] = [id, awayM];
        }
      }
    }
    if (found >= 0) return found;
    const key = `${cx},${cy}`;
    cells.set(key, [...(cells.get(key) ?? []), list.length]);
    return list.push(point) - 1;
  };
  return { list, at };
}
