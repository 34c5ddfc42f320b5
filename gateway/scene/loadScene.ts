import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { calendarYearSchema, countingFileSchema, skillSchema, townSchema, type Town } from '../../protocol/town/town.ts';
import { alarmFileSchema, type AlarmFile } from './alarmFile.ts';
import { checkReferences } from './checkReferences.ts';
import { mergingFileSchema, triageFileSchema, type MergingFile, type TriageFile } from './deskRulesFile.ts';
import { readJson, shownAs } from './readJson.ts';
import { reachFileSchema, type ReachFile } from './reachFile.ts';
import { camerasFileSchema, scenarioFileSchema, unitsFileSchema, type Located, type Scenario, type Spot } from './scenario.ts';
import { SceneError } from './sceneError.ts';
import { trafficFileSchema, type TrafficFile } from './trafficFile.ts';

const { shape } = townSchema;
const rows = <S extends z.core.$ZodShape>(list: z.ZodArray<z.ZodObject<S>>) => z.array(list.element.strict());
const waterFileSchema = z.strictObject({ lines: rows(shape.waterLines), areas: rows(shape.waterAreas) });

export interface LoadedScene {
  town: Town;
  scenario: Scenario;
  traffic: TrafficFile | null;
  triage: TriageFile['rules'];
  merging: MergingFile | null;
  alarms: AlarmFile | null;
  reach: ReachFile | null;
}

/**
 * Reads a scene: the town's files and one scripted day of it, checked field by field and against each other. A town without a table of
 * traffic has empty roads, one without a list of skills needs none, one without rules of triage goes by the type of event, one without rules
 * of merging merges nothing by itself, one without a calendar works from Monday to Friday, one without rules for the reach of its units
 * does not tell it, one without rules of alarms raises none.
 * @param root the folder that holds all scenes. @param sceneId `<town>/<scenario>`.
 * @throws {SceneError} one line: file, field, reason.
 */
export async function loadScene(root: string, sceneId: string): Promise<LoadedScene> {
  const known = await listScenes(root);
  if (!known.includes(sceneId)) {
    const choice = known.length > 0 ? `there ${known.length > 1 ? 'are' : 'is'} ${known.join(', ')}` : 'there is none';
    throw new SceneError(shownAs(root, sceneId), '', `no such scene; ${choice}`);
  }
  const townId = sceneId.split('/')[0]!;
  const one = <S extends z.ZodType>(file: string, schema: S) => readJson(root, `${townId}/${file}.json`, schema);
  const list = <S extends z.core.$ZodShape>(file: string, schema: z.ZodArray<z.ZodObject<S>>) =>
    readJson(root, `${townId}/${file}.json`, rows(schema), file);

  // One after the other: the first fault in reading order is the one reported, every time.
  const scene = await one('scene', shape.scene.strict());
  const outline = await one('outline', shape.outline.strict());
  const roads = await list('roads', shape.roads);
  const water = await one('water', waterFileSchema);
  const town: Town = {
    scene,
    outline,
    roads,
    waterLines: water.lines,
    waterAreas: water.areas,
    places: await list('places', shape.places),
    quarters: await list('quarters', shape.quarters),
    agencies: await list('agencies', shape.agencies),
    channels: await list('channels', shape.channels),
    eventTypes: await list('eventTypes', shape.eventTypes),
    promises: await list('promises', shape.promises),
    droneRoutes: await list('droneRoutes', shape.droneRoutes),
  };
  const files = await readdir(join(root, townId));
  if (files.includes('skills.json')) town.skills = await list('skills', z.array(skillSchema));
  if (files.includes('calendar.json')) town.calendar = await list('calendar', z.array(calendarYearSchema));
  if (files.includes('counting.json')) town.counting = await one('counting', countingFileSchema.strict());
  const traffic = files.includes('traffic.json') ? await one('traffic', trafficFileSchema) : null;
  const triage = files.includes('triage.json') ? await one('triage', triageFileSchema) : null;
  if (triage) town.chairs = triage.chairs;
  const merging = files.includes('merging.json') ? await one('merging', mergingFileSchema) : null;
  const alarms = files.includes('alarms.json') ? await one('alarms', alarmFileSchema) : null;
  const reach = files.includes('reach.json') ? await one('reach', reachFileSchema) : null;
  const fixed = await readJson(root, `${townId}/cameras.json`, camerasFileSchema, 'cameras');
  const day = await readJson(root, `${sceneId}/scenario.json`, scenarioFileSchema);
  const { units, cameras: carried } = await readJson(root, `${sceneId}/units.json`, unitsFileSchema);

  const rules = triage?.rules ?? [];
  checkReferences(root, townId, sceneId, { town, fixed, day, units, carried, rules, merging });
  const locate = <T extends { at: Spot }>({ at, ...rest }: T): Omit<T, 'at'> & Located => ({ ...rest, ...lookUp(town, at) });
  const { startAt, ...kept } = day;
  const scenario: Scenario = {
    ...kept,
    startAtMs: Date.parse(startAt),
    spots: day.spots.map(locate),
    pending: day.pending.map(locate),
    script: day.script.map(locate),
    units,
    cameras: [...fixed, ...carried],
  };
  return { town, scenario, traffic, triage: rules, merging, alarms, reach };
}

/** Every `<town>/<scenario>` in the folder: a scenario is a folder with a scenario.json in a folder with a scene.json. */
export async function listScenes(root: string): Promise<string[]> {
  const inside = async (folder: string) => {
    try {
      return await readdir(folder, { withFileTypes: true });
    } catch (cause) {
      throw new SceneError(shownAs(root, ''), '', `the folder of scenes cannot be read (${folder})`, cause);
    }
  };
  const found: string[] = [];
  for (const town of await inside(root)) {
    if (!town.isDirectory()) continue;
    const entries = await inside(join(root, town.name));
    if (!entries.some((entry) => entry.name === 'scene.json')) continue;
    for (const entry of entries) {
      if (!entry.isDirectory()) continue;
      const files = await inside(join(root, town.name, entry.name));
      if (files.some((file) => file.name === 'scenario.json')) found.push(`${town.name}/${entry.name}`);
    }
  }
  return found.sort();
}

function lookUp(town: Town, spot: Spot): Located {
  if (!('placeId' in spot)) return { placeId: null, ...spot };
  const place = town.places.find((one) => one.id === spot.placeId);
  // checkReferences has made sure of it.
  if (!place) throw new Error(`place ${spot.placeId} is gone`);
  return { placeId: place.id, place: place.name, lonDeg: place.lonDeg, latDeg: place.latDeg };
}
