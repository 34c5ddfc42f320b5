import { ROOF, STYLE_NUMBER } from './buildHouses.ts';
import type { Building } from './planBuildings.ts';

/** Vertices a shadow: the footprint on the ground and again at the height of the eaves, which the shader lets fall along the light. */
const SHADOW_FACES = [4, 5, 6, 4, 6, 7, 0, 1, 5, 0, 5, 4, 1, 2, 6, 1, 6, 5, 2, 3, 7, 2, 7, 6, 3, 0, 4, 3, 4, 7];
export const SHADOW_INDICES = SHADOW_FACES.length;
/** Four at the foot, four at the eaves, two at the ridge; the roof overhangs nothing. */
const FAR_FACES = [
  0, 1, 5, 0, 5, 4, 2, 3, 7, 2, 7, 6, 1, 2, 6, 1, 6, 5, 5, 6, 9, 3, 0, 4, 3, 4, 7, 7, 4, 8, 4, 5, 9, 4, 9, 8, 6, 7, 8, 6, 8, 9,
];
export const FAR_INDICES = FAR_FACES.length;

const CORNERS = [
  [-1, -1],
  [1, -1],
  [1, 1],
  [-1, 1],
] as const;

export function buildShadows(sorted: readonly Building[]): { p: Float32Array; indices: Uint32Array } {
  const p = new Float32Array(sorted.length * 24);
  const indices = new Uint32Array(sorted.length * SHADOW_INDICES);
  sorted.forEach((b, k) => {
    const at = corner(b);
    const top = b.heightM + ROOF[b.style].pitch * (b.depthM / 2) * 0.6;
    CORNERS.forEach(([i, j], n) => {
      const [x, y] = at(i, j);
      p.set([x, y, 0], (k * 8 + n) * 3);
      p.set([x, y, top], (k * 8 + 4 + n) * 3);
    });
    for (let n = 0; n < SHADOW_INDICES; n++) indices[k * SHADOW_INDICES + n] = k * 8 + SHADOW_FACES[n]!;
  });
  return { p, indices };
}

/** Houses for the distance: ten shared vertices each; the shader finds the faces' directions from the picture. */
export function buildFarHouses(sorted: readonly Building[]): { p: Float32Array; house: Uint8Array; indices: Uint32Array } {
  const p = new Float32Array(sorted.length * 30);
  const house = new Uint8Array(sorted.length * 40);
  const indices = new Uint32Array(sorted.length * FAR_INDICES);
  sorted.forEach((b, k) => {
    const at = corner(b);
    const ridge = b.heightM + ROOF[b.style].pitch * (b.depthM / 2);
    CORNERS.forEach(([i, j], n) => {
      const [x, y] = at(i, j);
      p.set([x, y, 0], (k * 10 + n) * 3);
      p.set([x, y, b.heightM], (k * 10 + 4 + n) * 3);
    });
    p.set([...at(-1, 0), ridge], (k * 10 + 8) * 3);
    p.set([...at(1, 0), ridge], (k * 10 + 9) * 3);
    const tag = [STYLE_NUMBER[b.style], Math.floor(b.seed * 255), Math.min(255, Math.round(b.heightM * 2.55)), b.waterside ? 255 : 0];
    for (let n = 0; n < 10; n++) house.set(tag, (k * 10 + n) * 4);
    for (let n = 0; n < FAR_INDICES; n++) indices[k * FAR_INDICES + n] = k * 10 + FAR_FACES[n]!;
  });
  return { p, house, indices };
}

function corner(b: Building): (i: number, j: number) => [number, number] {
  const c = Math.cos(b.angleRad);
  const s = Math.sin(b.angleRad);
  return (i, j) => {
    const u = (i * b.widthM) / 2;
    const v = (j * b.depthM) / 2;
    return [b.x + u * c - v * s, b.y + u * s + v * c];
  };
}
