import type { Building, BuildingStyle } from './planBuildings.ts';

/** Vertices of many houses, in the form of shaders/buildings.ts. Index ranges of the tiles let far or unseen ones be left out. */
export interface HouseMesh {
  p: Float32Array;
  normalPart: Uint8Array;
  uv: Float32Array;
  house: Uint8Array;
  indices: Uint32Array;
  tiles: HouseTile[];
}
export interface HouseTile {
  offset: number;
  count: number;
  /** The buildings of the tile, as a range of `sorted`. */
  from: number;
  to: number;
  x: number;
  y: number;
  radiusM: number;
}

export const STYLE_NUMBER: Record<BuildingStyle, number> = { old: 0, modern: 1, village: 2, industry: 3, venue: 4 };
const TILE_M = 1400;
/** Part of the two-storey old houses with stepped fire walls. */
const FIRE_WALL_SHARE = 0.3;

/** A growing list of vertices; used at start only. */
export function createHouseWriter() {
  const p: number[] = [];
  const normalPart: number[] = [];
  const uv: number[] = [];
  const house: number[] = [];
  const indices: number[] = [];
  return {
    p,
    indices,
    get vertices() {
      return p.length / 3;
    },
    /** A flat convex face; corners anticlockwise seen from outside, each `[x, y, z, u, v]`. */
    face(
      corners: readonly (readonly [number, number, number, number, number])[],
      normal: readonly [number, number, number],
      part: number,
      tag: readonly number[],
    ) {
      const first = p.length / 3;
      const b = normal.map((c) => Math.round((c * 0.5 + 0.5) * 255));
      for (const [x, y, z, u, v] of corners) {
        p.push(x, y, z);
        uv.push(u, v);
        normalPart.push(b[0]!, b[1]!, b[2]!, part);
        house.push(tag[0]!, tag[1]!, tag[2]!, tag[3]!);
      }
      for (let i = 2; i < corners.length; i++) indices.push(first, first + i - 1, first + i);
    },
    finish(tiles: HouseTile[]): HouseMesh {
      return {
        p: new Float32Array(p),
        normalPart: new Uint8Array(normalPart),
        uv: new Float32Array(uv),
        house: new Uint8Array(house),
        indices: new Uint32Array(indices),
        tiles,
      };
    },
  };
}
export type HouseWriter = ReturnType<typeof createHouseWriter>;

/** Rise of the roof as a part of its half depth, and how far the eaves stand out. */
export const ROOF: Record<BuildingStyle, { pitch: number; eavesM: number }> = {
  old: { pitch: 0.62, eavesM: 0.85 },
  village: { pitch: 0.5, eavesM: 0.6 },
  modern: { pitch: 0, eavesM: 0 },
  industry: { pitch: 0.16, eavesM: 0.3 },
  venue: { pitch: 0.24, eavesM: 2.5 },
};

function writeHouse(out: HouseWriter, b: Building): void {
  const c = Math.cos(b.angleRad);
  const s = Math.sin(b.angleRad);
  const w = b.widthM / 2;
  const d = b.depthM / 2;
  const h = b.heightM;
  const roof = ROOF[b.style];
  const rise = roof.pitch * d;
  const tag = [STYLE_NUMBER[b.style], Math.floor(b.seed * 255), Math.min(255, Math.round((h / 100) * 255)), b.waterside ? 255 : 0];
  const at = (u: number, v: number, z: number, tu: number, tv: number) => [b.x + u * c - v * s, b.y + u * s + v * c, z, tu, tv] as const;
  const turn = (u: number, v: number, z: number): [number, number, number] => [u * c - v * s, u * s + v * c, z];
  const shift = Math.floor(b.seed * 40);
  const W = b.widthM;
  const D = b.depthM;
  out.face(
    [at(-w, -d, 0, shift, 0), at(w, -d, 0, shift + W, 0), at(w, -d, h, shift + W, h), at(-w, -d, h, shift, h)],
    turn(0, -1, 0),
    0,
    tag,
  );
  out.face([at(w, d, 0, shift, 0), at(-w, d, 0, shift + W, 0), at(-w, d, h, shift + W, h), at(w, d, h, shift, h)], turn(0, 1, 0), 0, tag);
  if (rise === 0) {
    out.face([at(w, -d, 0, shift, 0), at(w, d, 0, shift + D, 0), at(w, d, h, shift + D, h), at(w, -d, h, shift, h)], turn(1, 0, 0), 1, tag);
    out.face(
      [at(-w, d, 0, shift, 0), at(-w, -d, 0, shift + D, 0), at(-w, -d, h, shift + D, h), at(-w, d, h, shift, h)],
      turn(-1, 0, 0),
      1,
      tag,
    );
    out.face([at(-w, -d, h, 0, 0), at(w, -d, h, W, 0), at(w, d, h, W, 0), at(-w, d, h, 0, 0)], [0, 0, 1], 2, tag);
    // A stair head or plant room breaks the flat roof of a block.
    const q = 0.16 + b.seed * 0.1;
    const z = h + 2.6;
    const x0 = -w * q + w * (b.seed - 0.5);
    const x1 = w * q + w * (b.seed - 0.5);
    out.face(
      [at(x0, -d * 0.5, h, 0, h), at(x1, -d * 0.5, h, 0, h), at(x1, -d * 0.5, z, 0, h), at(x0, -d * 0.5, z, 0, h)],
      turn(0, -1, 0),
      0,
      tag,
    );
    out.face(
      [at(x1, -d * 0.5, h, 0, h), at(x1, d * 0.5, h, 0, h), at(x1, d * 0.5, z, 0, h), at(x1, -d * 0.5, z, 0, h)],
      turn(1, 0, 0),
      0,
      tag,
    );
    out.face(
      [at(x0, d * 0.5, h, 0, h), at(x0, -d * 0.5, h, 0, h), at(x0, -d * 0.5, z, 0, h), at(x0, d * 0.5, z, 0, h)],
      turn(-1, 0, 0),
      0,
      tag,
    );
    out.face([at(x0, -d * 0.5, z, 0, 0), at(x1, -d * 0.5, z, 0, 0), at(x1, d * 0.5, z, 0, 0), at(x0, d * 0.5, z, 0, 0)], [0, 0, 1], 2, tag);
    return;
  }
  out.face(
    [
      at(w, -d, 0, shift, 0),
      at(w, d, 0, shift + D, 0),
      at(w, d, h, shift + D, h),
      at(w, 0, h + rise, shift + d, h),
      at(w, -d, h, shift, h),
    ],
    turn(1, 0, 0),
    1,
    tag,
  );
  out.face(
    [
      at(-w, d, 0, shift, 0),
      at(-w, -d, 0, shift + D, 0),
      at(-w, -d, h, shift + D, h),
      at(-w, 0, h + rise, shift + d, h),
      at(-w, d, h, shift, h),
    ],
    turn(-1, 0, 0),
    1,
    tag,
  );
  const e = roof.eavesM;
  const drop = e * roof.pitch;
  // In a row the roofs meet at the shared wall; a free-standing house lets them overhang.
  const we = b.style === 'old' ? w + 0.02 : w + e * 0.55;
  const length = Math.hypot(d + e, rise + drop);
  const nz = (d + e) / length;
  const ny = (rise + drop) / length;
  out.face(
    [at(-we, -d - e, h - drop, 0, 0), at(we, -d - e, h - drop, W, 0), at(we, 0, h + rise, W, length), at(-we, 0, h + rise, 0, length)],
    turn(0, -ny, nz),
    2,
    tag,
  );
  out.face(
    [at(we, d + e, h - drop, 0, 0), at(-we, d + e, h - drop, W, 0), at(-we, 0, h + rise, W, length), at(we, 0, h + rise, 0, length)],
    turn(0, ny, nz),
    2,
    tag,
  );
  if (b.style === 'old' && b.seed > 1 - FIRE_WALL_SHARE && b.heightM > 5) writeFireWalls(out, b, rise);
}

/**
 * A stepped fire wall on both gables: the white line with dark coping that a water town is known by. Both faces are seen.
 */
function writeFireWalls(out: HouseWriter, b: Building, rise: number): void {
  const c = Math.cos(b.angleRad);
  const s = Math.sin(b.angleRad);
  const d = b.depthM / 2;
  const h = b.heightM;
  const wall = [STYLE_NUMBER.old, Math.floor(b.seed * 255), 255, 0];
  const coping = [STYLE_NUMBER.old, 0, 255, 0];
  const steps = [
    [-d - 0.3, -d * 0.55, h + rise * 0.3 + 0.5],
    [-d * 0.55, d * 0.55, h + rise + 0.7],
    [d * 0.55, d + 0.3, h + rise * 0.3 + 0.5],
  ] as const;
  for (const end of [-1, 1]) {
    const u = (end * b.widthM) / 2;
    const at = (du: number, v: number, z: number) => [b.x + (u + du) * c - v * s, b.y + (u + du) * s + v * c, z, v + 20, z + 40] as const;
    for (const [v0, v1, z] of steps) {
      const n: [number, number, number] = [end * c, end * s, 0];
      out.face(
        end > 0
          ? [at(0.05, v0, h - 0.6), at(0.05, v1, h - 0.6), at(0.05, v1, z), at(0.05, v0, z)]
          : [at(-0.05, v1, h - 0.6), at(-0.05, v0, h - 0.6), at(-0.05, v0, z), at(-0.05, v1, z)],
        n,
        3,
        wall,
      );
      out.face(
        end > 0
          ? [at(-0.3, v1, h - 0.6), at(-0.3, v0, h - 0.6), at(-0.3, v0, z), at(-0.3, v1, z)]
          : [at(0.3, v0, h - 0.6), at(0.3, v1, h - 0.6), at(0.3, v1, z), at(0.3, v0, z)],
        [-n[0], -n[1], 0],
        3,
        wall,
      );
      out.face([at(-0.45, v0 - 0.15, z), at(0.45, v0 - 0.15, z), at(0.45, v1 + 0.15, z), at(-0.45, v1 + 0.15, z)], [0, 0, 1], 2, coping);
    }
  }
}

export function buildHouses(buildings: readonly Building[]): HouseMesh & { sorted: Building[] } {
  const byTile = new Map<string, Building[]>();
  for (const b of buildings) {
    const key = `${Math.floor(b.x / TILE_M)} ${Math.floor(b.y / TILE_M)}`;
    const list = byTile.get(key);
    if (list) list.push(b);
    else byTile.set(key, [b]);
  }
  const out = createHouseWriter();
  const tiles: HouseTile[] = [];
  const sorted: Building[] = [];
  for (const list of byTile.values()) {
    const offset = out.indices.length;
    const from = sorted.length;
    sorted.push(...list);
    for (const b of list) writeHouse(out, b);
    const x = list.reduce((sum, b) => sum + b.x, 0) / list.length;
    const y = list.reduce((sum, b) => sum + b.y, 0) / list.length;
    const radiusM = Math.max(...list.map((b) => Math.hypot(b.x - x, b.y - y))) + 80;
    tiles.push({ offset, count: out.indices.length - offset, from, to: sorted.length, x, y, radiusM });
  }
  return { ...out.finish(tiles), sorted };
}
