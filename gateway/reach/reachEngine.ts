import type { QueryItem } from '../../protocol/queries/index.ts';
import { createLocalMetres } from '../roads/localMetres.ts';
import { createRoadNetwork } from '../roads/roadNetwork.ts';
import { createTraffic, freeFlow } from '../roads/traffic.ts';
import { alongRoads, toDecimetre, type Piece } from './alongRoads.ts';
import { createCoverages, type Coverage } from './coverage.ts';
import { createGround } from './ground.ts';
import { createMoveUps } from './moveUps.ts';
import type { FreeUnit, ReachTown } from './reachTown.ts';
import { within, without, type Shares } from './shares.ts';

type Band = QueryItem['reach']['roads'][number]['stretches'][number]['band'];

/** The reach of a town's units, on a road network of its own. @throws RangeError without a road for cars. */
export function createReachEngine(town: ReachTown) {
  const first = town.roads.find((road) => road.class !== 'expressway');
  if (!first) throw new RangeError('the reach of units needs a road that is no expressway');
  const metres = createLocalMetres(first.line[0]!);
  const network = createRoadNetwork(town.roads, metres);
  const { edges } = network;
  const coverages = createCoverages(network, metres, town.traffic ? createTraffic(town.traffic, town.utcOffsetMin) : freeFlow);
  const ground = createGround(town, network, metres, coverages);
  const { sections } = ground;
  const moveUps = createMoveUps(town, network, coverages, ground);
  const coverOf = (units: readonly FreeUnit[], atMs: number): Coverage =>
    coverages.cover(units, atMs, Math.max(town.coreLimitS, town.townLimitS));

  /** The bands of a section; together they are all of it. */
  const bandsOf = (coverage: Coverage, section: number): [Band, Shares][] => {
    const { edge, from, to, inCore } = sections[section]!;
    const soon = within(coverage.covered(edge, town.coreLimitS), from, to);
    const later = within(coverage.covered(edge, town.townLimitS), from, to);
    return [
      ['core', soon],
      [inCore ? 'lateInCore' : 'town', without(later, soon)],
      ['out', without(without([from, to], later), soon)],
    ];
  };

  return {
    edgeCount: edges.length,
    reach(units: readonly FreeUnit[], atMs: number): QueryItem['reach'] {
      const coverage = coverOf(units, atMs);
      const roadM: Record<Band, number> = { core: 0, town: 0, lateInCore: 0, out: 0 };
      const pieces: Piece<Band>[] = [];
      sections.forEach(({ edge }, section) => {
        const own: Piece<Band>[] = [];
        for (const [of, shares] of bandsOf(coverage, section)) {
          roadM[of] += ground.lengthM({ section, shares });
          for (let i = 0; i < shares.length; i += 2) own.push({ edge, from: shares[i]!, to: shares[i + 1]!, of });
        }
        pieces.push(...own.sort((a, b) => a.from - b.from));
      });
      const late = ground.spots.map((_, spot) => spot).filter((spot) => !ground.holdsPlace(coverage, spot));
      return {
        atMs,
        unitIds: units.map(({ unitId }) => unitId),
        coreLimitS: town.coreLimitS,
        townLimitS: town.townLimitS,
        roadM: {
          core: toDecimetre(roadM.core),
          town: toDecimetre(roadM.town),
          lateInCore: toDecimetre(roadM.lateInCore),
          out: toDecimetre(roadM.out),
        },
        latePlaceIds: ground.placeIds(late),
        roads: alongRoads(pieces, edges).map(({ roadId, spans }) => ({
          roadId,
          stretches: spans.map(({ fromM, toM, of }) => ({ fromM, toM, band: of })),
        })),
      };
    },
    /** Each by itself; one who is not among the free units opens nothing. */
    without(units: readonly FreeUnit[], atMs: number, unitIds: readonly string[]): QueryItem['reachWithout'][] {
      const coverage = coverOf(units, atMs);
      return unitIds.map((unitId) => {
        const start = units.findIndex((unit) => unit.unitId === unitId);
        if (start < 0) return { unitId, counted: false, opensM: 0, opensPlaceIds: [], roads: [] };
        const { parts, spots } = ground.opened(coverage, start);
        const pieces = parts.flatMap(({ section, shares }) =>
          Array.from({ length: shares.length / 2 }, (_, i): Piece<null> => {
            return { edge: sections[section]!.edge, from: shares[2 * i]!, to: shares[2 * i + 1]!, of: null };
          }),
        );
        return {
          unitId,
          counted: true,
          opensM: toDecimetre(ground.lengthOfAll(parts)),
          opensPlaceIds: ground.placeIds(spots),
          roads: alongRoads(pieces, edges).map(({ roadId, spans }) => ({
            roadId,
            spans: spans.map(({ fromM, toM }) => ({ fromM, toM })),
          })),
        };
      });
    },
    moveUp: moveUps,
  };
}
