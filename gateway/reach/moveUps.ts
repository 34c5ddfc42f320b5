import type { LonLat } from '../../protocol/primitives.ts';
import type { QueryItem } from '../../protocol/queries/index.ts';
import type { RoadNetwork } from '../roads/roadNetwork.ts';
import { createTimesTo } from '../roads/timesTo.ts';
import type { Coverages } from './coverage.ts';
import type { Ground, Part } from './ground.ts';
import type { FreeUnit, ReachTown } from './reachTown.ts';
import { common, without, type Shares } from './shares.ts';

interface Choice {
  item: QueryItem['moveUp'];
  winsM: number;
}

/** Which vehicle to move up to which post. Who was moved up already counts where it will stand, and is asked for no other post. */
export function createMoveUps(town: ReachTown, { edges }: RoadNetwork, coverages: Coverages, ground: Ground) {
  const boundS = Math.max(town.coreLimitS, town.townLimitS);
  const { leastGainM, longestDriveS, nearlyAsGood } = town.rules.moveUp;
  const posts = new Map(
    town.places.flatMap(({ id, kind, lonDeg, latDeg }) => (kind === 'standbyPost' ? [[id, [lonDeg, latDeg] as LonLat]] : [])),
  );
  const timesTo = createTimesTo(coverages.travels.vehicle);

  return (units: readonly FreeUnit[], atMs: number, limit: number): QueryItem['moveUp'][] => {
    const starts = units.map(({ kind, at, postId }) => ({ kind, at: posts.get(postId ?? '') ?? at }));
    const base = coverages.cover(starts, atMs, boundS);
    const paceS = coverages.travels.vehicle.paceOf('duty', atMs);
    const movable = units.flatMap(({ kind, postId, at }, start) => {
      const foot = kind === 'vehicle' && postId === null ? coverages.findRoad(at) : null;
      return foot ? [{ start, foot, opens: ground.opened(base, start) }] : [];
    });

    /** What is won at a post by whoever stands there, before anybody left. */
    const lookAt = (at: LonLat) => {
      const there = coverages.cover([{ kind: 'vehicle', at }], atMs, boundS);
      const reached = new Map<number, Shares>();
      const won: Part[] = [];
      const spots: number[] = [];
      for (const edge of there.edgesOf(0)) {
        for (const section of ground.sectionsOf[edge]!) {
          const shares = ground.kept(there, section);
          if (shares.length === 0) continue;
          reached.set(section, shares);
          won.push({ section, shares: without(shares, ground.kept(base, section)) });
        }
        for (const spot of ground.spotsOf.get(edge) ?? [])
          if (ground.holdsPlace(there, spot) && !ground.holdsPlace(base, spot)) spots.push(spot);
      }
      return { there, reached, wonM: ground.lengthOfAll(won), spots };
    };

    const bestAt = (postId: string, at: LonLat): Choice | null => {
      const foot = coverages.findRoad(at);
      if (!foot) return null;
      const { there, reached, wonM, spots } = lookAt(at);
      if (wonM < leastGainM) return null;
      const times = timesTo(
        foot,
        movable.map((one) => one.foot),
        paceS,
        (edge) => edges[edge]!,
      );
      const choices = movable.flatMap(({ start, foot: from, opens }) => {
        const driveS = times.secondsFrom(from);
        if (driveS > longestDriveS) return [];
        // What its leaving opens and its standing here closes again was never lost.
        const stay = opens.parts.map(({ section, shares }) => ({
          section,
          shares: without(shares, common(shares, reached.get(section) ?? [])),
        }));
        const opensM = ground.lengthOfAll(stay);
        const gainM = wonM - opensM;
        if (gainM < leastGainM) return [];
        const lost = opens.spots.filter((spot) => !ground.holdsPlace(there, spot));
        const item = {
          unitId: units[start]!.unitId,
          postId,
          driveS: Math.round(driveS),
          gainM: Math.round(gainM),
          opensM: Math.round(opensM),
          winsPlaceIds: ground.placeIds(spots),
          opensPlaceIds: ground.placeIds(lost),
        };
        return [{ item, winsM: gainM }];
      });
      const most = Math.max(...choices.map(({ winsM }) => winsM));
      return choices
        .filter(({ winsM }) => winsM >= most * (1 - nearlyAsGood))
        .reduce<Choice | null>((a, b) => (a === null || b.item.driveS < a.item.driveS ? b : a), null);
    };

    const found = [...posts].flatMap(([postId, at]) => bestAt(postId, at) ?? []).sort((a, b) => b.winsM - a.winsM);
    // A unit is proposed once, for the post where it wins most: the list is what to choose from.
    const taken = new Set<string>();
    return found
      .filter(({ item }) => !taken.has(item.unitId) && taken.add(item.unitId))
      .slice(0, limit)
      .map(({ item }) => item);
  };
}
