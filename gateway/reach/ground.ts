import type { LonLat } from '../../protocol/primitives.ts';
import { insideRing } from '../desk/insideRing.ts';
import type { LocalMetres } from '../roads/localMetres.ts';
import type { RoadNetwork } from '../roads/roadNetwork.ts';
import type { Coverage, Coverages } from './coverage.ts';
import type { ReachTown } from './reachTown.ts';
import { cutSections } from './sections.ts';
import { lengthOf, within, without, type Shares } from './shares.ts';

/** Parts of a section, by its number. */
export interface Part {
  section: number;
  shares: Shares;
}

/** A place stands at a point of a road, and the border of the reach may be that very point. */
const TOUCH = 1e-9;

/** What the promise is given for: the roads of the town in sections, and its places, each with its own limit. */
export function createGround(town: ReachTown, network: RoadNetwork, metres: LocalMetres, coverages: Coverages) {
  const { edges } = network;
  const sections = cutSections(network, metres, town.outline, town.core);
  const sectionsOf: number[][] = edges.map(() => []);
  sections.forEach(({ edge }, i) => sectionsOf[edge]!.push(i));
  const spots = town.places.flatMap(({ id, kind, lonDeg, latDeg }) => {
    const at: LonLat = [lonDeg, latDeg];
    const foot = town.rules.placeKinds.includes(kind) && insideRing(at, town.outline) ? coverages.findRoad(at) : null;
    return foot ? [{ placeId: id, edge: foot.edge, t: foot.t, inCore: insideRing(at, town.core) }] : [];
  });
  const spotsOf = new Map<number, number[]>();
  spots.forEach(({ edge }, i) => spotsOf.set(edge, [...(spotsOf.get(edge) ?? []), i]));
  const limitOf = (inCore: boolean): number => (inCore ? town.coreLimitS : town.townLimitS);

  const lengthM = ({ section, shares }: Part): number => lengthOf(shares) * edges[sections[section]!.edge]!.lengthM;
  /** What of a section is reached within its own promise. @param except Number of one who is left out. */
  const kept = (coverage: Coverage, section: number, except?: number): Shares => {
    const { edge, from, to, inCore } = sections[section]!;
    return within(coverage.covered(edge, limitOf(inCore), except), from, to);
  };
  const holdsPlace = (coverage: Coverage, spot: number, except?: number): boolean => {
    const { edge, t, inCore } = spots[spot]!;
    const shares = coverage.covered(edge, limitOf(inCore), except);
    for (let i = 0; i < shares.length; i += 2) if (t >= shares[i]! - TOUCH && t <= shares[i + 1]! + TOUCH) return true;
    return false;
  };

  return {
    sections,
    sectionsOf,
    spots,
    spotsOf,
    lengthM,
    lengthOfAll: (parts: readonly Part[]): number => parts.reduce((sum, part) => sum + lengthM(part), 0),
    kept,
    holdsPlace,
    placeIds: (some: readonly number[]): string[] => some.map((spot) => spots[spot]!.placeId),
    /** What opens without one of them, in the order of the sections. */
    opened(coverage: Coverage, start: number): { parts: Part[]; spots: number[] } {
      const parts: Part[] = [];
      const lost: number[] = [];
      for (const edge of coverage.edgesOf(start)) {
        for (const section of sectionsOf[edge]!) {
          const shares = without(kept(coverage, section), kept(coverage, section, start));
          if (shares.length > 0) parts.push({ section, shares });
        }
        for (const spot of spotsOf.get(edge) ?? []) if (holdsPlace(coverage, spot) && !holdsPlace(coverage, spot, start)) lost.push(spot);
      }
      return { parts: parts.sort((a, b) => a.section - b.section), spots: lost.sort((a, b) => a - b) };
    },
  };
}
export type Ground = ReturnType<typeof createGround>;
