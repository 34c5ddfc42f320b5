import { expect, test } from 'vitest';
import { createReach, reachTownOf } from '../../gateway/reach/createReach.ts';
import type { Town } from '../../protocol/town/town.ts';
import type { QueryItem, QueryKind } from '../../protocol/queries/index.ts';
import { createHandClock } from './handClock.ts';
import { serveTinyTown } from './testGateway.ts';
import { openWall } from './testWall.ts';
import type { TestWall } from './testWall.ts';
import { makeFix, tinyTown } from './tinyTown.ts';

const START_MS = Date.UTC(2026, 4, 13, 2, 0, 0);
const source = 'test';
const named = (en: string) => ({ zh: en, en });
/** East of the centre. */
const east = (metres: number) => {
  const { lonDeg, latDeg } = makeFix('', 0, metres);
  return { lonDeg, latDeg };
};
const place = (id: string, kind: 'village' | 'standbyPost', eastM: number) => ({
  id,
  name: named(id),
  kind,
  ...east(eastM),
  rank: 3,
  confidenceM: null,
  source,
});
/** 10 km (10,017 m by the ellipsoid) straight to the east from the centre; on duty a car makes 12.5 m/s, so 1.5 km in two minutes and 3.75 km in five. */
const town: Town = {
  ...tinyTown,
  roads: [
    {
      id: 'east',
      name: named('East Road'),
      class: 'townMain',
      widthM: 10,
      speedLimitKmh: 50,
      oneWay: false,
      line: [
        [120.49, 30.74],
        [east(10_000).lonDeg, 30.74],
      ],
      confidenceM: null,
      source,
    },
  ],
  places: [place('near', 'village', 3000), place('far', 'village', 9000), place('post-8', 'standbyPost', 8000)],
  promises: (
    [
      ['arriveCore', 120],
      ['arriveTown', 300],
    ] as const
  ).map(([id, limitS]) => ({
    id,
    name: named(id),
    owner: named('Town'),
    limitS,
    workingDays: null,
    source,
  })),
};
const rules = {
  basis: 'inferred' as const,
  source,
  placeKinds: ['village' as const],
  moveUp: { leastGainM: 500, longestDriveS: 900, nearlyAsGood: 0.05 },
};

async function openTown(served = town) {
  const reachTown = reachTownOf(served, null, rules);
  const clock = createHandClock(START_MS);
  const gateway = await serveTinyTown({ town: served, clock, reach: reachTown && createReach(reachTown) });
  const wall = openWall(gateway.feedUrl);
  await wall.snapshot();
  return { gateway, clock, wall };
}
let asked = 0;
async function ask<K extends QueryKind>(wall: TestWall, kind: K, data: object): Promise<QueryItem[K][]> {
  asked += 1;
  const id = `r${asked}`;
  wall.send({ frame: 'query', id, kind, data });
  const part = await wall.until(`answer to ${kind}`, () => wall.of('part').find((frame) => frame.id === id && frame.last));
  return part.items as unknown as QueryItem[K][];
}
const between = (fromM: number, toM: number) => ({ fromM: expect.closeTo(fromM, -1) as number, toM: expect.closeTo(toM, -1) as number });

test('a wall asks who can be where in time, what opens without one, and moves one up; the answers are those of the arithmetic', async () => {
  const { gateway, clock, wall } = await openTown();
  gateway.intake.fixes([makeFix('car-1', START_MS, 0), makeFix('car-2', START_MS, 500)]);
  const [reach] = await ask(wall, 'reach', {});
  expect(reach).toMatchObject({ atMs: START_MS, unitIds: ['car-1', 'car-2'], coreLimitS: 120, townLimitS: 300, latePlaceIds: ['far'] });
  // The core ends 957 m to the east. The reach of car-2, at 500 m, ends at 2,000 m and 4,250 m.
  expect(reach!.roads).toEqual([
    {
      roadId: 'east',
      stretches: [
        { band: 'core', ...between(0, 2000) },
        { band: 'town', ...between(2000, 4250) },
        { band: 'out', ...between(4250, 10_017) },
      ],
    },
  ]);
  expect(await ask(wall, 'reachWithout', { unitIds: ['car-1', 'car-2', 'car-3'] })).toEqual([
    { unitId: 'car-1', counted: true, opensM: 0, opensPlaceIds: [], roads: [] },
    {
      unitId: 'car-2',
      counted: true,
      opensM: expect.closeTo(500, -1) as number,
      opensPlaceIds: [],
      roads: [{ roadId: 'east', spans: [between(3750, 4250)] }],
    },
    { unitId: 'car-3', counted: false, opensM: 0, opensPlaceIds: [], roads: [] },
  ]);

  // A car at the post, 8,014 m along, keeps all but 14 m of the rest.
  const [best, ...others] = await ask(wall, 'moveUp', { limit: 3 });
  expect(others).toEqual([]);
  expect(best).toMatchObject({
    unitId: 'car-1',
    postId: 'post-8',
    opensM: 0,
    winsPlaceIds: ['far'],
    opensPlaceIds: [],
    gainM: expect.closeTo(5750, -2) as number,
  });
  expect(best!.driveS).toBe(641);
  expect(await wall.command('unit.standby', { unitId: 'car-1', postId: 'post-8' }, { expiresAtMs: START_MS + 30_000 })).toMatchObject({
    status: 'applied',
  });
  await wall.event('unit.updated', ({ id, standby }) => id === 'car-1' && (standby as { postId: string }).postId === 'post-8');
  expect(gateway.orders).toMatchObject([{ kind: 'standby', unitId: 'car-1' }]);
  expect(await ask(wall, 'moveUp', { limit: 3 })).toEqual([]);
  // Where it really is counts until it is there.
  expect((await ask(wall, 'reach', {}))[0]!.latePlaceIds).toEqual(['far']);
  clock.advance(60_000);
  gateway.intake.fixes([makeFix('car-1', clock.nowMs(), 8000), makeFix('car-2', clock.nowMs(), 500)]);
  expect((await ask(wall, 'reach', {}))[0]).toMatchObject({ latePlaceIds: [], roadM: { out: expect.closeTo(13, -1) as number } });
  expect(gateway.faults).toEqual([]);

  // The past is asked like the present, and knows nothing of what came after.
  const past = openWall(gateway.feedUrl, { hello: { replay: { atMs: START_MS + 1000, rate: 0 } } });
  await past.snapshot();
  expect(await ask(past, 'reach', {})).toMatchObject([{ unitIds: ['car-1', 'car-2'], latePlaceIds: ['far'] }]);
  expect([...wall.state.invalid, ...past.state.invalid]).toEqual([]);
});

test('a town that promises no arrival says so', async () => {
  const { wall } = await openTown({ ...town, promises: [] });
  expect(await ask(wall, 'reach', {})).toEqual([]);
  expect(wall.of('err').at(-1)).toMatchObject({ code: 'notFound' });
});
