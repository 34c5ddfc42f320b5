import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadScene } from '../../../../gateway/scene/loadScene.ts';
import { SceneError } from '../../../../gateway/scene/sceneError.ts';

const real = fileURLToPath(new URL('../../../../scenes', import.meta.url));
let folder = '';
let root = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scene-'));
  root = join(folder, 'scenes');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Json = Record<string, never> & never[];
/** Loads a copy of the scene after `change` has been at one of its files. */
async function faultOf(file: string, change: (data: Json) => unknown): Promise<SceneError> {
  return faultOfText(file, (text) => {
    const data = JSON.parse(text) as Json;
    return JSON.stringify(change(data) ?? data);
  });
}
async function faultOfText(file: string, change: (text: string) => string | null): Promise<SceneError> {
  await rm(root, { recursive: true, force: true });
  await cp(real, root, { recursive: true });
  const path = join(root, 'wuzhen', file);
  const text = change(await readFile(path, 'utf8'));
  if (text === null) await rm(path);
  else await writeFile(path, text);
  return loadScene(root, 'wuzhen/ordinary').then(
    () => expect.fail('loaded'),
    (error: unknown) => {
      expect(error).toBeInstanceOf(SceneError);
      expect((error as SceneError).message).not.toContain('\n');
      return error as SceneError;
    },
  );
}
/** Sets a field deep in a row; `[3, 'name', 'zh']`. */
const set = (data: unknown, path: (string | number)[], value: unknown) => {
  const last = path[path.length - 1]!;
  const holder = path
    .slice(0, -1)
    .reduce<Record<string | number, unknown>>(
      (at, key) => at[key] as Record<string | number, unknown>,
      data as Record<string | number, unknown>,
    );
  if (value === undefined) Reflect.deleteProperty(holder, last);
  else holder[last] = value;
};
const setting = (file: string, path: (string | number)[], value: unknown) => faultOf(file, (data) => void set(data, path, value));

describe('loadScene refuses, with file, field and reason,', () => {
  it('an unknown scene, and names those that exist', async () => {
    await expect(loadScene(real, 'wuzhen/carnival')).rejects.toThrow(/^scenes\/wuzhen\/carnival: no such scene; .*wuzhen\/ordinary/);
    await expect(loadScene(real, '../wuzhen/ordinary')).rejects.toThrow('no such scene');
    const empty = join(folder, 'empty');
    await mkdir(empty);
    await expect(loadScene(empty, 'wuzhen/ordinary')).rejects.toThrow('empty/wuzhen/ordinary: no such scene; there is none');
  });
  it('a folder of scenes that is not there', async () => {
    await expect(loadScene(join(folder, 'nowhere'), 'a/b')).rejects.toThrow('the folder of scenes cannot be read');
  });
  it('a missing file', async () => {
    const error = await faultOfText('roads.json', () => null);
    expect(error.message).toBe('scenes/wuzhen/roads.json: the file is missing');
  });
  it('a comma too many, with line and column', async () => {
    const error = await faultOfText('places.json', (text) => text.replace(/\]\n?$/, ',\n]'));
    const lines = (await readFile(join(root, 'wuzhen/places.json'), 'utf8')).split('\n');
    expect(error.message).toBe(`scenes/wuzhen/places.json: line ${lines.length} column 1: not JSON: unexpected "]"`);
  });
  it('a town without a street', async () => {
    expect((await faultOf('roads.json', (data) => data.splice(0) && undefined)).message).toMatch(
      /^scenes\/wuzhen\/roads\.json: roads: no road/,
    );
  });
  it('nothing in a byte order mark, and what stands behind one by its own place', async () => {
    const error = await faultOfText('places.json', () => '\uFEFF[}');
    expect(error.message).toBe('scenes/wuzhen/places.json: line 1 column 2: not JSON: unexpected "}"');
  });
  it('a file that ends too early', async () => {
    const error = await faultOfText('ordinary/units.json', (text) => text.slice(0, text.indexOf(',')));
    expect(error.message).toMatch(/^scenes\/wuzhen\/ordinary\/units\.json: line 3 column \d+: not JSON: the text ends too early$/);
  });

  const wrong: [string, string, (string | number)[], unknown, RegExp][] = [
    [
      'a wrong type',
      'roads.json',
      [3, 'line', 0],
      'here',
      /^scenes\/wuzhen\/roads\.json: roads\[3\]\.line\[0\]: .*expected (tuple|array).*got "here"/,
    ],
    ['a latitude out of range', 'places.json', [0, 'latDeg'], 120.4, /places\.json: places\[0\]\.latDeg: .*got 120\.4/],
    ['a field left out', 'water.json', ['lines', 1, 'widthM'], undefined, /water\.json: lines\[1\]\.widthM: /],
    ['a misspelt field', 'quarters.json', [2, 'stile'], 'old', /quarters\.json: quarters\[2\]: .*stile/],
    ['an unknown road class', 'roads.json', [0, 'class'], 'motorway', /roads\[0\]\.class: .*got "motorway"/],
    ['a colour that is none', 'agencies.json', [1, 'colour'], 'blue', /agencies\[1\]\.colour: .*got "blue"/],
    ['a list where an object belongs', 'scene.json', ['homeView'], [], /scene\.json: homeView: /],
    [
      'a time without a zone',
      'ordinary/scenario.json',
      ['startAt'],
      '2026-05-13T19:20:00',
      /scenario\.json: startAt: .*got "2026-05-13T19:20:00"/,
    ],
    [
      'twenty-three hours',
      'ordinary/scenario.json',
      ['arrivals', 'byChannelByHour', 'grid'],
      Array(23).fill(0),
      /arrivals\.byChannelByHour\.grid: /,
    ],
    [
      'a p90 below the median',
      'ordinary/scenario.json',
      ['operators', 'accept', 'p90S'],
      1,
      /operators\.accept\.p90S: p90S is below medianS/,
    ],
    [
      'a spot with half a position',
      'ordinary/scenario.json',
      ['script', 0, 'at'],
      { place: { zh: '某处', en: 'x' }, lonDeg: 120.5 },
      /script\[0\]\.at\.latDeg: /,
    ],
    ['a day before all time', 'ordinary/scenario.json', ['startAt'], '1969-05-13T19:20:00+08:00', /startAt: expected a time from 2000/],
    [
      'more reports than a city has',
      'ordinary/scenario.json',
      ['arrivals', 'byChannelByHour', 'grid', 7],
      1e9,
      /byChannelByHour\.grid\[7\]: .*got 1000000000/,
    ],
    ['an officer without a call sign', 'ordinary/units.json', ['units', 1, 'name', 'zh'], '', /units\[1\]\.name\.zh: /],
    ['a unit of no known kind', 'ordinary/units.json', ['units', 0, 'kind'], 'horse', /units\[0\]\.kind: /],
  ];
  it.each(wrong)('%s', async (_what, file, path, value, expected) => {
    expect((await setting(file, path, value)).message).toMatch(expected);
  });

  const dangling: [string, string, (string | number)[], unknown, string][] = [
    ['an unknown agency', 'eventTypes.json', [4, 'leadAgencyId'], 'zz', 'eventTypes.json: eventTypes[4].leadAgencyId: no agency "zz"'],
    [
      'an unknown supporting agency',
      'eventTypes.json',
      [0, 'supportAgencyIds', 0],
      'zz',
      'eventTypes[0].supportAgencyIds[0]: no agency "zz"',
    ],
    ['an unknown dock', 'droneRoutes.json', [0, 'dockId'], 'post99', 'droneRoutes.json: droneRoutes[0].dockId: no place "post99"'],
    [
      'an unknown channel',
      'ordinary/scenario.json',
      ['script', 1, 'channelId'],
      'radio',
      'scenario.json: script[1].channelId: no channel "radio"',
    ],
    [
      'an unknown event type',
      'ordinary/scenario.json',
      ['typeMix', 'grid', 0, 'typeId'],
      'ufo',
      'typeMix.grid[0].typeId: no event type "ufo"',
    ],
    [
      'an unknown event type of a spot',
      'ordinary/scenario.json',
      ['spots', 0, 'typeIds'],
      ['ufo'],
      'spots[0].typeIds[0]: no event type "ufo"',
    ],
    ['an unknown place', 'ordinary/scenario.json', ['script', 0, 'at', 'placeId'], 'atlantis', 'script[0].at.placeId: no place "atlantis"'],
    ['an unknown camera', 'ordinary/scenario.json', ['pending', 1, 'cameraIds', 0], 'cam', 'pending[1].cameraIds[0]: no camera "cam"'],
    ['an unknown post', 'ordinary/units.json', ['units', 0, 'postId'], 'post99', 'units.json: units[0].postId: no place "post99"'],
    ['an unknown patrol place', 'ordinary/units.json', ['units', 0, 'patrolPlaceIds', 1], 'x', 'units[0].patrolPlaceIds[1]: no place "x"'],
    [
      'an unknown crew member',
      'ordinary/units.json',
      ['units', 0, 'crewIds', 0],
      'officer-999',
      'units[0].crewIds[0]: no unit "officer-999"',
    ],
    [
      "another car's crew",
      'ordinary/units.json',
      ['units', 0, 'crewIds', 0],
      'officer-030',
      'units[0].crewIds[0]: "officer-030" is not an officer with vehicleId "ce01"',
    ],
    ['an unknown vehicle', 'ordinary/units.json', ['units', 1, 'vehicleId'], 'ce99', 'units[0].crewIds[0]: '],
    [
      'a beat for an officer who drives',
      'ordinary/units.json',
      ['units', 1, 'beat'],
      [
        [120.49, 30.74],
        [120.491, 30.74],
      ],
      'units[1]: an officer has either a vehicle or a beat',
    ],
    [
      "another unit's camera",
      'ordinary/units.json',
      ['units', 1, 'cameraIds', 0],
      'body-002',
      'units[1].cameraIds[0]: camera "body-002" is on another unit',
    ],
    ['a carried camera of nobody', 'ordinary/units.json', ['cameras', 0, 'unitId'], 'nobody', 'cameras[0].unitId: no unit "nobody"'],
    [
      'a fixed camera without a position',
      'cameras.json',
      [0, 'lonDeg'],
      null,
      'cameras.json: cameras[0].lonDeg: a fixed camera needs a position',
    ],
    ['a taken id', 'places.json', [5, 'id'], 'bus_station', 'places.json: places[5].id: "bus_station" is taken'],
    [
      'a camera id taken by another file',
      'ordinary/units.json',
      ['cameras', 0, 'id'],
      'street-001',
      'cameras[0].id: "street-001" is taken',
    ],
    [
      'a channel without hours',
      'ordinary/scenario.json',
      ['arrivals', 'byChannelByHour', 'drone'],
      undefined,
      'channel "drone" is missing',
    ],
    [
      'an id that is not its folder',
      'ordinary/scenario.json',
      ['id'],
      'typhoon',
      'scenario.json: id: differs from its folder, wuzhen/ordinary',
    ],
    ['a road in another province', 'roads.json', [20, 'line', 1], [119.5, 30.7], 'roads[20].line[1]: '],
    ['a place far outside', 'places.json', [2, 'lonDeg'], 120.9, 'km outside the outline, more than 1.5 km'],
  ];
  it.each(dangling)('%s', async (_what, file, path, value, expected) => {
    expect((await setting(file, path, value)).message).toContain(expected);
  });

  it('many faults at once: names the first and counts the rest', async () => {
    const error = await faultOf('eventTypes.json', (data) => {
      set(data, [1, 'leadAgencyId'], 'a1');
      set(data, [2, 'leadAgencyId'], 'a2');
    });
    expect(error.message).toBe('scenes/wuzhen/eventTypes.json: eventTypes[1].leadAgencyId: no agency "a1" (and 1 more)');
  });
});
