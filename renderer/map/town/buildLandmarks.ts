import type { Place } from '../../../protocol/town/town.ts';
import type { LocalFrame } from '../localFrame.ts';
import type { HouseMesh, HouseWriter } from './buildHouses.ts';
import { createHouseWriter } from './buildHouses.ts';

/** Style number 5 of shaders/buildings.ts: lit timber and dark tiles. */
const MONUMENT = 5;
const HALL = 4;

/** What everybody knows the town by, drawn by hand where the facts say it stands. Keys are place ids. */
const LANDMARKS: Record<string, (out: HouseWriter, x: number, y: number) => void> = {
  white_lotus: pagoda,
  wic_centre: (out, x, y) => curvedHall(out, x, y, { lengthM: 190, depthM: 96, eavesM: 15, crownM: 31, angleRad: 0.22 }),
  grand_theatre: (out, x, y) => {
    curvedHall(out, x - 24, y, { lengthM: 66, depthM: 50, eavesM: 14, crownM: 25, angleRad: 0.5 });
    curvedHall(out, x + 30, y + 14, { lengthM: 56, depthM: 44, eavesM: 11, crownM: 20, angleRad: 0.5 });
  },
};

/** Height in metres over which a landmark's name stands. */
export const LANDMARK_HEIGHT_M: Readonly<Record<string, number>> = { white_lotus: 62, wic_centre: 40, grand_theatre: 32 };

/** Ground that the plan must keep free for them: centre in metres and radius. */
export function landmarkSites(places: readonly Place[], frame: LocalFrame): { x: number; y: number; radiusM: number }[] {
  const radius: Record<string, number> = { white_lotus: 26, wic_centre: 112, grand_theatre: 70 };
  return places.flatMap((p) => (p.id in LANDMARKS ? [{ x: frame.x(p.lonDeg), y: frame.y(p.latDeg), radiusM: radius[p.id] ?? 40 }] : []));
}

export function buildLandmarks(places: readonly Place[], frame: LocalFrame): HouseMesh {
  const out = createHouseWriter();
  for (const place of places) LANDMARKS[place.id]?.(out, frame.x(place.lonDeg), frame.y(place.latDeg));
  return out.finish([]);
}

type Corner = readonly [number, number, number, number, number];

/** Seven storeys, 51 m, octagonal: each storey a lit gallery under flaring eaves, a spire on top. */
function pagoda(out: HouseWriter, cx: number, cy: number): void {
  const sides = 8;
  const at = (k: number, r: number, z: number, u: number, v: number): Corner => {
    const a = ((k + 0.5) / sides) * Math.PI * 2;
    return [cx + Math.cos(a) * r, cy + Math.sin(a) * r, z, u, v];
  };
  const band = (r0: number, z0: number, r1: number, z1: number, part: number, topM: number) => {
    const tag = [MONUMENT, 90, Math.round((topM / 100) * 255), 0];
    const slope = Math.atan2(r0 - r1, z1 - z0);
    for (let k = 0; k < sides; k++) {
      const a = ((k + 1) / sides) * Math.PI * 2;
      const n: [number, number, number] = [Math.cos(a) * Math.cos(slope), Math.sin(a) * Math.cos(slope), Math.sin(slope)];
      const w = r0 * 0.765;
      out.face([at(k, r0, z0, 0, 0), at(k + 1, r0, z0, w, 0), at(k + 1, r1, z1, w, z1 - z0), at(k, r1, z1, 0, z1 - z0)], n, part, tag);
    }
  };
  band(17, 0, 16, 2.4, 0, 30);
  band(16, 2.4, 9, 2.5, 2, 30);
  let z = 2.4;
  for (let storey = 0; storey < 7; storey++) {
    const r = 8.2 - storey * 0.62;
    const h = 5.1 - storey * 0.18;
    band(r, z, r, z + h, 0, 6);
    // Eaves turn up at the rim: a flat flare, then the steep roof.
    band(r + 3.1, z + h - 0.25, r + 1.2, z + h + 0.6, 2, 6);
    band(r + 1.2, z + h + 0.6, r - 0.5, z + h + 1.7, 2, 6);
    z += h + 1.25;
  }
  band(3.6, z + 0.2, 0.5, z + 4.2, 2, 6);
  band(0.5, z + 4.2, 0.28, z + 11, 0, 6);
}

/** A long hall under one curved roof that overhangs its glass. */
function curvedHall(
  out: HouseWriter,
  cx: number,
  cy: number,
  hall: { lengthM: number; depthM: number; eavesM: number; crownM: number; angleRad: number },
): void {
  const c = Math.cos(hall.angleRad);
  const s = Math.sin(hall.angleRad);
  const { lengthM: L, depthM: D, eavesM: h, crownM } = hall;
  const tag = [HALL, 128, Math.round((h / 100) * 255), 0];
  const at = (u: number, v: number, z: number, tu: number, tv: number): Corner => [cx + u * c - v * s, cy + u * s + v * c, z, tu, tv];
  const turn = (u: number, v: number, z: number): [number, number, number] => [u * c - v * s, u * s + v * c, z];
  out.face(
    [at(-L / 2, -D / 2, 0, 0, 0), at(L / 2, -D / 2, 0, L, 0), at(L / 2, -D / 2, h, L, h), at(-L / 2, -D / 2, h, 0, h)],
    turn(0, -1, 0),
    0,
    tag,
  );
  out.face(
    [at(L / 2, D / 2, 0, 0, 0), at(-L / 2, D / 2, 0, L, 0), at(-L / 2, D / 2, h, L, h), at(L / 2, D / 2, h, 0, h)],
    turn(0, 1, 0),
    0,
    tag,
  );
  const strips = 14;
  const overhang = 7;
  const z = (t: number) => h + (crownM - h) * Math.sin(Math.PI * t) ** 0.8;
  for (let i = 0; i < strips; i++) {
    const t0 = i / strips;
    const t1 = (i + 1) / strips;
    const v0 = (t0 - 0.5) * (D + overhang * 2);
    const v1 = (t1 - 0.5) * (D + overhang * 2);
    const slope = Math.atan2(z(t1) - z(t0), v1 - v0);
    const n = turn(0, -Math.sin(slope), Math.cos(slope));
    const roof = [tag[0]!, Math.round(110 + 40 * (i % 2)), tag[2]!, 0];
    out.face(
      [
        at(-L / 2 - overhang, v0, z(t0), 0, v0),
        at(L / 2 + overhang, v0, z(t0), L, v0),
        at(L / 2 + overhang, v1, z(t1), L, v1),
        at(-L / 2 - overhang, v1, z(t1), 0, v1),
      ],
      n,
      2,
      roof,
    );
    for (const end of [-1, 1]) {
      const u = (end * L) / 2;
      const a = at(u, v0, 0, v0 + D, 0);
      const b = at(u, v1, 0, v1 + D, 0);
      const up = (t: number, v: number) => at(u, v, z(t), v + D, z(t));
      const ring = end > 0 ? [a, b, up(t1, v1), up(t0, v0)] : [b, a, up(t0, v0), up(t1, v1)];
      if (Math.abs((v0 + v1) / 2) < D / 2) out.face(ring, turn(end, 0, 0), 1, tag);
    }
  }
}
