import type { LonLat } from '../../protocol/primitives.ts';
import type { LocalMetres } from '../roads/localMetres.ts';
import { createRoadIndex, type Foot } from '../roads/roadIndex.ts';
import type { RoadNetwork } from '../roads/roadNetwork.ts';
import type { TravelKind } from '../roads/roadSpeed.ts';
import type { Traffic } from '../roads/traffic.ts';
import { BACKWARDS, createTravel, FORWARDS } from '../roads/travel.ts';
import { createNearestTwo, type NearestTwo } from './nearestTwo.ts';
import { joined, type Shares } from './shares.ts';

/** Somebody who can go from where he is, in whatever order they were given. */
export interface Start {
  readonly kind: TravelKind;
  readonly at: LonLat;
}
/** Where some can be, and in which time. */
export interface Coverage {
  /**
   * Parts of an edge on which somebody can be within a time: from either end, and from where they stand on it. Exact: the border lies between
   * the nodes, where the time is up. @param without Number of one who is left out. @param limitS At most the bound of the search.
   */
  covered(edge: number, limitS: number, without?: number): Shares;
  /** Edges on which one of them may be the soonest; all that changes without him is among these. */
  edgesOf(start: number): Iterable<number>;
}

const KINDS = ['vehicle', 'officer'] as const;

export function createCoverages(network: RoadNetwork, metres: LocalMetres, traffic: Traffic) {
  const { nodes, edges } = network;
  const findRoad = createRoadIndex(network);
  const travels = { vehicle: createTravel(network, 'vehicle', traffic), officer: createTravel(network, 'officer', traffic) };
  const searches = { vehicle: createNearestTwo(travels.vehicle, edges), officer: createNearestTwo(travels.officer, edges) };
  const touching: number[][] = nodes.map(() => []);
  edges.forEach(({ from, to }, edge) => {
    touching[from]!.push(edge);
    touching[to]!.push(edge);
  });

  /** @param atMs When they set out. @param boundS The longest time that will be asked for. */
  const cover = (starts: readonly Start[], atMs: number, boundS: number): Coverage => {
    const feet = starts.map(({ at }) => findRoad(metres.toXy(at)));
    const found: { kind: TravelKind; paceS: Float64Array; near: NearestTwo }[] = [];
    for (const kind of KINDS) {
      const own = feet.map((foot, i) => (starts[i]!.kind === kind ? foot : null));
      if (own.every((foot) => foot === null)) continue;
      const paceS = travels[kind].paceOf('duty', atMs);
      found.push({ kind, paceS, near: searches[kind](own, paceS, boundS) });
    }
    const standing = new Map<number, number[]>();
    feet.forEach((foot, i) => {
      if (foot) standing.set(foot.edge, [...(standing.get(foot.edge) ?? []), i]);
    });

    const covered: Coverage['covered'] = (edge, limitS, without = -1) => {
      const pairs: number[] = [];
      const { from, to, lengthM } = edges[edge]!;
      for (const { kind, paceS, near } of found) {
        const open = travels[kind].open[edge]!;
        const wholeS = lengthM * paceS[edge]!;
        const soonest = (node: number): number => (near.best[node] === without ? near.secondS[node]! : near.bestS[node]!);
        const fromS = limitS - soonest(from);
        if (open & FORWARDS && fromS > 0) pairs.push(0, Math.min(1, fromS / wholeS));
        const toS = limitS - soonest(to);
        if (open & BACKWARDS && toS > 0) pairs.push(Math.max(0, 1 - toS / wholeS), 1);
        for (const i of standing.get(edge) ?? []) {
          if (i === without || starts[i]!.kind !== kind) continue;
          const { t } = feet[i]!;
          if (open & FORWARDS) pairs.push(t, Math.min(1, t + limitS / wholeS));
          if (open & BACKWARDS) pairs.push(Math.max(0, t - limitS / wholeS), t);
        }
      }
      return joined(pairs);
    };

    let owned: Set<number>[] | null = null;
    const own = (): Set<number>[] => {
      const sets = starts.map(() => new Set<number>());
      for (const { near } of found) {
        near.best.forEach((i, node) => {
          if (i >= 0) for (const edge of touching[node]!) sets[i]!.add(edge);
        });
      }
      for (const [edge, here] of standing) for (const i of here) sets[i]!.add(edge);
      return sets;
    };
    return { covered, edgesOf: (start) => (owned ??= own())[start]! };
  };

  return { cover, travels, findRoad: (point: LonLat): Foot | null => findRoad(metres.toXy(point)) };
}
export type Coverages = ReturnType<typeof createCoverages>;
