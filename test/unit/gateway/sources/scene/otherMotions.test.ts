import { describe, expect, it } from 'vitest';
import { createBoatMotion } from '../../../../../gateway/sources/scene/boatMotion.ts';
import { createCrew } from '../../../../../gateway/sources/scene/crew.ts';
import { createDroneMotion } from '../../../../../gateway/sources/scene/droneMotion.ts';
import type { Pose } from '../../../../../gateway/sources/scene/legs.ts';
import { createOfficerMotion } from '../../../../../gateway/sources/scene/officerMotion.ts';
import { createPolyline, distanceM } from '../../../../../gateway/sources/scene/polyline.ts';
import { createSeededRandom } from '../../../../../gateway/sources/scene/seededRandom.ts';
import type { LonLat } from '../../../../../protocol/primitives.ts';
import { metres } from './onRoads.ts';
import { wuzhen } from './playScene.ts';

const startMs = 1_000_000_000;
const { town, graph, scenario } = wuzhen;
const look = (mover: { pose(tMs: number): Pose }, fromMs: number, forS: number, stepS = 1): Pose[] =>
  Array.from({ length: Math.floor(forS / stepS) + 1 }, (_, i) => mover.pose(fromMs + i * stepS * 1000));
const jumps = (poses: Pose[]): number[] => poses.slice(1).map((pose, i) => distanceM(pose, poses[i]!));
const share = (poses: Pose[], holds: (pose: Pose) => boolean): number => poses.filter(holds).length / poses.length;

describe('officerMotion', () => {
  const walkers = scenario.units.flatMap((row) => (row.kind === 'officer' && row.beat ? [row] : []));
  const walker = (i: number) => createOfficerMotion({ graph, metres, random: createSeededRandom(i), startMs, beat: walkers[i]!.beat! });

  it('walks its beat at 0.8 to 1.5 m/s with pauses', () => {
    walkers.slice(0, 12).forEach((row, i) => {
      const poses = look(walker(i), startMs, 1800);
      const beat = createPolyline(row.beat!.map((point) => metres.toXy(point)));
      for (const pose of poses) {
        expect(pose.speedMps).toBeLessThanOrEqual(1.5);
        expect(distanceM(pose, beat.at(beat.nearestAlongM(pose)))).toBeLessThan(0.5);
      }
      expect(Math.max(...jumps(poses))).toBeLessThan(1.6);
      expect(Math.max(...poses.map((pose) => pose.speedMps))).toBeGreaterThanOrEqual(0.79);
      expect(share(poses, (pose) => pose.speedMps === 0)).toBeGreaterThan(0.05);
      expect(share(poses, (pose) => pose.speedMps > 0.5)).toBeGreaterThan(0.4);
    });
  });

  it('walks to a place when sent, and back to its beat', () => {
    const mover = walker(1);
    const beat = createPolyline(walkers[1]!.beat!.map((point) => metres.toXy(point)));
    const target: LonLat = [120.48441, 30.74816];
    const arrivesMs = mover.go(target, startMs + 40_000)!;
    const { lonDeg, latDeg } = graph.snap(target);
    expect(distanceM(mover.pose(arrivesMs), metres.toXy([lonDeg, latDeg]))).toBeLessThan(1);
    expect(Math.max(...jumps(look(mover, startMs + 40_000, (arrivesMs - startMs) / 1000 - 40)))).toBeLessThan(1.7);
    mover.release(arrivesMs + 30_000, arrivesMs + 30_000);
    const back = look(mover, arrivesMs + 30_000, 3600);
    expect(Math.max(...jumps(back))).toBeLessThan(1.7);
    expect(distanceM(back.at(-1)!, beat.at(beat.nearestAlongM(back.at(-1)!)))).toBeLessThan(0.5);
  });

  it('can be called back in the middle of a step', () => {
    const mover = walker(0);
    mover.go([120.48441, 30.74816], startMs + 5000);
    mover.release(startMs + 65_000, startMs + 65_000);
    expect(Math.max(...jumps(look(mover, startMs, 600, 0.5)))).toBeLessThan(0.9);
  });
});

describe('droneMotion', () => {
  const row = scenario.units.find((unit) => unit.kind === 'drone')!;
  const dockPlace = town.places.find((place) => place.id === row.postId)!;
  const dock: LonLat = [dockPlace.lonDeg, dockPlace.latDeg];
  const routes = town.droneRoutes.filter((route) => row.kind === 'drone' && row.routeIds.includes(route.id));
  const drone = () => createDroneMotion({ metres, random: createSeededRandom(3), startMs, dock, routes, cruiseMps: 12 });

  it('leaves its dock, flies the route at its height and never above 120 m, comes back, lands and recharges', () => {
    const poses = look(drone(), startMs, 6 * 3600);
    expect(Math.max(...poses.map((pose) => pose.altM))).toBeLessThanOrEqual(120);
    expect(Math.min(...poses.map((pose) => pose.altM))).toBe(0);
    const cruising = poses.filter((pose) => pose.speedMps > 1);
    expect(new Set(cruising.map((pose) => pose.altM))).toEqual(new Set(routes.map((route) => route.altM)));
    for (const pose of poses) if (pose.altM < 1) expect(distanceM(pose, metres.toXy(dock))).toBeLessThan(3);
    // Every corner of every route is seen.
    for (const { line } of routes) {
      for (const point of line) expect(Math.min(...poses.map((pose) => distanceM(pose, metres.toXy(point))))).toBeLessThan(15);
    }
    expect(share(poses, (pose) => pose.altM === 0)).toBeGreaterThan(0.1);
    expect(share(poses, (pose) => pose.altM > 50)).toBeGreaterThan(0.3);
    expect(Math.max(...jumps(poses))).toBeLessThanOrEqual(12.01);
  });

  it('flies straight to a place when sent, hovers, and goes home when released', () => {
    for (const afterS of [0, 130, 400, 900]) {
      const mover = drone();
      const atMs = startMs + afterS * 1000;
      const target: LonLat = [120.495, 30.74];
      const arrivesMs = mover.go(target, atMs)!;
      expect(distanceM(mover.pose(arrivesMs), metres.toXy(target))).toBeLessThan(1);
      expect(mover.pose(arrivesMs).altM).toBeGreaterThan(50);
      expect(mover.pose(arrivesMs + 300_000)).toMatchObject({ speedMps: 0 });
      mover.release(arrivesMs + 300_000, arrivesMs + 300_000);
      const poses = look(mover, atMs, (arrivesMs - atMs) / 1000 + 900);
      expect(Math.max(...poses.map((pose) => pose.altM))).toBeLessThanOrEqual(120);
      expect(Math.max(...jumps(poses))).toBeLessThanOrEqual(12.01);
      expect(poses.some((pose) => pose.altM === 0)).toBe(true);
    }
  });
});

describe('boatMotion', () => {
  const row = scenario.units.find((unit) => unit.kind === 'boat')!;
  const beat = row.kind === 'boat' ? row.beat : [];
  const canal = createPolyline(beat.map((point) => metres.toXy(point)));
  const onCanal = (pose: Pose): number => distanceM(pose, canal.at(canal.nearestAlongM(pose)));

  it('keeps to its canal, to and fro, and goes along it to the point nearest to a place', () => {
    const boat = createBoatMotion({ metres, random: createSeededRandom(1), startMs, beat, cruiseMps: 3.5 });
    const poses = look(boat, startMs, 7200);
    expect(Math.max(...poses.map(onCanal))).toBeLessThan(0.5);
    expect(Math.max(...jumps(poses))).toBeLessThanOrEqual(3.51);
    const along = poses.map((pose) => canal.nearestAlongM(pose));
    expect(Math.max(...along) - Math.min(...along)).toBeGreaterThan(1500);

    const target: LonLat = [120.48, 30.7655];
    const arrivesMs = boat.go(target, startMs + 7_200_000)!;
    const there = canal.at(canal.nearestAlongM(metres.toXy(target)));
    expect(distanceM(boat.pose(arrivesMs), there)).toBeLessThan(0.5);
    expect(Math.max(...look(boat, startMs + 7_200_000, (arrivesMs - startMs) / 1000 - 7200).map(onCanal))).toBeLessThan(0.5);
  });
});

describe('crew', () => {
  const vehicle = (tMs: number): Pose => ({
    x: tMs < startMs + 60_000 ? (tMs - startMs) / 100 : 600,
    y: 0,
    altM: 0,
    headingDeg: 90,
    speedMps: 10,
  });
  const place = { x: 640, y: 0 };

  it('shares the place and course of its vehicle', () => {
    const crew = createCrew(['a', 'b'], vehicle, startMs, createSeededRandom(1));
    expect(crew.pose('a', startMs + 20_000)).toEqual(vehicle(startMs + 20_000));
    expect(crew.pose('b', startMs + 20_000)).toEqual(vehicle(startMs + 20_000));
    expect(() => crew.pose('c', startMs)).toThrow('not of this crew');
  });

  it('steps out near the incident, each to a place of its own, and is aboard when it says', () => {
    const crew = createCrew(['a', 'b'], vehicle, startMs, createSeededRandom(1));
    const outMs = startMs + 60_000;
    expect(crew.stepIn(outMs)).toBe(outMs);
    crew.stepOut(outMs, place);
    const [a, b] = [crew.pose('a', outMs + 40_000), crew.pose('b', outMs + 40_000)];
    for (const pose of [a, b]) {
      const awayM = distanceM(pose, vehicle(outMs));
      expect(awayM).toBeGreaterThan(1);
      expect(awayM).toBeLessThan(25);
      expect(pose.speedMps).toBe(0);
    }
    expect(distanceM(a, b)).toBeGreaterThan(0.5);
    expect(Math.max(...jumps(look({ pose: (tMs) => crew.pose('a', tMs) }, outMs, 40)))).toBeLessThan(1.5);
    const aboardMs = crew.stepIn(outMs + 40_000);
    expect(aboardMs - outMs - 40_000).toBeLessThan(25_000);
    expect(Math.max(...jumps(look({ pose: (tMs) => crew.pose('a', tMs) }, outMs + 40_000, 25)))).toBeLessThan(1.5);
    expect(crew.pose('a', aboardMs + 1)).toEqual(vehicle(aboardMs + 1));
    expect(crew.pose('b', aboardMs + 1)).toEqual(vehicle(aboardMs + 1));
  });
});
