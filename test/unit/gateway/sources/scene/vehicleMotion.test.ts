import { describe, expect, it } from 'vitest';
import { createRoadGraph } from '../../../../../gateway/roads/roadGraph.ts';
import { createLocalMetres } from '../../../../../gateway/roads/localMetres.ts';
import type { Pose } from '../../../../../gateway/sources/scene/legs.ts';
import type { Mover } from '../../../../../gateway/sources/scene/mover.ts';
import { distanceM, turnDeg } from '../../../../../gateway/sources/scene/polyline.ts';
import { createSeededRandom } from '../../../../../gateway/sources/scene/seededRandom.ts';
import { createVehicleMotion } from '../../../../../gateway/sources/scene/vehicleMotion.ts';
import type { LonLat } from '../../../../../protocol/primitives.ts';
import type { Road } from '../../../../../protocol/town/town.ts';
import { metres, roadAt } from './onRoads.ts';
import { wuzhen } from './playScene.ts';

const startMs = 1_000_000_000;
const { town, graph } = wuzhen;
const placeAt = (id: string): LonLat => {
  const place = town.places.find((one) => one.id === id)!;
  return [place.lonDeg, place.latDeg];
};
const beats = wuzhen.scenario.units.flatMap((row) =>
  row.kind === 'vehicle' && row.patrolPlaceIds.length > 1 ? [row.patrolPlaceIds.map(placeAt)] : [],
);
const carOn = (beat: LonLat[], seed = 1): Mover =>
  createVehicleMotion({ graph, metres, random: createSeededRandom(seed, 'car'), startMs, beat });

/** Looks every `stepS` and checks what must hold between two looks. */
function follow(car: Mover, fromMs: number, forS: number, check: (pose: Pose, before: Pose, stepS: number) => void, stepS = 0.5): Pose[] {
  const poses = [car.pose(fromMs)];
  for (let timeS = stepS; timeS <= forS; timeS += stepS) {
    const pose = car.pose(fromMs + timeS * 1000);
    check(pose, poses.at(-1)!, stepS);
    poses.push(pose);
  }
  return poses;
}
/** Plain comparisons: an `expect` for each of a hundred thousand looks would take a minute. */
const ridesPlausibly = (topShare: number) => (pose: Pose, before: Pose, stepS: number) => {
  const { offsetM, limitMps } = roadAt(pose);
  const movedM = distanceM(pose, before);
  const fault =
    (offsetM >= 3 && `${offsetM} m off the road`) ||
    (pose.speedMps > limitMps * topShare + 0.01 && `${pose.speedMps} m/s where ${limitMps} is the limit`) ||
    (Math.abs(pose.speedMps - before.speedMps) / stepS >= 2.7 && `from ${before.speedMps} to ${pose.speedMps} m/s in ${stepS} s`) ||
    // It gets no farther than its speed carries it, and never jumps.
    (movedM > Math.max(pose.speedMps, before.speedMps) * stepS + 0.7 && `${movedM} m in ${stepS} s at ${pose.speedMps} m/s`) ||
    (!(pose.headingDeg >= 0 && pose.headingDeg < 360) && `heading ${pose.headingDeg}`);
  if (fault) expect.unreachable(fault);
};

describe('vehicleMotion', () => {
  it('patrols on the roads, at no more than patrol speed, speeding up and braking gently', () => {
    for (const beat of beats.slice(0, 8)) {
      const poses = follow(carOn(beat), startMs, 1500, ridesPlausibly(0.62));
      const driven = poses.filter((pose) => pose.speedMps > 1).length / poses.length;
      expect(driven).toBeGreaterThan(0.4);
      expect(driven).toBeLessThan(1);
      // It sees something of its beat.
      expect(Math.max(...poses.map((pose) => distanceM(pose, poses[0]!)))).toBeGreaterThan(200);
    }
  });

  it('points where it drives', () => {
    follow(carOn(beats[3]!), startMs, 1500, (pose, before) => {
      if (pose.speedMps < 2 || before.speedMps < 2) return;
      const movedDeg = (Math.atan2(pose.x - before.x, pose.y - before.y) * 180) / Math.PI;
      // Half of a turn right at a junction, which is rounded within some metres.
      expect(Math.abs(turnDeg(movedDeg, pose.headingDeg))).toBeLessThan(75);
    });
  });

  it('is where it is however often one looks', () => {
    const [fine, coarse] = [carOn(beats[0]!), carOn(beats[0]!)];
    for (let atMs = startMs; atMs < startMs + 1_200_000; atMs += 100) fine.pose(atMs);
    expect(coarse.pose(startMs + 1_200_000)).toEqual(fine.pose(startMs + 1_200_000));
  });

  it('goes to a place at once from whatever it is doing, turning round first when that lies behind', () => {
    let turnedRound = 0;
    for (let i = 0; i < 60; i += 1) {
      const car = carOn(beats[i % beats.length]!, i);
      const atMs = startMs + 10_000 + i * 7300;
      const before = car.pose(atMs);
      const target = placeAt(['bus_station', 'xizha_east_gate', 'ziye_east_868', 'v214', 'wic_centre'][i % 5]!);
      const arrivesMs = car.go(target, atMs)!;
      expect(distanceM(car.pose(atMs), before)).toBeLessThan(0.5);
      expect(car.pose(atMs).speedMps).toBeCloseTo(before.speedMps, 1);
      const poses = follow(car, atMs, (arrivesMs - atMs) / 1000 + 5, ridesPlausibly(1));
      // Under way within ten seconds, and turning if it has to.
      expect(poses.slice(0, 22).some((pose) => pose.speedMps > 1) || arrivesMs - atMs < 3000).toBe(true);
      if (poses.slice(0, 22).some((pose) => Math.abs(turnDeg(before.headingDeg, pose.headingDeg)) > 150)) turnedRound += 1;
      const end = graph.snap(target);
      expect(distanceM(car.pose(arrivesMs), metres.toXy([end.lonDeg, end.latDeg]))).toBeLessThan(0.5);
      expect(car.pose(arrivesMs + 3_600_000)).toEqual({ ...car.pose(arrivesMs), speedMps: 0 });
    }
    expect(turnedRound).toBeGreaterThan(10);
  });

  it('drives to duty about as fast as the router says', () => {
    const [from, to] = [placeAt('post08'), placeAt('bus_station')];
    const car = createVehicleMotion({ graph, metres, random: createSeededRandom(1), startMs, beat: [from] });
    const plan = graph.route(from, to)!;
    const takesS = (car.go(to, startMs)! - startMs) / 1000;
    expect(takesS / plan.durationS).toBeGreaterThan(0.85);
    expect(takesS / plan.durationS).toBeLessThan(1.3);
  });

  it('is called back at any moment, on the way and on scene, without leaving the road or jumping', () => {
    for (const share of [0.002, 0.05, 0.3, 0.7, 0.95, 1.5]) {
      const car = carOn(beats[5]!, 9);
      const arrivesMs = car.go(placeAt('xizha_east_gate'), startMs)!;
      const recallMs = startMs + (arrivesMs - startMs) * share;
      follow(car, startMs, (recallMs - startMs) / 1000, ridesPlausibly(1));
      car.release(recallMs, recallMs);
      // It comes down from the speed of duty at first.
      follow(car, recallMs, 20, ridesPlausibly(1));
      const poses = follow(car, recallMs + 20_000, 900, ridesPlausibly(0.62));
      const back = metres.toXy(beats[5]![0]!);
      expect(Math.min(...poses.map((pose) => distanceM(pose, back)))).toBeLessThan(distanceM(car.pose(recallMs + 20_000), back) + 1);
    }
  });

  it('stands until its crew is aboard', () => {
    const car = carOn(beats[0]!);
    const arrivesMs = car.go(placeAt('bus_station'), startMs)!;
    const there = car.pose(arrivesMs);
    car.release(arrivesMs + 60_000, arrivesMs + 75_000);
    expect(distanceM(car.pose(arrivesMs + 74_900), there)).toBe(0);
    follow(car, arrivesMs + 75_000, 60, ridesPlausibly(0.62));
    expect(distanceM(car.pose(arrivesMs + 135_000), there)).toBeGreaterThan(50);
  });

  it('forgets the way that it has made', () => {
    const car = carOn(beats[2]!);
    let most = 0;
    for (let atMs = startMs; atMs < startMs + 24 * 3_600_000; atMs += 5000) {
      car.pose(atMs);
      most = Math.max(most, car.size);
    }
    expect(most).toBeLessThan(40);
  });

  it('waits at its post when its beat is one place', () => {
    const car = carOn([placeAt('post01')]);
    const poses = follow(car, startMs, 600, () => {}, 10);
    expect(new Set(poses.map((pose) => `${pose.x},${pose.y}`)).size).toBe(1);
  });

  describe('on an expressway', () => {
    const road = (id: string, roadClass: Road['class'], line: LonLat[]): Road => ({
      id,
      name: { zh: id, en: id },
      class: roadClass,
      widthM: 10,
      speedLimitKmh: roadClass === 'expressway' ? 100 : 40,
      oneWay: false,
      line,
      confidenceM: null,
      source: 'test',
    });
    // Two streets 6 km apart that only an expressway joins, each by its ramp.
    const [a, b]: [LonLat, LonLat] = [
      [120.5, 30.7],
      [120.56, 30.7],
    ];
    const roads = [
      road('west', 'street', [[120.5, 30.69], a]),
      road('fast', 'expressway', [a, [120.51, 30.71], [120.55, 30.71], b]),
      road('east', 'street', [[120.56, 30.69], b]),
    ];
    const own = { graph: createRoadGraph(roads), metres: createLocalMetres(a) };

    it.each([60, 120, 180])('is turned round at the next ramp, never across the fields (after %d s)', (afterS) => {
      const car = createVehicleMotion({ ...own, random: createSeededRandom(1), startMs, beat: [[120.5, 30.695]] });
      car.go([120.56, 30.69], startMs);
      const atMs = startMs + afterS * 1000;
      const arrivesMs = car.go([120.5, 30.69], atMs)!;
      const line = roads.flatMap(({ line: points }) =>
        points.slice(1).map((point, i) => [own.metres.toXy(points[i]!), own.metres.toXy(point)] as const),
      );
      let before = car.pose(atMs);
      for (let timeMs = atMs; timeMs <= arrivesMs; timeMs += 500) {
        const pose = car.pose(timeMs);
        expect(distanceM(pose, before)).toBeLessThan(16);
        const offsetM = Math.min(
          ...line.map(([p, q]) => {
            const t = Math.min(1, Math.max(0, ((pose.x - p.x) * (q.x - p.x) + (pose.y - p.y) * (q.y - p.y)) / distanceM(p, q) ** 2));
            return distanceM(pose, { x: p.x + t * (q.x - p.x), y: p.y + t * (q.y - p.y) });
          }),
        );
        expect(offsetM).toBeLessThan(3);
        before = pose;
      }
      expect(distanceM(car.pose(arrivesMs), own.metres.toXy([120.5, 30.69]))).toBeLessThan(0.5);
    });

    it('says so when no way leads to a place, and stays where it is', () => {
      const cut = createRoadGraph([roads[0]!, roads[2]!]);
      const car = createVehicleMotion({ ...own, graph: cut, random: createSeededRandom(1), startMs, beat: [[120.5, 30.695]] });
      const here = car.pose(startMs);
      expect(car.go([120.56, 30.69], startMs)).toBeNull();
      expect(distanceM(car.pose(startMs + 600_000), here)).toBe(0);
    });
  });
});
