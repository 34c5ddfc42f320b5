import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { insideRing } from '../../../../gateway/desk/insideRing.ts';
import { reachTownOf } from '../../../../gateway/reach/createReach.ts';
import { createReachEngine } from '../../../../gateway/reach/reachEngine.ts';
import type { FreeUnit } from '../../../../gateway/reach/reachTown.ts';
import { createLocalMetres } from '../../../../gateway/roads/localMetres.ts';
import { createTraffic } from '../../../../gateway/roads/traffic.ts';
import { loadScene } from '../../../../gateway/scene/loadScene.ts';
import { createSeededRandom } from '../../../../gateway/sources/scene/seededRandom.ts';
import type { LonLat } from '../../../../protocol/primitives.ts';
import { createNgraphRoads } from '../../../support/ngraphRoads.ts';

const { town, traffic, reach: rules } = await loadScene(fileURLToPath(new URL('../../../../scenes', import.meta.url)), 'wuzhen/ordinary');
/** A Wednesday, 17:30 in Wuzhen. */
const atMs = Date.UTC(2026, 4, 13, 9, 30);
// Every third road one-way: the reach of a car is not the same in both directions.
const roads = town.roads.map((road, i) => ({ ...road, oneWay: i % 3 === 0 && road.class !== 'expressway' }));
const reachTown = { ...reachTownOf(town, traffic, rules)!, roads };
const engine = createReachEngine(reachTown);
const second = {
  vehicle: createNgraphRoads(roads, 'vehicle', createTraffic(traffic!, town.scene.utcOffsetMin), atMs),
  officer: createNgraphRoads(roads, 'officer', createTraffic(traffic!, town.scene.utcOffsetMin), atMs),
};
const metres = createLocalMetres([town.scene.originLonDeg, town.scene.originLatDeg]);

/** Anywhere in the south and the centre: the north is left alone, so that every band is there. */
function someUnits(seed: number, count: number): FreeUnit[] {
  const random = createSeededRandom(seed, 'reach');
  return Array.from({ length: count }, (_, i) => ({
    unitId: `unit-${i}`,
    kind: i % 4 === 3 ? 'officer' : 'vehicle',
    at: [random.between(120.45, 120.54), random.between(30.665, 30.75)],
    postId: null,
  }));
}
const soonestS = (units: readonly FreeUnit[], to: LonLat): number =>
  Math.min(...units.map(({ kind, at }) => second[kind].secondsBetween(at, to) ?? Infinity));
/** A point of a road, by its own points and no edge of any network. */
function pointAt(roadId: string, alongM: number): LonLat {
  const points = roads.find(({ id }) => id === roadId)!.line.map((point) => metres.toXy(point));
  let leftM = alongM;
  for (let i = 1; i < points.length; i += 1) {
    const [a, b] = [points[i - 1]!, points[i]!];
    const lengthM = Math.hypot(b.x - a.x, b.y - a.y);
    if (leftM <= lengthM || i === points.length - 1) {
      const t = Math.min(1, leftM / lengthM);
      return metres.toLonLat({ x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t });
    }
    leftM -= lengthM;
  }
  throw new Error('a road has two points');
}
const limitAt = (point: LonLat): number => (insideRing(point, town.scene.core.ring) ? 120 : 300);
const middle = ({ fromM, toM }: { fromM: number; toM: number }): number => (fromM + toM) / 2;
/** So much is 2 m of road at walking pace, or what a point is off for crossing a ring or a corner. */
const SLACK_S = 1.5;

test('each band is where the second library says that the soonest of all units is in that time', () => {
  const units = someUnits(1, 14);
  const answer = engine.reach(units, atMs);
  const random = createSeededRandom(2, 'points');
  const all = answer.roads.flatMap(({ roadId, stretches }) => stretches.map((stretch) => ({ roadId, ...stretch })));
  for (const band of ['core', 'town', 'lateInCore', 'out'] as const) {
    const wide = all.filter((stretch) => stretch.band === band && stretch.toM - stretch.fromM > 20);
    expect(wide.length, band).toBeGreaterThan(5);
    for (let i = 0; i < 12; i += 1) {
      const { roadId, fromM, toM } = random.pick(wide);
      const point = pointAt(roadId, random.between(fromM + 8, toM - 8));
      const soonest = soonestS(units, point);
      const told = `${band} ${roadId} ${point.join()}: ${soonest}`;
      if (band === 'core') expect(soonest, told).toBeLessThan(120 + SLACK_S);
      else expect(soonest, told).toBeGreaterThan(120 - SLACK_S);
      if (band === 'out') expect(soonest, told).toBeGreaterThan(300 - SLACK_S);
      else expect(soonest, told).toBeLessThan(300 + SLACK_S);
      if (band === 'town' || band === 'lateInCore') expect(limitAt(point), told).toBe(band === 'town' ? 300 : 120);
    }
    const lengthM = all.reduce((sum, stretch) => sum + (stretch.band === band ? stretch.toM - stretch.fromM : 0), 0);
    expect(Math.abs(lengthM - answer.roadM[band]), band).toBeLessThan(60);
  }
});

test('places are late exactly where the second library says so', () => {
  const units = someUnits(3, 8);
  const { latePlaceIds } = engine.reach(units, atMs);
  const named = town.places.filter(
    ({ kind, lonDeg, latDeg }) => rules!.placeKinds.includes(kind) && insideRing([lonDeg, latDeg], town.outline.ring),
  );
  const late = named.filter(({ lonDeg, latDeg }) => soonestS(units, [lonDeg, latDeg]) > limitAt([lonDeg, latDeg]));
  expect(latePlaceIds).toEqual(late.map(({ id }) => id));
  expect(late.length).toBeGreaterThan(5);
  expect(late.length).toBeLessThan(named.length - 5);
});

test('what opens without a unit is what it alone keeps, and is the difference of two reaches', () => {
  const units = someUnits(4, 9);
  const keptM = (some: readonly FreeUnit[]) => {
    const { roadM } = engine.reach(some, atMs);
    return roadM.core + roadM.town;
  };
  const answers = engine.without(
    units,
    atMs,
    units.map(({ unitId }) => unitId),
  );
  let checked = 0;
  answers.forEach((answer, i) => {
    const others = units.filter((unit) => unit.unitId !== answer.unitId);
    expect(answer.opensM).toBeCloseTo(keptM(units) - keptM(others), 0);
    const lateWithout = engine.reach(others, atMs).latePlaceIds;
    const late = engine.reach(units, atMs).latePlaceIds;
    expect(answer.opensPlaceIds).toEqual(lateWithout.filter((id) => !late.includes(id)));
    for (const { roadId, spans } of answer.roads) {
      const span = spans.find(({ fromM, toM }) => toM - fromM > 60);
      if (!span || checked > 30) continue;
      checked += 1;
      const point = pointAt(roadId, middle(span));
      expect(soonestS([units[i]!], point), `${answer.unitId} ${roadId}`).toBeLessThan(limitAt(point) + SLACK_S);
      expect(soonestS(others, point), `${answer.unitId} ${roadId}`).toBeGreaterThan(limitAt(point) - SLACK_S);
    }
  });
  expect(checked).toBeGreaterThan(10);
  expect(engine.without(units, atMs, ['busy'])).toEqual([{ unitId: 'busy', counted: false, opensM: 0, opensPlaceIds: [], roads: [] }]);
});

test('a move-up wins what the reach of the same units grows by when the unit stands at the post', () => {
  const units = someUnits(5, 12);
  const before = engine.reach(units, atMs);
  const found = engine.moveUp(units, atMs, 10);
  expect(found.length).toBeGreaterThan(1);
  const posts = new Map(town.places.map((place) => [place.id, place]));
  for (const { unitId, postId, gainM, driveS, winsPlaceIds, opensPlaceIds } of found) {
    const post = posts.get(postId)!;
    expect(post.kind).toBe('standbyPost');
    const from = units.find((unit) => unit.unitId === unitId)!;
    expect(from.kind).toBe('vehicle');
    const at: LonLat = [post.lonDeg, post.latDeg];
    expect(driveS).toBe(Math.round(second.vehicle.secondsBetween(from.at, at)!));
    const after = engine.reach(
      units.map((unit) => (unit === from ? { ...unit, at } : unit)),
      atMs,
    );
    expect(gainM / (after.roadM.core + after.roadM.town - before.roadM.core - before.roadM.town)).toBeCloseTo(1, 3);
    expect(gainM).toBeGreaterThanOrEqual(rules!.moveUp.leastGainM);
    const gone = before.latePlaceIds.filter((id) => !after.latePlaceIds.includes(id));
    expect(winsPlaceIds).toEqual(expect.arrayContaining(gone));
    expect(opensPlaceIds).toEqual(after.latePlaceIds.filter((id) => !before.latePlaceIds.includes(id)));
  }
  const gains = found.map(({ gainM }) => gainM);
  expect(gains).toEqual(gains.toSorted((a, b) => b - a));
  // Once it is on its way, nobody else is asked for the same post.
  const best = found[0]!;
  const moving = units.map((unit) => (unit.unitId === best.unitId ? { ...unit, postId: best.postId } : unit));
  const next = engine.moveUp(moving, atMs, 10);
  expect(next.some(({ postId }) => postId === best.postId)).toBe(false);
  expect(next.some(({ unitId }) => unitId === best.unitId)).toBe(false);
});

test('a unit whose leaving opens as much as it closes is not proposed', () => {
  const alone = town.places
    .filter(({ kind }) => kind === 'standbyPost')
    .map((post): FreeUnit => ({ unitId: 'alone', kind: 'vehicle', at: [post.lonDeg, post.latDeg], postId: null }))
    .map((unit) => ({ unit, reach: engine.reach([unit], atMs).roadM }))
    .reduce((a, b) => (b.reach.core + b.reach.town > a.reach.core + a.reach.town ? b : a)).unit;
  // From the post that keeps most, every move of the only unit would lose.
  expect(engine.moveUp([alone], atMs, 10)).toEqual([]);
  const two = engine.moveUp([alone, { ...alone, unitId: 'another' }], atMs, 10);
  expect(two.length).toBeGreaterThan(0);
  expect(two.every(({ opensM }) => opensM === 0)).toBe(true);
});

test('nobody is within reach of anything without units', () => {
  const { roadM } = engine.reach([], atMs);
  expect(roadM).toMatchObject({ core: 0, town: 0, lateInCore: 0 });
  expect(engine.moveUp([], atMs, 3)).toEqual([]);
});
