import type { Unit } from '../../../protocol/messages/index.ts';
import type { LonLat } from '../../../protocol/primitives.ts';
import type { Town } from '../../../protocol/town/town.ts';
import type { LocalMetres } from '../../roads/localMetres.ts';
import type { RoadGraph } from '../../roads/roadGraph.ts';
import type { Scenario, UnitRow } from '../../scene/scenario.ts';
import { createBoatMotion } from './boatMotion.ts';
import { createCrew, type Crew } from './crew.ts';
import { createDroneMotion } from './droneMotion.ts';
import type { Pose } from './legs.ts';
import type { Mover } from './mover.ts';
import { createOfficerMotion } from './officerMotion.ts';
import type { SeededRandom } from './seededRandom.ts';
import { createVehicleMotion } from './vehicleMotion.ts';

/** A unit of the scene: what is told about it and how it moves. */
export interface SceneUnit {
  readonly fact: Omit<Unit, 'rev' | 'incidentId'>;
  /** Null for who rides in a vehicle: that one is sent. */
  readonly mover: Mover | null;
  /** Null when nobody rides in it. */
  readonly crew: Crew | null;
  pose(tMs: number): Pose;
}

export interface SceneUnitsOptions {
  town: Town;
  scenario: Scenario;
  graph: RoadGraph;
  metres: LocalMetres;
  random: SeededRandom;
  /** From when on the ways of all units are known. */
  startMs: number;
  /** As many more vehicles on patrol, copies of the scenario's: for measuring with a larger fleet. */
  extraUnits: number;
  /** Where units were before this gateway started. */
  before: ReadonlyMap<string, Pose>;
}

/** @throws when a place or route is unknown; a loaded scene has none such. */
export function createSceneUnits({ town, scenario, graph, metres, random, startMs, extraUnits, before }: SceneUnitsOptions): SceneUnit[] {
  const places = new Map(town.places.map((place) => [place.id, place]));
  const placeAt = (id: string): LonLat => {
    const place = places.get(id);
    if (!place) throw new Error(`no place ${id}`);
    return [place.lonDeg, place.latDeg];
  };
  const rows = [...scenario.units, ...copies(scenario.units, extraUnits)];
  const rowOf = new Map(rows.map((row) => [row.id, row]));

  const moverOf = (row: UnitRow): Mover | null => {
    const own = { metres, random: random.fork(`unit/${row.id}`), startMs, before: before.get(row.id) };
    switch (row.kind) {
      case 'vehicle':
        return createVehicleMotion({
          ...own,
          graph,
          beat: row.patrolPlaceIds.length > 0 ? row.patrolPlaceIds.map(placeAt) : [placeAt(row.postId)],
        });
      case 'officer':
        // Who rides in a vehicle moves with it; who has no beat stands at the post.
        if (isAboard(row.id)) return null;
        return createOfficerMotion({ ...own, graph, beat: row.beat ?? [placeAt(row.postId)] });
      case 'drone':
        return createDroneMotion({
          ...own,
          dock: placeAt(row.postId),
          routes: town.droneRoutes.filter((route) => row.routeIds.includes(route.id)),
          cruiseMps: row.cruiseMps,
        });
      case 'boat':
        return createBoatMotion({ ...own, beat: row.beat, cruiseMps: row.cruiseMps });
    }
  };
  const crewIdsOf = (row: UnitRow): string[] => (row.kind === 'vehicle' || row.kind === 'boat' ? row.crewIds : []);
  const aboard = new Map(rows.flatMap((row) => crewIdsOf(row).map((id) => [id, row.id] as const)));
  const isAboard = (id: string): boolean => aboard.has(id);

  const made = new Map<string, { mover: Mover | null; crew: Crew | null }>();
  for (const row of rows) {
    const mover = moverOf(row);
    const crewIds = crewIdsOf(row);
    const crew = mover && crewIds.length > 0 ? createCrew(crewIds, (tMs) => mover.pose(tMs), startMs, random.fork(`crew/${row.id}`)) : null;
    made.set(row.id, { mover, crew });
  }

  return rows.map((row, index): SceneUnit => {
    const { mover, crew } = made.get(row.id)!;
    const carrierId = aboard.get(row.id) ?? null;
    const carrier = carrierId === null ? null : made.get(carrierId)!.crew;
    return {
      mover,
      crew,
      pose: mover ? mover.pose : (tMs) => carrier!.pose(row.id, tMs),
      fact: {
        id: row.id,
        kind: row.kind,
        name: row.name,
        agencyId: row.agencyId,
        // The number in the list, from 1: binary frames carry it instead of the name.
        handle: index + 1,
        status: 'available',
        crew: crewIdsOf(row).map((id) => {
          const member = rowOf.get(id);
          if (member?.kind !== 'officer') throw new Error(`no officer ${id}`);
          return { unitId: id, name: member.personName };
        }),
        vehicleId: carrierId,
        plate: row.kind === 'vehicle' ? row.plate : null,
        postId: row.postId,
        cameraIds: row.cameraIds,
        callAddress: `sim:${row.id}`,
        talkGroup: row.talkGroup,
        simulated: true,
      },
    };
  });
}

/** Vehicles without crew and camera, each on the beat of the one that it copies. */
function copies(rows: readonly UnitRow[], count: number): UnitRow[] {
  const vehicles = rows.filter((row) => row.kind === 'vehicle');
  if (vehicles.length === 0) return [];
  return Array.from({ length: count }, (_, i) => {
    const from = vehicles[i % vehicles.length]!;
    const label = `+${i + 1}`;
    return {
      ...from,
      id: `${from.id}${label}`,
      name: { zh: `${from.name.zh}${label}`, en: `${from.name.en}${label}` },
      plate: `${from.plate}${label}`,
      crewIds: [],
      cameraIds: [],
    };
  });
}
