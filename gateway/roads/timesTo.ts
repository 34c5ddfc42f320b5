import type { Foot } from './roadIndex.ts';
import { createTimeHeap } from './timeHeap.ts';
import { BACKWARDS, FORWARDS, type Travel } from './travel.ts';

/** The quickest ways of many to one place, from one search backwards over the network. */
export interface TimesTo {
  /** Seconds from a point of a road; Infinity when no way leads there. */
  secondsFrom(foot: Foot): number;
  /**
   * The way from a point of a road: the nodes between it and the place, and the edge before each of them and before the place.
   * Null when no way leads there.
   */
  wayFrom(foot: Foot): { nodes: number[]; edges: number[] } | null;
}

/** Searches of one kind of traveller; the buffers are reused, an answer keeps a copy of what it needs. */
export function createTimesTo(travel: Travel) {
  const { nodeCount, open, lengthM, arcEdge, arcFrom, arcTo, reaching, inArcs } = travel;
  const seconds = new Float64Array(nodeCount);
  /** The arc by which the way goes on from each node; -1 at a node from which the place's own edge is entered. */
  const onwards = new Int32Array(nodeCount);
  const settled = new Uint8Array(nodeCount);
  const heap = createTimeHeap();

  const offer = (node: number, timeS: number, arc: number): void => {
    if (timeS >= seconds[node]!) return;
    seconds[node] = timeS;
    onwards[node] = arc;
    heap.push(timeS, node);
  };

  /**
   * @param wanted The search ends when the times from all of these are known. @param paceS seconds for a metre of each edge.
   * @param endsOf The two nodes of an edge.
   */
  return (
    to: Foot,
    wanted: readonly (Foot | null)[],
    paceS: Float64Array,
    endsOf: (edge: number) => { from: number; to: number },
  ): TimesTo => {
    seconds.fill(Infinity);
    onwards.fill(-1);
    settled.fill(0);
    heap.clear();
    const waiting = new Set<number>();
    for (const foot of wanted) {
      if (!foot) continue;
      const ends = endsOf(foot.edge);
      waiting.add(ends.from).add(ends.to);
    }
    const own = endsOf(to.edge);
    const wholeS = lengthM[to.edge]! * paceS[to.edge]!;
    if (open[to.edge]! & FORWARDS) offer(own.from, to.t * wholeS, -1);
    if (open[to.edge]! & BACKWARDS) offer(own.to, (1 - to.t) * wholeS, -1);
    while (heap.size > 0 && waiting.size > 0) {
      const node = heap.pop();
      if (settled[node] === 1) continue;
      settled[node] = 1;
      waiting.delete(node);
      const hereS = seconds[node]!;
      for (let i = reaching[node]!; i < reaching[node + 1]!; i += 1) {
        const arc = inArcs[i]!;
        const edge = arcEdge[arc]!;
        offer(arcFrom[arc]!, hereS + lengthM[edge]! * paceS[edge]!, arc);
      }
    }
    const [times, arcs] = [seconds.slice(), onwards.slice()];

    /** The three ways to begin: along the edge, against it, and straight to a place on the same edge. */
    const beginnings = (foot: Foot): { timeS: number; node: number | null }[] => {
      const ends = endsOf(foot.edge);
      const edgeS = lengthM[foot.edge]! * paceS[foot.edge]!;
      const begin: { timeS: number; node: number | null }[] = [];
      if (open[foot.edge]! & FORWARDS) begin.push({ timeS: (1 - foot.t) * edgeS + times[ends.to]!, node: ends.to });
      if (open[foot.edge]! & BACKWARDS) begin.push({ timeS: foot.t * edgeS + times[ends.from]!, node: ends.from });
      if (foot.edge === to.edge && open[foot.edge]! & (to.t >= foot.t ? FORWARDS : BACKWARDS)) {
        begin.push({ timeS: Math.abs(to.t - foot.t) * edgeS, node: null });
      }
      return begin;
    };
    const best = (foot: Foot) => beginnings(foot).reduce((a, b) => (b.timeS < a.timeS ? b : a), { timeS: Infinity, node: null });

    return {
      secondsFrom: (foot) => best(foot).timeS,
      wayFrom(foot) {
        const first = best(foot);
        if (first.timeS === Infinity) return null;
        const nodes: number[] = [];
        const edges: number[] = [foot.edge];
        for (let node = first.node; node !== null;) {
          nodes.push(node);
          const arc = arcs[node]!;
          edges.push(arc < 0 ? to.edge : arcEdge[arc]!);
          node = arc < 0 ? null : arcTo[arc]!;
        }
        return { nodes, edges };
      },
    };
  };
}
