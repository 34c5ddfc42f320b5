import { describe, expect, it } from 'vitest';
import { toPoints } from '../../../../../renderer/map/localFrame.ts';
import { distanceToLine, isInside } from '../../../../../renderer/map/town/geometry.ts';
import { planBuildings } from '../../../../../renderer/map/town/planBuildings.ts';
import type { Building } from '../../../../../renderer/map/town/planBuildings.ts';
import { planTrees } from '../../../../../renderer/map/town/planTrees.ts';
import { waterCourse } from '../../../../../renderer/map/town/waterCourse.ts';
import { mapFrame, mapTown } from '../mapTown.ts';

const plan = planBuildings(mapTown, mapFrame);

/** Corners, middles of the sides and the centre. */
function footprint(b: Building): [number, number][] {
  const c = Math.cos(b.angleRad);
  const s = Math.sin(b.angleRad);
  return [-0.5, 0, 0.5].flatMap((i) =>
    [-0.5, 0, 0.5].map((j): [number, number] => {
      const u = i * b.widthM;
      const v = j * b.depthM;
      return [b.x + u * c - v * s, b.y + u * s + v * c];
    }),
  );
}

/** The least of a measure over all points of all buildings. */
const nearest = (measure: (x: number, y: number) => number) =>
  Math.min(...plan.buildings.map((b) => Math.min(...footprint(b).map(([x, y]) => measure(x, y)))));

describe('planBuildings', () => {
  it('gives the same houses each time', () => {
    expect(planBuildings(mapTown, mapFrame)).toEqual(plan);
  });
  it('fills every style of quarter, and strings hamlets between them', () => {
    const count = (style: string) => plan.buildings.filter((b) => b.style === style).length;
    expect(count('old')).toBeGreaterThan(500);
    expect(count('modern')).toBeGreaterThan(60);
    expect(count('village')).toBeGreaterThan(200);
    expect(count('industry')).toBeGreaterThan(10);
    expect(count('venue')).toBeGreaterThan(3);
    const farm = toPoints(mapFrame, mapTown.quarters[2]!.ring);
    expect(plan.buildings.filter((b) => b.style === 'village' && !isInside(farm, b.x, b.y)).length).toBeGreaterThan(50);
  });
  it('lets no house stand on a road', () => {
    for (const road of mapTown.roads) {
      const line = toPoints(mapFrame, road.line);
      expect(nearest((x, y) => distanceToLine(x, y, line))).toBeGreaterThanOrEqual(road.widthM / 2);
    }
  });
  it('lets no house stand in a canal, a river or a lake', () => {
    for (const water of mapTown.waterLines) {
      const line = waterCourse(mapFrame, water);
      expect(nearest((x, y) => distanceToLine(x, y, line))).toBeGreaterThanOrEqual(water.widthM / 2);
    }
    const lake = toPoints(mapFrame, mapTown.waterAreas[0]!.ring);
    expect(nearest((x, y) => (isInside(lake, x, y) ? 0 : 1))).toBe(1);
  });
  it('keeps the ground of a landmark free', () => {
    const tower = mapTown.places[0]!;
    const at: [number, number] = [mapFrame.x(tower.lonDeg), mapFrame.y(tower.latDeg)];
    expect(nearest((x, y) => Math.hypot(x - at[0], y - at[1]))).toBeGreaterThan(26);
  });
  it('puts lanterns on fronts along the canal of the old quarter only', () => {
    const canal = waterCourse(mapFrame, mapTown.waterLines[0]!);
    const fronts = plan.buildings.filter((b) => b.waterside);
    expect(fronts.length).toBeGreaterThan(30);
    for (const b of fronts) {
      expect(b.style).toBe('old');
      expect(distanceToLine(b.x, b.y, canal)).toBeLessThan(22);
    }
  });
  it('lets houses share walls but not rooms', () => {
    const old = plan.buildings.filter((b) => b.style === 'old');
    let closest = Infinity;
    for (let i = 0; i < old.length; i++)
      for (let j = i + 1; j < old.length; j++) closest = Math.min(closest, Math.hypot(old[i]!.x - old[j]!.x, old[i]!.y - old[j]!.y));
    expect(closest).toBeGreaterThan(4);
  });
});

describe('planTrees', () => {
  it('plants the same trees each time, none in a house', () => {
    const trees = planTrees(mapTown, mapFrame, plan.buildings);
    expect(trees.length).toBeGreaterThan(300);
    expect(planTrees(mapTown, mapFrame, plan.buildings)).toEqual(trees);
    let closest = Infinity;
    for (const b of plan.buildings) for (const t of trees) closest = Math.min(closest, Math.hypot(t.x - b.x, t.y - b.y));
    expect(closest).toBeGreaterThan(1);
  });
});
