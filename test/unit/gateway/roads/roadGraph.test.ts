import { describe, expect, it } from 'vitest';
import { createRoadGraph } from '../../../../gateway/roads/roadGraph.ts';
import type { LonLat } from '../../../../protocol/primitives.ts';
import type { Road } from '../../../../protocol/town/town.ts';

/** Metres east and north of a point near Wuzhen, as a position. */
const M_PER_LAT = 110_867;
const M_PER_LON = 95_727;
const at = (eastM: number, northM: number): LonLat => [120.49 + eastM / M_PER_LON, 30.74 + northM / M_PER_LAT];
const road = (id: string, line: LonLat[], fields: Partial<Road> = {}): Road => ({
  id,
  name: { zh: id, en: id },
  class: 'street',
  widthM: 8,
  speedLimitKmh: 40,
  oneWay: false,
  confidenceM: null,
  source: 'test',
  line,
  ...fields,
});
const endOf = (line: readonly LonLat[]) => line[line.length - 1]!;
const expectNear = (point: LonLat, wanted: LonLat, toleranceM = 1.5) => {
  expect(Math.hypot((point[0] - wanted[0]) * M_PER_LON, (point[1] - wanted[1]) * M_PER_LAT)).toBeLessThan(toleranceM);
};

describe('createRoadGraph', () => {
  it('joins lines that cross without a shared vertex', () => {
    const graph = createRoadGraph([road('ew', [at(-500, 0), at(500, 0)]), road('ns', [at(0, -400), at(0, 400)])]);
    const route = graph.route(at(-500, 0), at(0, 400))!;
    expect(route.distanceM).toBeCloseTo(900, -1);
    expect(route.line).toHaveLength(3);
    expectNear(route.line[1]!, at(0, 0));
  });

  it('joins a road that ends on the middle of another, within a metre and a half', () => {
    const graph = createRoadGraph([road('ew', [at(-500, 0), at(500, 0)]), road('t', [at(100, 1), at(100, 300)])]);
    expect(graph.route(at(-500, 0), at(100, 300))!.distanceM).toBeCloseTo(900, -1);
    const apart = createRoadGraph([road('ew', [at(-500, 0), at(500, 0)]), road('t', [at(100, 5), at(100, 300)])]);
    expect(apart.route(at(-500, 0), at(100, 300))).toBeNull();
  });

  it('joins the two halves of a road that crosses itself', () => {
    const graph = createRoadGraph([road('knot', [at(0, 0), at(400, 0), at(400, 200), at(200, 200), at(200, -300)])]);
    expect(graph.route(at(0, 0), at(200, -300))!.distanceM).toBeCloseTo(500, -1);
  });

  it('has no route from or to a place that is nowhere near: a receiver without a fix says 0, 0', () => {
    const graph = createRoadGraph([road('ew', [at(-500, 0), at(500, 0)])]);
    expect(graph.route([0, 0], at(0, 0))).toBeNull();
    expect(graph.route(at(0, 0), [0, 0], { kind: 'officer' })).toBeNull();
  });

  it('has no route between parts that nothing connects', () => {
    const graph = createRoadGraph([road('a', [at(0, 0), at(100, 0)]), road('b', [at(0, 500), at(100, 500)])]);
    expect(graph.route(at(0, 0), at(0, 500))).toBeNull();
    expect(graph.route(at(0, 0), at(100, 0))!.distanceM).toBeCloseTo(100, 0);
  });

  describe('an expressway', () => {
    const expressway = road('s1', [at(-2000, 0), at(-1000, 0), at(1000, 0), at(2000, 0)], { class: 'expressway', speedLimitKmh: 100 });
    const west = road('west', [at(-1500, -300), at(-1500, 300)]);
    const rampWest = road('rampWest', [at(-1000, 0), at(-1000, 300), at(-1500, 300)]);
    const rampEast = road('rampEast', [at(1000, 0), at(1000, 300)]);

    it('passes over a road that it crosses', () => {
      const graph = createRoadGraph([expressway, west, road('east', [at(1500, -300), at(1500, 300)])]);
      expect(graph.route(at(-1500, 300), at(1500, 300))).toBeNull();
    });
    it('is joined where a ramp shares its vertex, and is then the way', () => {
      const graph = createRoadGraph([expressway, west, rampWest, rampEast]);
      const route = graph.route(at(-1500, 300), at(1000, 300))!;
      expect(route.distanceM).toBeCloseTo(500 + 300 + 2000 + 300, -1);
      expect(Math.max(...route.speedsMps)).toBeCloseTo((100 / 3.6) * 0.9, 5);
    });
    it('takes nobody on foot, and nothing is snapped onto it', () => {
      const graph = createRoadGraph([expressway, west, rampWest, rampEast]);
      expect(graph.route(at(-1500, 300), at(1000, 300), { kind: 'officer' })).toBeNull();
      const snapped = graph.snap(at(-1400, 10));
      expectNear([snapped.lonDeg, snapped.latDeg], at(-1500, 10));
      expect(snapped.offsetM).toBeCloseTo(100, 0);
    });
  });

  describe('a one-way street', () => {
    const graph = createRoadGraph([
      road('oneWay', [at(0, 0), at(300, 0)], { oneWay: true }),
      road('round', [at(300, 0), at(300, 500), at(0, 500), at(0, 0)]),
    ]);
    it('is driven forwards only, also from and to its middle', () => {
      expect(graph.route(at(0, 0), at(300, 0))!.distanceM).toBeCloseTo(300, 0);
      expect(graph.route(at(300, 0), at(0, 0))!.distanceM).toBeCloseTo(1300, -1);
      expect(graph.route(at(50, 0), at(250, 0))!.distanceM).toBeCloseTo(200, 0);
      expect(graph.route(at(250, 0), at(50, 0))!.distanceM).toBeCloseTo(1600 - 200, -1);
    });
    it('is walked both ways', () => {
      expect(graph.route(at(250, 0), at(50, 0), { kind: 'officer' })!.distanceM).toBeCloseTo(200, 0);
    });
  });

  it('prefers the quicker way to the shorter', () => {
    const graph = createRoadGraph([
      road('lane', [at(0, 0), at(1000, 0)], { class: 'lane', speedLimitKmh: 15 }),
      road('main', [at(0, 0), at(0, 300), at(1000, 300), at(1000, 0)], { speedLimitKmh: 50 }),
    ]);
    expect(graph.route(at(0, 0), at(1000, 0))!.distanceM).toBeCloseTo(1600, -1);
    expect(graph.route(at(0, 0), at(1000, 0), { kind: 'officer' })!.distanceM).toBeCloseTo(1000, -1);
  });

  it('adds up its stretches, and a patrol takes the same way at its ease', () => {
    const graph = createRoadGraph([
      road('slow', [at(0, 0), at(400, 0)], { speedLimitKmh: 20 }),
      road('fast', [at(400, 0), at(400, 900)], { speedLimitKmh: 60 }),
    ]);
    const duty = graph.route(at(100, 20), at(380, 800))!;
    expect(duty.speedsMps).toHaveLength(duty.line.length - 1);
    expect(duty.durationS).toBeCloseTo(300 / ((20 / 3.6) * 0.9) + 800 / ((60 / 3.6) * 0.9), 0);
    expectNear(duty.line[0]!, at(100, 0));
    expectNear(endOf(duty.line), at(400, 800));
    const patrol = graph.route(at(100, 20), at(380, 800), { pace: 'patrol' })!;
    expect(patrol.line).toEqual(duty.line);
    expect(patrol.durationS).toBeGreaterThan(duty.durationS * 1.5);
  });

  it('answers a route to where one is with two points and no distance', () => {
    const graph = createRoadGraph([road('a', [at(0, 0), at(100, 0)])]);
    const route = graph.route(at(40, 3), at(40, -3))!;
    expect(route.line).toHaveLength(2);
    expect(route.distanceM).toBeCloseTo(0, 5);
    expect(route.durationS).toBeCloseTo(0, 5);
  });

  it('leaves nothing behind in the graph: the thousandth route is the first', () => {
    const graph = createRoadGraph([road('ew', [at(-500, 0), at(500, 0)]), road('ns', [at(0, -400), at(0, 400)])]);
    const first = graph.route(at(-300, 0), at(0, 300));
    for (let i = 0; i < 1000; i += 1) graph.route(at(-400 + i / 2, 5), at(0, -300 + i / 2));
    expect(graph.route(at(-300, 0), at(0, 300))).toEqual(first);
  });

  it('refuses roads on which nobody may be sent', () => {
    expect(() => createRoadGraph([])).toThrow(RangeError);
    expect(() => createRoadGraph([road('x', [at(0, 0), at(1, 0)], { class: 'expressway' })])).toThrow('no expressway');
  });
});
