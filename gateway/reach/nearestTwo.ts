import type { Edge } from '../roads/roadNetwork.ts';
import type { Foot } from '../roads/roadIndex.ts';
import { createTimeHeap } from '../roads/timeHeap.ts';
import { BACKWARDS, FORWARDS, type Travel } from '../roads/travel.ts';

/** The soonest and the next soonest to each node, always of two different units: what is left of the reach when one of them goes. */
export interface NearestTwo {
  /** Seconds; Infinity where nobody comes within the bound. */
  readonly bestS: Float64Array;
  readonly secondS: Float64Array;
  /** Number of the unit, -1 where there is none. */
  readonly best: Int32Array;
  readonly second: Int32Array;
}

/**
 * One search forwards from all units at once. Whoever is among the two soonest at a node was so at every node before it, so two labels a
 * node are enough: the cost is that of two searches, not of one a unit.
 */
export function createNearestTwo(travel: Travel, edges: readonly Edge[]) {
  const { nodeCount, open, lengthM, arcEdge, arcTo, leaving, outArcs } = travel;
  const heap = createTimeHeap();

  /** @param starts Where each unit is; null for one that is not of this kind. @param boundS Nothing later is looked at. */
  return (starts: readonly (Foot | null)[], paceS: Float64Array, boundS: number): NearestTwo => {
    const units = Math.max(1, starts.length);
    // The heap holds whole numbers of 32 bits.
    if (nodeCount * units > 0x7fff_ffff) throw new RangeError(`${units} units on ${nodeCount} nodes are too many for one search`);
    const bestS = new Float64Array(nodeCount).fill(Infinity);
    const secondS = new Float64Array(nodeCount).fill(Infinity);
    const best = new Int32Array(nodeCount).fill(-1);
    const second = new Int32Array(nodeCount).fill(-1);
    heap.clear();
    const offer = (node: number, unit: number, timeS: number): void => {
      if (timeS <= boundS && second[node] === -1 && best[node] !== unit) heap.push(timeS, node * units + unit);
    };
    starts.forEach((foot, unit) => {
      if (!foot) return;
      const { from, to } = edges[foot.edge]!;
      const edgeS = lengthM[foot.edge]! * paceS[foot.edge]!;
      if (open[foot.edge]! & FORWARDS) offer(to, unit, (1 - foot.t) * edgeS);
      if (open[foot.edge]! & BACKWARDS) offer(from, unit, foot.t * edgeS);
    });
    while (heap.size > 0) {
      const timeS = heap.earliestS;
      const thing = heap.pop();
      const node = Math.floor(thing / units);
      const unit = thing - node * units;
      if (best[node] === -1) {
        best[node] = unit;
        bestS[node] = timeS;
      } else if (best[node] !== unit && second[node] === -1) {
        second[node] = unit;
        secondS[node] = timeS;
      } else continue;
      for (let i = leaving[node]!; i < leaving[node + 1]!; i += 1) {
        const arc = outArcs[i]!;
        const edge = arcEdge[arc]!;
        offer(arcTo[arc]!, unit, timeS + lengthM[edge]! * paceS[edge]!);
      }
    }
    return { bestS, secondS, best, second };
  };
}
