import type { RoadNetwork } from './roadNetwork.ts';
import { roadSpeedMps, type Pace, type TravelKind } from './roadSpeed.ts';
import type { Traffic } from './traffic.ts';

/** Which way each edge may be used by one kind of traveller. Officers walk against one-way streets, never on an expressway. */
export const FORWARDS = 1;
export const BACKWARDS = 2;

/**
 * The network as one kind of traveller sees it, in typed arrays. An arc is an edge in one direction. Arcs that leave node `n` are
 * `leaving[n] .. leaving[n + 1]` of `outArcs`, those that reach it likewise.
 */
export interface Travel {
  readonly kind: TravelKind;
  readonly nodeCount: number;
  /** Bits FORWARDS and BACKWARDS by edge. */
  readonly open: Uint8Array;
  readonly lengthM: Float64Array;
  readonly arcEdge: Int32Array;
  readonly arcFrom: Int32Array;
  readonly arcTo: Int32Array;
  readonly leaving: Int32Array;
  readonly outArcs: Int32Array;
  readonly reaching: Int32Array;
  readonly inArcs: Int32Array;
  /** Seconds for a metre of each edge. @param atMs null: on empty roads. */
  paceOf(pace: Pace, atMs: number | null): Float64Array;
}

/** Arcs sorted by one of their ends: where each node's begin, and the arcs. */
function byNode(ends: Int32Array, nodeCount: number): { starts: Int32Array; arcs: Int32Array } {
  const starts = new Int32Array(nodeCount + 1);
  for (const node of ends) starts[node + 1]! += 1;
  for (let node = 0; node < nodeCount; node += 1) starts[node + 1]! += starts[node]!;
  const next = starts.slice();
  const arcs = new Int32Array(ends.length);
  ends.forEach((node, arc) => {
    arcs[next[node]!] = arc;
    next[node]! += 1;
  });
  return { starts, arcs };
}

/** Local hours begin on a quarter of UTC everywhere: a pace is good until the quarter ends. */
const QUARTER_MS = 900_000;

export function createTravel({ nodes, edges }: RoadNetwork, kind: TravelKind, traffic: Traffic): Travel {
  const open = Uint8Array.from(edges, ({ road }) => {
    if (kind === 'officer') return road.class === 'expressway' ? 0 : FORWARDS | BACKWARDS;
    return road.oneWay ? FORWARDS : FORWARDS | BACKWARDS;
  });
  const arcEdges: number[] = [];
  const froms: number[] = [];
  const tos: number[] = [];
  const add = (edge: number, from: number, to: number): void => {
    arcEdges.push(edge);
    froms.push(from);
    tos.push(to);
  };
  edges.forEach(({ from, to }, edge) => {
    if (open[edge]! & FORWARDS) add(edge, from, to);
    if (open[edge]! & BACKWARDS) add(edge, to, from);
  });
  const arcFrom = Int32Array.from(froms);
  const arcTo = Int32Array.from(tos);
  const out = byNode(arcFrom, nodes.length);
  const back = byNode(arcTo, nodes.length);
  const paces = new Map<string, Float64Array>();

  return {
    kind,
    nodeCount: nodes.length,
    open,
    lengthM: Float64Array.from(edges, ({ lengthM }) => lengthM),
    arcEdge: Int32Array.from(arcEdges),
    arcFrom,
    arcTo,
    leaving: out.starts,
    outArcs: out.arcs,
    reaching: back.starts,
    inArcs: back.arcs,
    paceOf(pace, atMs) {
      const quarter = atMs === null ? null : Math.floor(atMs / QUARTER_MS);
      const key = `${pace}/${quarter}`;
      const known = paces.get(key);
      if (known) return known;
      const made = Float64Array.from(edges, ({ road }) => {
        const flow = atMs === null ? 1 : traffic.flowAt(road.class, atMs);
        return 1 / roadSpeedMps(road, kind, pace, flow);
      });
      // Two paces of this quarter and the next, and those on empty roads: what is older is asked for by a replay only.
      if (paces.size >= 6) paces.delete(paces.keys().next().value!);
      paces.set(key, made);
      return made;
    },
  };
}
