import type { Unit } from '../../../protocol/messages/index.ts';
import type { Fix } from '../../../protocol/frames/position.ts';
import type { LonLat } from '../../../protocol/primitives.ts';
import type { Town } from '../../../protocol/town/town.ts';
import type { RoadGraph } from '../../roads/roadGraph.ts';
import type { Scenario, UnitRow } from '../../scene/scenario.ts';
import type { Intake, Order } from '../source.ts';
import { createBoatMover } from './boatMover.ts';
import { createDroneMover } from './droneMover.ts';
import { createGroundMover } from './groundMover.ts';
import type { Mover } from './mover.ts';
import { STEP_S } from './pathMotion.ts';
import type { Random } from './random.ts';

/** A unit that stands still reports this often, seconds. */
const STILL_EVERY_S = 10;
/** Crew step out this far beside the vehicle, metres. */
const STEP_OUT_M = 7;
const M_PER_DEG = 111_320;

export interface Fleet {
  /** Brings the world to this server time, step by step. */
  advanceTo(atMs: number): void;
  order(order: Order): void;
  /** Units that could be sent now, with where they are. */
  available(): { unitId: string; agencyId: string; kind: Unit['kind']; lonDeg: number; latDeg: number }[];
}

export interface FleetOptions {
  town: Town;
  scenario: Scenario;
  graph: RoadGraph;
  intake: Intake;
  random: Random;
  /** Units added on top of the scenario's, as copies of its vehicles that patrol elsewhere; for measuring. */
  extraUnits: number;
}

type Known = Omit<Unit, 'rev' | 'incidentId'>;
interface Member {
  row: UnitRow;
  known: Known;
  mover: Mover | null;
  /** Vehicle that an officer belongs to. */
  vehicleId: string | null;
  sentAtMs: number;
  wasMoving: boolean;
}

/** All units of the scene: builds them, moves them, reports where they are. */
export function createFleet({ town, scenario, graph, intake, random, extraUnits }: FleetOptions): Fleet {
  const places = new Map(town.places.map((place) => [place.id, [place.lonDeg, place.latDeg] as LonLat]));
  const at = (placeId: string): LonLat => places.get(placeId) ?? [town.scene.originLonDeg, town.scene.originLatDeg];
  const rows = [...scenario.units, ...copies(scenario.units, extraUnits)];
  const byId = new Map(rows.map((row) => [row.id, row]));
  const startMs = intake.clock.nowMs();
  let worldMs = startMs;

  const tell = (progress: Parameters<Intake['progress']>[0]): void => intake.progress(progress);
  const moverOf = (row: UnitRow): Mover | null => {
    const chance = random.fork(row.id);
    const ground = { unitId: row.id, graph, random: chance, home: at(row.postId), handle: scenario.operators.handle, tell };
    switch (row.kind) {
      case 'vehicle':
        return createGroundMover({ ...ground, kind: 'vehicle', stops: [...row.patrolPlaceIds, row.postId].map(at), beat: null });
      case 'officer':
        return row.vehicleId === null && row.beat !== null
          ? createGroundMover({ ...ground, kind: 'officer', stops: [], beat: row.beat })
          : null;
      case 'drone': {
        const routes = town.droneRoutes.filter((route) => row.routeIds.includes(route.id));
        return createDroneMover({ unitId: row.id, dock: at(row.postId), routes, cruiseMps: row.cruiseMps, random: chance, tell });
      }
      case 'boat':
        return createBoatMover(row.id, row.beat, row.cruiseMps, chance, tell);
    }
  };

  const members = rows.map((row, index): Member => {
    const carrier = rows.find((other) => (other.kind === 'vehicle' || other.kind === 'boat') && other.crewIds.includes(row.id));
    const vehicleId = row.kind === 'officer' ? (row.vehicleId ?? carrier?.id ?? null) : null;
    const crewIds = row.kind === 'vehicle' || row.kind === 'boat' ? row.crewIds : [];
    const known: Known = {
      id: row.id,
      kind: row.kind,
      name: row.name,
      agencyId: row.agencyId,
      handle: index + 1,
      status: 'available',
      crew: crewIds.map((unitId) => ({ unitId, name: byId.get(unitId)?.name ?? row.name })),
      vehicleId,
      plate: row.kind === 'vehicle' ? row.plate : null,
      postId: row.postId,
      cameraIds: row.cameraIds,
      callAddress: row.kind === 'drone' ? null : `sim:${row.id}`,
      talkGroup: row.talkGroup,
      simulated: true,
    };
    intake.unit(known);
    return { row, known, mover: moverOf(row), vehicleId, sentAtMs: -Infinity, wasMoving: false };
  });
  const memberOf = new Map(members.map((member) => [member.row.id, member]));

  /** Officers get out where their vehicle has arrived, and in again when it leaves: only then does their `vehicleId` change. */
  function boardOrLeave(member: Member): void {
    const carrier = member.vehicleId === null ? undefined : memberOf.get(member.vehicleId);
    if (!carrier?.mover || carrier.row.kind !== 'vehicle') return;
    const vehicleId = carrier.mover.onScene ? null : member.vehicleId;
    if (vehicleId === member.known.vehicleId) return;
    member.known = { ...member.known, vehicleId };
    intake.unit(member.known);
  }

  function poseOf(member: Member): ReturnType<Mover['pose']> & { moving: boolean } {
    if (member.mover) return { ...member.mover.pose(), moving: member.mover.moving };
    const carrier = member.vehicleId === null ? undefined : memberOf.get(member.vehicleId)?.mover;
    if (!carrier) {
      const [lonDeg, latDeg] = at(member.row.postId);
      return { lonDeg, latDeg, headingDeg: 0, speedMps: 0, altM: 0, moving: false };
    }
    const pose = carrier.pose();
    if (member.known.vehicleId !== null) return { ...pose, moving: carrier.moving };
    // Beside the vehicle, each officer on a side of their own, looking about slowly.
    const bearing = ((pose.headingDeg + 70 + (member.known.handle % 2) * 220) * Math.PI) / 180;
    return {
      ...pose,
      latDeg: pose.latDeg + (STEP_OUT_M * Math.cos(bearing)) / M_PER_DEG,
      lonDeg: pose.lonDeg + (STEP_OUT_M * Math.sin(bearing)) / (M_PER_DEG * Math.cos((pose.latDeg * Math.PI) / 180)),
      headingDeg: (pose.headingDeg + 180 + Math.sin(worldMs / 9000 + member.known.handle) * 60 + 360) % 360,
      speedMps: 0,
      moving: false,
    };
  }

  function report(): void {
    const fixes: Fix[] = [];
    for (const member of members) {
      const pose = poseOf(member);
      // The last fix of a unit that stops says that it stands.
      const due = pose.moving || member.wasMoving || worldMs - member.sentAtMs >= STILL_EVERY_S * 1000;
      member.wasMoving = pose.moving;
      if (!due) continue;
      member.sentAtMs = worldMs;
      const { lonDeg, latDeg, altM, headingDeg, speedMps } = pose;
      fixes.push({ id: member.row.id, lonDeg, latDeg, altM, headingDeg, speedMps, observedAtMs: worldMs });
    }
    if (fixes.length > 0) intake.fixes(fixes);
  }

  const movers = members.flatMap((member) => (member.mover ? [member.mover] : []));
  report();
  return {
    advanceTo(atMs) {
      let stepped = false;
      while (worldMs + STEP_S * 1000 <= atMs) {
        worldMs += STEP_S * 1000;
        for (const mover of movers) mover.step(worldMs);
        stepped = true;
      }
      if (!stepped) return;
      for (const member of members) boardOrLeave(member);
      report();
    },
    order: (order) => memberOf.get(order.unitId)?.mover?.order(order, worldMs),
    available: () =>
      members.flatMap(({ row, mover }) => {
        if (!mover || mover.busy || row.kind === 'drone' || row.kind === 'boat') return [];
        const { lonDeg, latDeg } = mover.pose();
        return [{ unitId: row.id, agencyId: row.agencyId, kind: row.kind, lonDeg, latDeg }];
      }),
  };
}

/** Vehicles without crew, each at the post and with the round of one of the scenario's. */
function copies(units: readonly UnitRow[], count: number): UnitRow[] {
  const vehicles = units.filter((row) => row.kind === 'vehicle');
  return Array.from({ length: count }, (_, i) => {
    const model = vehicles[i % vehicles.length]!;
    const number = String(i + 1).padStart(3, '0');
    return {
      ...model,
      id: `extra-${number}`,
      name: { zh: `增补 ${number}`, en: `Extra ${number}` },
      crewIds: [],
      cameraIds: [],
      plate: `演示${number}`,
    };
  });
}
