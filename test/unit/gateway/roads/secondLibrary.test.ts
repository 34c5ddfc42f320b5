import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createRoadGraph } from '../../../../gateway/roads/roadGraph.ts';
import { createTraffic, freeFlow } from '../../../../gateway/roads/traffic.ts';
import { loadScene } from '../../../../gateway/scene/loadScene.ts';
import { createSeededRandom } from '../../../../gateway/sources/scene/seededRandom.ts';
import type { LonLat } from '../../../../protocol/primitives.ts';
import type { Road } from '../../../../protocol/town/town.ts';
import { gridPoint, makeGridRoads } from '../../../support/gridRoads.ts';
import { createNgraphRoads } from '../../../support/ngraphRoads.ts';

const { town, traffic } = await loadScene(fileURLToPath(new URL('../../../../scenes', import.meta.url)), 'wuzhen/ordinary');
/** A Wednesday, 17:30 in Wuzhen: everybody drives home. */
const rushMs = Date.UTC(2026, 4, 13, 9, 30);
const rush = createTraffic(traffic!, town.scene.utcOffsetMin);

/** Every way of 1,000 costs what the second library says, and what its own stretches add up to. @returns how many ways there were. */
function compare(roads: readonly Road[], point: () => LonLat, kind: 'vehicle' | 'officer', slowed: boolean): number {
  const graph = createRoadGraph(roads, slowed ? rush : freeFlow);
  const second = createNgraphRoads(roads, kind, slowed ? rush : freeFlow, rushMs);
  let ways = 0;
  for (let i = 0; i < 1000; i += 1) {
    const [from, to] = [point(), point()];
    const own = graph.route(from, to, { kind, atMs: rushMs });
    const other = second.secondsBetween(from, to);
    expect(own === null, `${from.join()} to ${to.join()}`).toBe(other === null);
    if (!own || other === null) continue;
    ways += 1;
    expect(own.durationS, `${from.join()} to ${to.join()}`).toBeCloseTo(other, 6);
  }
  return ways;
}

test('1,000 ways in Wuzhen take as long as ngraph.path says, with every third road one-way, in the rush hour', () => {
  const random = createSeededRandom(1, 'pairs');
  const roads = town.roads.map((road, i) => ({ ...road, oneWay: i % 3 === 0 && road.class !== 'expressway' }));
  const point = (): LonLat => [random.between(120.44, 120.56), random.between(30.65, 30.79)];
  expect(compare(roads, point, 'vehicle', true)).toBeGreaterThan(700);
  expect(compare(town.roads, point, 'officer', false)).toBe(1000);
}, 60_000);

test('1,000 ways in a made-up town of 4,000 edges, one way streets among them', () => {
  const random = createSeededRandom(2, 'pairs');
  const sizeM = 44 * 120;
  const roads = makeGridRoads(45, () => random.between(0, 1));
  const point = (): LonLat => gridPoint(random.between(0, sizeM), random.between(0, sizeM));
  expect(createRoadGraph(roads).edgeCount).toBeGreaterThan(3500);
  expect(compare(roads, point, 'vehicle', true)).toBeGreaterThan(900);
}, 60_000);

test('many ways to one place are the same as each alone', () => {
  const random = createSeededRandom(3, 'many');
  const graph = createRoadGraph(town.roads, rush);
  const to: LonLat = [120.489, 30.7425];
  const from = Array.from({ length: 60 }, (): LonLat => [random.between(120.44, 120.56), random.between(30.65, 30.79)]);
  const many = graph.waysTo(to, from, { atMs: rushMs });
  expect(many.map((way) => way?.route())).toEqual(from.map((start) => graph.route(start, to, { atMs: rushMs }) ?? undefined));
});

test('traffic slows a road at its hour, a holiday slows it more, and nobody on foot', () => {
  const graph = createRoadGraph(town.roads, rush);
  const [from, to]: [LonLat, LonLat] = [
    [120.4905, 30.743],
    [120.535, 30.717],
  ];
  const at = (iso: string, kind: 'vehicle' | 'officer' = 'vehicle') => graph.route(from, to, { kind, atMs: Date.parse(iso) })!.durationS;
  const free = graph.route(from, to)!.durationS;
  expect(at('2026-05-13T03:00:00+08:00')).toBeCloseTo(free, 6);
  expect(at('2026-05-13T17:10:00+08:00')).toBeGreaterThan(free * 1.15);
  // The hour of the town, not of UTC.
  expect(at('2026-05-13T20:59:00+08:00')).toBeLessThan(free * 1.02);
  expect(at('2026-05-02T10:00:00+08:00')).toBeGreaterThan(at('2026-05-13T10:00:00+08:00') * 1.2);
  expect(at('2026-05-06T10:00:00+08:00')).toBeCloseTo(at('2026-05-13T10:00:00+08:00'), 6);
  expect(at('2026-05-02T10:00:00+08:00', 'officer')).toBeCloseTo(at('2026-05-13T03:00:00+08:00', 'officer'), 6);
});
