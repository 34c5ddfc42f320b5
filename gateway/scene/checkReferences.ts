import type { LonLat } from '../../protocol/primitives.ts';
import type { Town } from '../../protocol/town/town.ts';
import type { MergingFile, TriageFile } from './deskRulesFile.ts';
import { distanceToRingM } from './distanceToRing.ts';
import { fieldPath, shownAs } from './readJson.ts';
import type { CameraRow, ScenarioFile, Spot, UnitRow } from './scenario.ts';
import { SceneError } from './sceneError.ts';

/** Roads and canals run on into the neighbours; anything further out is a slip, e.g. latitude before longitude. */
const LINE_MARGIN_M = 8000;
/** Places, cameras, beats and drone routes stay with the town; its outline is drawn to 500 m. */
const PLACE_MARGIN_M = 1500;

interface SceneFiles {
  town: Town;
  /** Cameras on poles and towers. */
  fixed: readonly CameraRow[];
  day: ScenarioFile;
  units: readonly UnitRow[];
  /** Cameras that a unit carries. */
  carried: readonly CameraRow[];
  rules: TriageFile['rules'];
  merging: MergingFile | null;
}

/** Every id that one file takes from another must exist, and be unique where it is given. @throws {SceneError} at the first fault; it counts the rest. */
export function checkReferences(root: string, townId: string, sceneId: string, files: SceneFiles): void {
  const { town, fixed, day, units, carried, rules, merging } = files;
  const faults: { file: string; path: PropertyKey[]; reason: string }[] = [];
  const fault = (file: string, path: PropertyKey[], reason: string) => void faults.push({ file, path, reason });
  const inTown = (name: string) => `${townId}/${name}.json`;
  const dayFile = `${sceneId}/scenario.json`;
  const unitsFile = `${sceneId}/units.json`;

  const idsOf = (file: string, path: PropertyKey[], rows: readonly { id: string }[], ids = new Set<string>()) => {
    rows.forEach((row, i) => {
      if (ids.has(row.id)) fault(file, [...path, i, 'id'], `${JSON.stringify(row.id)} is taken`);
      ids.add(row.id);
    });
    return ids;
  };
  const known = (ids: ReadonlySet<string>, what: string) => (file: string, path: PropertyKey[], id: string) => {
    if (!ids.has(id)) fault(file, path, `no ${what} ${JSON.stringify(id)}`);
  };
  const near = (file: string, path: PropertyKey[], point: LonLat, marginM = PLACE_MARGIN_M) => {
    const awayM = distanceToRingM(point, town.outline.ring);
    if (awayM > marginM) fault(file, path, `${(awayM / 1000).toFixed(1)} km outside the outline, more than ${marginM / 1000} km`);
  };
  const line = (file: string, path: PropertyKey[], points: readonly LonLat[], marginM?: number) =>
    points.forEach((point, i) => near(file, [...path, i], point, marginM));

  idsOf(inTown('roads'), ['roads'], town.roads);
  (town.calendar ?? []).forEach((row, i) => {
    if (town.calendar!.findIndex(({ year }) => year === row.year) !== i)
      fault(inTown('calendar'), ['calendar', i, 'year'], `${row.year} is there twice`);
    for (const list of ['daysOff', 'workDays'] as const) {
      row[list].forEach((day, k) => {
        const at = new Date(`${day}T00:00:00Z`);
        const path = ['calendar', i, list, k];
        if (Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== day) fault(inTown('calendar'), path, `no such day ${day}`);
        else if (at.getUTCFullYear() !== row.year) fault(inTown('calendar'), path, `${day} is not in ${row.year}`);
        else if (list === 'workDays' && at.getUTCDay() % 6 !== 0) fault(inTown('calendar'), path, `${day} is no Saturday or Sunday`);
      });
    }
  });
  const water = idsOf(inTown('water'), ['lines'], town.waterLines);
  idsOf(inTown('water'), ['areas'], town.waterAreas, water);
  idsOf(inTown('quarters'), ['quarters'], town.quarters);
  idsOf(inTown('promises'), ['promises'], town.promises);
  const place = known(idsOf(inTown('places'), ['places'], town.places), 'place');
  const agency = known(idsOf(inTown('agencies'), ['agencies'], town.agencies), 'agency');
  const channelIds = idsOf(inTown('channels'), ['channels'], town.channels);
  const channel = known(channelIds, 'channel');
  const eventType = known(idsOf(inTown('eventTypes'), ['eventTypes'], town.eventTypes), 'event type');
  const droneRoute = known(idsOf(inTown('droneRoutes'), ['droneRoutes'], town.droneRoutes), 'drone route');
  const cameraIds = idsOf(inTown('cameras'), ['cameras'], fixed);
  const camera = known(idsOf(unitsFile, ['cameras'], carried, cameraIds), 'camera');
  const unit = known(idsOf(unitsFile, ['units'], units), 'unit');
  idsOf(inTown('skills'), ['skills'], town.skills ?? []);

  if (town.roads.every((row) => row.class === 'expressway'))
    fault(inTown('roads'), ['roads'], 'no road but expressways: nobody can stop anywhere');
  town.roads.forEach((row, i) => line(inTown('roads'), ['roads', i, 'line'], row.line, LINE_MARGIN_M));
  town.waterLines.forEach((row, i) => line(inTown('water'), ['lines', i, 'line'], row.line, LINE_MARGIN_M));
  town.places.forEach((row, i) => near(inTown('places'), ['places', i], [row.lonDeg, row.latDeg]));
  town.quarters.forEach((row, i) => line(inTown('quarters'), ['quarters', i, 'ring'], row.ring));
  line(inTown('scene'), ['core', 'ring'], town.scene.core.ring);
  town.eventTypes.forEach((row, i) => {
    agency(inTown('eventTypes'), ['eventTypes', i, 'leadAgencyId'], row.leadAgencyId);
    row.supportAgencyIds.forEach((id, j) => agency(inTown('eventTypes'), ['eventTypes', i, 'supportAgencyIds', j], id));
  });
  town.skills?.forEach((row, i) => {
    row.agencyIds.forEach((id, j) => agency(inTown('skills'), ['skills', i, 'agencyIds', j], id));
    row.unitIds.forEach((id, j) => unit(inTown('skills'), ['skills', i, 'unitIds', j], id));
    row.typeIds.forEach((id, j) => eventType(inTown('skills'), ['skills', i, 'typeIds', j], id));
  });
  idsOf(inTown('triage'), ['rules'], rules);
  idsOf(inTown('triage'), ['chairs'], town.chairs ?? []);
  rules.forEach(({ when }, i) => {
    when.typeIds?.forEach((id, j) => eventType(inTown('triage'), ['rules', i, 'when', 'typeIds', j], id));
    when.channelIds?.forEach((id, j) => channel(inTown('triage'), ['rules', i, 'when', 'channelIds', j], id));
  });
  for (const id of Object.keys(merging?.byType ?? {})) eventType(inTown('merging'), ['byType', id], id);
  town.droneRoutes.forEach((row, i) => {
    place(inTown('droneRoutes'), ['droneRoutes', i, 'dockId'], row.dockId);
    line(inTown('droneRoutes'), ['droneRoutes', i, 'line'], row.line);
  });
  fixed.forEach((row, i) => {
    const path = ['cameras', i];
    if (row.unitId !== null) fault(inTown('cameras'), [...path, 'unitId'], 'a fixed camera belongs to no unit');
    if (row.lonDeg === null || row.latDeg === null) fault(inTown('cameras'), [...path, 'lonDeg'], 'a fixed camera needs a position');
    else near(inTown('cameras'), path, [row.lonDeg, row.latDeg]);
  });
  carried.forEach((row, i) => {
    if (row.unitId === null) fault(unitsFile, ['cameras', i, 'unitId'], 'a carried camera belongs to a unit');
    else unit(unitsFile, ['cameras', i, 'unitId'], row.unitId);
  });

  const byId = new Map(units.map((row) => [row.id, row]));
  const carrier = new Map(carried.map((row) => [row.id, row.unitId]));
  units.forEach((row, i) => {
    const path = ['units', i];
    agency(unitsFile, [...path, 'agencyId'], row.agencyId);
    place(unitsFile, [...path, 'postId'], row.postId);
    row.cameraIds.forEach((id, j) => {
      camera(unitsFile, [...path, 'cameraIds', j], id);
      if (carrier.has(id) && carrier.get(id) !== row.id)
        fault(unitsFile, [...path, 'cameraIds', j], `camera ${JSON.stringify(id)} is on another unit`);
    });
    if (row.kind === 'vehicle' || row.kind === 'boat') {
      row.crewIds.forEach((id, j) => {
        const member = byId.get(id);
        if (!member) unit(unitsFile, [...path, 'crewIds', j], id);
        else if (member.kind !== 'officer' || member.vehicleId !== row.id)
          fault(unitsFile, [...path, 'crewIds', j], `${JSON.stringify(id)} is not an officer with vehicleId ${JSON.stringify(row.id)}`);
      });
    }
    switch (row.kind) {
      case 'vehicle':
        row.patrolPlaceIds.forEach((id, j) => place(unitsFile, [...path, 'patrolPlaceIds', j], id));
        break;
      case 'officer': {
        if ((row.vehicleId === null) === (row.beat === null)) fault(unitsFile, path, 'an officer has either a vehicle or a beat');
        const vehicle = row.vehicleId === null ? undefined : byId.get(row.vehicleId);
        if (row.vehicleId !== null && !(vehicle && 'crewIds' in vehicle && vehicle.crewIds.includes(row.id)))
          fault(
            unitsFile,
            [...path, 'vehicleId'],
            `no vehicle ${JSON.stringify(row.vehicleId)} with ${JSON.stringify(row.id)} in its crew`,
          );
        if (row.beat) line(unitsFile, [...path, 'beat'], row.beat);
        break;
      }
      case 'drone':
        row.routeIds.forEach((id, j) => droneRoute(unitsFile, [...path, 'routeIds', j], id));
        break;
      case 'boat':
        line(unitsFile, [...path, 'beat'], row.beat);
        break;
    }
  });

  const spot = (path: PropertyKey[], at: Spot) => {
    if ('placeId' in at) place(dayFile, [...path, 'at', 'placeId'], at.placeId);
    else near(dayFile, [...path, 'at'], [at.lonDeg, at.latDeg]);
  };
  if (sceneId !== `${townId}/${day.id}`) fault(dayFile, ['id'], `differs from its folder, ${sceneId}`);
  for (const key of ['byChannelByHour', 'typeMix'] as const) {
    const [path, record] = key === 'typeMix' ? [['typeMix'], day.typeMix] : [['arrivals', key], day.arrivals.byChannelByHour];
    for (const id of Object.keys(record)) channel(dayFile, [...path, id], id);
    for (const id of channelIds) if (!Object.hasOwn(record, id)) fault(dayFile, path, `channel ${JSON.stringify(id)} is missing`);
  }
  channel(dayFile, ['arrivals', 'selfRectified', 'channelId'], day.arrivals.selfRectified.channelId);
  for (const [id, mix] of Object.entries(day.typeMix))
    mix.forEach((row, i) => eventType(dayFile, ['typeMix', id, i, 'typeId'], row.typeId));
  day.spots.forEach((row, i) => {
    spot(['spots', i], row.at);
    row.typeIds?.forEach((id, j) => eventType(dayFile, ['spots', i, 'typeIds', j], id));
  });
  for (const key of ['pending', 'script'] as const) {
    day[key].forEach((row, i) => {
      spot([key, i], row.at);
      channel(dayFile, [key, i, 'channelId'], row.channelId);
      eventType(dayFile, [key, i, 'typeId'], row.typeId);
      row.cameraIds.forEach((id, j) => camera(dayFile, [key, i, 'cameraIds', j], id));
    });
  }

  const first = faults[0];
  if (!first) return;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  throw new SceneError(shownAs(root, first.file), fieldPath(first.path), first.reason + more);
}
