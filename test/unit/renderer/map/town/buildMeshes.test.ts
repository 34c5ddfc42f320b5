import { describe, expect, it } from 'vitest';
import { buildHouses } from '../../../../../renderer/map/town/buildHouses.ts';
import { buildFarHouses, buildShadows } from '../../../../../renderer/map/town/buildShadows.ts';
import { buildLandmarks } from '../../../../../renderer/map/town/buildLandmarks.ts';
import { buildRibbon } from '../../../../../renderer/map/town/buildRibbon.ts';
import { planGroundMap } from '../../../../../renderer/map/town/groundMap.ts';
import { planBuildings } from '../../../../../renderer/map/town/planBuildings.ts';
import { mapFrame, mapTown } from '../mapTown.ts';

describe('town meshes', () => {
  const { buildings } = planBuildings(mapTown, mapFrame);
  const mesh = buildHouses(buildings);

  it('draws each building once, in tiles that cover all indices without a gap', () => {
    expect(mesh.sorted).toHaveLength(buildings.length);
    expect(new Set(mesh.sorted).size).toBe(buildings.length);
    let offset = 0;
    let from = 0;
    for (const tile of mesh.tiles) {
      expect(tile.offset).toBe(offset);
      expect(tile.from).toBe(from);
      offset += tile.count;
      from = tile.to;
      for (const b of mesh.sorted.slice(tile.from, tile.to)) expect(Math.hypot(b.x - tile.x, b.y - tile.y)).toBeLessThan(tile.radiusM);
    }
    expect(offset).toBe(mesh.indices.length);
    expect(from).toBe(buildings.length);
  });
  it('refers to no vertex that is not there', () => {
    for (const m of [mesh, buildShadows(mesh.sorted), buildFarHouses(mesh.sorted), buildLandmarks(mapTown.places, mapFrame)]) {
      const vertices = m.p.length / 3;
      expect(m.indices.length).toBeGreaterThan(0);
      expect(m.indices.every((i) => i < vertices)).toBe(true);
      expect(m.p.every(Number.isFinite)).toBe(true);
    }
  });
  it('turns every face of a near and of a far house outward', () => {
    for (const m of [mesh, buildFarHouses(mesh.sorted)]) {
      const one = mesh.sorted[0]!;
      const count = m === mesh ? 60 : 48;
      for (let k = 0; k < Math.min(count, m.indices.length); k += 3) {
        const [a, b, c] = [0, 1, 2].map((n) => Array.from(m.p.subarray(m.indices[k + n]! * 3, m.indices[k + n]! * 3 + 3))) as [
          number[],
          number[],
          number[],
        ];
        const u = [b[0]! - a[0]!, b[1]! - a[1]!, b[2]! - a[2]!];
        const v = [c[0]! - a[0]!, c[1]! - a[1]!, c[2]! - a[2]!];
        const n = [u[1]! * v[2]! - u[2]! * v[1]!, u[2]! * v[0]! - u[0]! * v[2]!, u[0]! * v[1]! - u[1]! * v[0]!];
        const house = m === mesh ? one : mesh.sorted[Math.floor(m.indices[k]! / 10)]!;
        if (m === mesh && m.indices[k]! >= 26) break;
        const middle = [
          (a[0]! + b[0]! + c[0]!) / 3 - house.x,
          (a[1]! + b[1]! + c[1]!) / 3 - house.y,
          (a[2]! + b[2]! + c[2]!) / 3 - house.heightM / 2,
        ];
        expect(n[0]! * middle[0]! + n[1]! * middle[1]! + n[2]! * middle[2]!).toBeGreaterThan(0);
      }
    }
  });
  it('makes a ribbon as wide as asked on both sides, corners included', () => {
    const r = buildRibbon([
      {
        points: [
          [0, 0],
          [100, 0],
          [100, 100],
        ],
        halfWidthM: 5,
        rank: 2,
      },
    ]);
    expect(r.indices).toHaveLength(12);
    expect(Array.from(r.n.subarray(0, 4))).toEqual([0, -1, -0, 1].map((v) => expect.closeTo(v, 5) as number));
    expect(Math.hypot(r.n[4]!, r.n[5]!)).toBeCloseTo(Math.SQRT2, 5);
    expect(Array.from(r.e.subarray(8 + 8, 8 + 12))).toEqual([-1, 200, 5, 2]);
  });
  it('knows inside from outside, and the old quarter by its lanterns', () => {
    const g = planGroundMap(mapTown, mapFrame);
    const at = (x: number, y: number) =>
      (Math.floor(((y - g.minY) / g.edgeM) * g.size) * g.size + Math.floor(((x - g.minX) / g.edgeM) * g.size)) * 4;
    expect(g.pixels[at(0, 0)]).toBe(255);
    expect(g.pixels[at(3800, 0)]).toBeLessThan(60);
    expect(g.pixels[at(0, 100) + 2]).toBeGreaterThan(200);
    expect(g.pixels[at(1500, 600) + 2]).toBe(0);
  });
});
