import RBush from 'rbush';
import { footOn, type Xy } from './localMetres.ts';
import type { RoadNetwork } from './roadNetwork.ts';

/** A point of a road: on edge `edge`, the share `t` of the way from its start. */
export interface Foot extends Xy {
  edge: number;
  t: number;
  offsetM: number;
}

interface EdgeBox {
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
  edge: number;
}

/** Where a search for the nearest road begins; it doubles until a road is found. */
const FIRST_SEARCH_M = 60;
export const WIDEST_SEARCH_M = 200_000;

/** @returns what finds the nearest point of a road that is no expressway, or null where none is within 200 km. About 10 µs. */
export function createRoadIndex({ nodes, edges }: RoadNetwork): (point: Xy) => Foot | null {
  const boxes: EdgeBox[] = [];
  edges.forEach(({ from, to, road }, edge) => {
    if (road.class === 'expressway') return;
    const [a, b] = [nodes[from]!, nodes[to]!];
    boxes.push({ minX: Math.min(a.x, b.x), minY: Math.min(a.y, b.y), maxX: Math.max(a.x, b.x), maxY: Math.max(a.y, b.y), edge });
  });
  const index = new RBush<EdgeBox>().load(boxes);

  return (p) => {
    for (let reachM = FIRST_SEARCH_M; reachM <= WIDEST_SEARCH_M; reachM *= 2) {
      let best: Foot | null = null;
      for (const { edge } of index.search({ minX: p.x - reachM, minY: p.y - reachM, maxX: p.x + reachM, maxY: p.y + reachM })) {
        const { from, to } = edges[edge]!;
        const foot = footOn(p, nodes[from]!, nodes[to]!);
        if (foot.offsetM <= reachM && (!best || foot.offsetM < best.offsetM)) best = { ...foot, edge };
      }
      if (best) return best;
    }
    return null;
  };
}
