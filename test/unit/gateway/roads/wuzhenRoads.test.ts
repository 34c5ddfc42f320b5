import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createRoadGraph } from '../../../../gateway/roads/roadGraph.ts';
import { distanceToRingM } from '../../../../gateway/scene/distanceToRing.ts';
import { loadScene } from '../../../../gateway/scene/loadScene.ts';
import type { LonLat } from '../../../../protocol/primitives.ts';

const { town, scenario } = await loadScene(fileURLToPath(new URL('../../../../scenes', import.meta.url)), 'wuzhen/ordinary');
const graph = createRoadGraph(town.roads);
const places = new Map(town.places.map((place) => [place.id, [place.lonDeg, place.latDeg] satisfies LonLat]));
const of = (id: string) => places.get(id)!;
const centre = of('command_centre');
const inCore = (point: LonLat) => distanceToRingM(point, town.scene.core.ring) === 0;
const vehicles = scenario.units.filter((unit) => unit.kind === 'vehicle');
const straightM = (a: LonLat, b: LonLat) => Math.hypot((a[0] - b[0]) * 95_700, (a[1] - b[1]) * 110_870);

describe('the roads of Wuzhen', () => {
  it('reach every village, post, gate and other place from the command centre', () => {
    const unreachable = town.places.filter((place) => !graph.route(centre, of(place.id)));
    expect(unreachable.map((place) => place.id)).toEqual([]);
  });

  it('have a road within 160 m of every place', () => {
    expect(town.places.filter((place) => graph.snap(of(place.id)).offsetM > 160).map((place) => place.id)).toEqual([]);
  });

  it('hold no island: every road leads to the command centre', () => {
    const islands = town.roads.filter((road) => road.class !== 'expressway' && !graph.route(road.line[0]!, centre));
    expect(islands.map((road) => road.id)).toEqual([]);
  });

  it('reach both expressways through their toll stations', () => {
    for (const toll of ['toll_wuzhen', 'toll_puyuan', 'toll_wuzhen_s']) expect(graph.snap(of(toll)).offsetM, toll).toBeLessThan(5);
    const expressway = town.roads.filter((road) => road.class === 'expressway').map((road) => new Set(road.line.map(String)));
    const ramps = town.roads.filter((road) => road.class !== 'expressway' && expressway.some((line) => line.has(String(road.line[0]))));
    expect(ramps.map((road) => road.id).sort()).toEqual(['tollPuyuanRamp', 'tollWuzhenRamp', 'tollWuzhenSouthRamp']);
  });

  it('are as long one way as the other', () => {
    for (const place of town.places) {
      const there = graph.route(centre, of(place.id))!;
      const back = graph.route(of(place.id), centre)!;
      expect(back.durationS, place.id).toBeCloseTo(there.durationS, 1);
    }
  });

  it('are driven at 20 to 70 km/h on duty, without absurd detours', () => {
    for (const place of town.places.filter(({ kind }) => kind === 'village' || kind === 'standbyPost')) {
      const route = graph.route(centre, of(place.id))!;
      const kmh = (route.distanceM / route.durationS) * 3.6;
      expect(kmh, place.id).toBeGreaterThan(20);
      expect(kmh, place.id).toBeLessThan(70);
      expect(route.distanceM, place.id).toBeLessThan(straightM(centre, of(place.id)) * 2 + 300);
    }
  });

  it('bring the enforcement car that stands nearest to 868 Ziye East Road within two minutes', () => {
    const target = of('ziye_east_868');
    expect(inCore(target)).toBe(true);
    const car = vehicles.find((unit) => unit.id === 'ce07')!;
    const beat = [car.postId, ...car.patrolPlaceIds].map((id) => graph.route(of(id), target)!.durationS);
    expect(Math.max(...beat)).toBeLessThanOrEqual(180);
    expect(beat[0]).toBeLessThanOrEqual(120);
  });

  it('keep the two- and five-minute promises for most of the ground from where cars stand', () => {
    const posts = [...new Set(vehicles.map((unit) => of(unit.postId)))];
    const share = (stepDeg: number, limitS: number, wanted: (point: LonLat) => boolean) => {
      let all = 0;
      let kept = 0;
      for (let lon = 120.44; lon < 120.56; lon += stepDeg) {
        for (let lat = 30.65; lat < 30.79; lat += stepDeg) {
          const point: LonLat = [lon, lat];
          if (!wanted(point) || graph.snap(point).offsetM > 150) continue;
          all += 1;
          if (posts.some((post) => graph.route(post, point)!.durationS <= limitS)) kept += 1;
        }
      }
      expect(all).toBeGreaterThan(50);
      return kept / all;
    };
    expect(share(0.003, 120, inCore)).toBeGreaterThan(0.8);
    expect(share(0.006, 300, (point) => distanceToRingM(point, town.outline.ring) === 0)).toBeGreaterThan(0.92);
  });

  it('follow the road: every stretch of a route lies on one', () => {
    const { line } = graph.route(of('post05'), of('xizha_east_gate'))!;
    for (const [i, point] of line.entries()) {
      const next = line[i + 1];
      if (!next) break;
      const middle: LonLat = [(point[0] + next[0]) / 2, (point[1] + next[1]) / 2];
      expect(graph.snap(middle).offsetM).toBeLessThan(2);
    }
  });

  it('are searched in a few milliseconds', () => {
    const pairs = town.places.flatMap((from) => town.places.slice(0, 10).map((to) => [of(from.id), of(to.id)] as const));
    const startMs = performance.now();
    for (const [from, to] of pairs) graph.route(from, to);
    // About 0.4 ms on an idle core; the bound allows for a busy machine.
    expect((performance.now() - startMs) / pairs.length).toBeLessThan(15);
  });
});
