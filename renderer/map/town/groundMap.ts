import type { Town } from '../../../protocol/town/town.ts';
import type { LocalFrame, Point } from '../localFrame.ts';
import { toPoints } from '../localFrame.ts';
import { boundsOf, isInside, signedDistance } from './geometry.ts';

const GROUND_MAP_SIZE = 512;

export interface GroundMap {
  /** Origin of the square in metres and its edge. */
  minX: number;
  minY: number;
  edgeM: number;
  /** Texels an edge. */
  size: number;
  /** RGBA: r distance to the outline (128 on it, +-1 km), g how built up, b lantern light of the old quarters, a a broad wash of tone. */
  pixels: Uint8Array;
}

const DENSITY = { old: 1, modern: 0.85, village: 0.42, industry: 0.8, venue: 0.75 } as const;

export function planGroundMap(town: Pick<Town, 'outline' | 'quarters'>, frame: LocalFrame): GroundMap {
  const outline = toPoints(frame, town.outline.ring);
  const b = boundsOf(outline);
  const edgeM = Math.max(b.maxX - b.minX, b.maxY - b.minY) + 4000;
  const minX = (b.minX + b.maxX - edgeM) / 2;
  const minY = (b.minY + b.maxY - edgeM) / 2;
  const n = GROUND_MAP_SIZE;
  const texel = edgeM / n;
  const built = new Float32Array(n * n);
  const lantern = new Float32Array(n * n);
  const pixels = new Uint8Array(n * n * 4);
  const column = (x: number) => Math.min(n - 1, Math.max(0, Math.floor((x - minX) / texel)));
  const row = (y: number) => Math.min(n - 1, Math.max(0, Math.floor((y - minY) / texel)));
  for (const quarter of town.quarters) {
    const ring = toPoints(frame, quarter.ring);
    const q = boundsOf(ring);
    for (let j = row(q.minY); j <= row(q.maxY); j++)
      for (let i = column(q.minX); i <= column(q.maxX); i++) {
        if (!isInside(ring, minX + (i + 0.5) * texel, minY + (j + 0.5) * texel)) continue;
        built[j * n + i] = Math.max(built[j * n + i]!, DENSITY[quarter.style]);
        if (quarter.style === 'old') lantern[j * n + i] = 1;
      }
  }
  blur(built, n);
  blur(lantern, n);
  const edge = planEdge(outline, minX, minY, edgeM);
  for (let j = 0; j < n; j++)
    for (let i = 0; i < n; i++) {
      const o = (j * n + i) * 4;
      pixels[o] = Math.max(0, Math.min(255, 128 + (edge((i + 0.5) / n, (j + 0.5) / n) / 1000) * 127));
      pixels[o + 1] = 255 * Math.min(1, built[j * n + i]!);
      pixels[o + 2] = 255 * Math.min(1, lantern[j * n + i]!);
      const x = minX + (i + 0.5) * texel;
      const y = minY + (j + 0.5) * texel;
      pixels[o + 3] = 255 * (valueNoise(x / 1450, y / 1450) * 0.65 + valueNoise(x / 430, y / 430) * 0.35);
    }
  return { minX, minY, edgeM, size: n, pixels };
}

/** One box blur each way: a quarter's edge becomes a wash of about a hundred metres. */
function blur(field: Float32Array, n: number): void {
  const copy = field.slice();
  for (let pass = 0; pass < 2; pass++) {
    const from = pass === 0 ? copy : field.slice();
    const step = pass === 0 ? 1 : n;
    for (let k = step * 2; k < field.length - step * 2; k++)
      field[k] = (from[k - 2 * step]! + from[k - step]! + from[k]! * 2 + from[k + step]! + from[k + 2 * step]!) / 6;
  }
}

/** Distance to the outline on a coarse lattice, straight between its points: it varies slowly, and every texel asks for it. */
function planEdge(outline: readonly Point[], minX: number, minY: number, edgeM: number): (u: number, v: number) => number {
  const n = 96;
  const lattice = new Float32Array((n + 1) ** 2);
  for (let j = 0; j <= n; j++)
    for (let i = 0; i <= n; i++) lattice[j * (n + 1) + i] = signedDistance(outline, minX + (i / n) * edgeM, minY + (j / n) * edgeM);
  return (u, v) => {
    const i = Math.min(n - 1, Math.floor(u * n));
    const j = Math.min(n - 1, Math.floor(v * n));
    const fu = u * n - i;
    const fv = v * n - j;
    const o = j * (n + 1) + i;
    const low = lattice[o]! * (1 - fu) + lattice[o + 1]! * fu;
    const high = lattice[o + n + 1]! * (1 - fu) + lattice[o + n + 2]! * fu;
    return low * (1 - fv) + high * fv;
  };
}

/** Smooth noise of one metre's period, 0..1. */
function valueNoise(x: number, y: number): number {
  const i = Math.floor(x);
  const j = Math.floor(y);
  const ease = (t: number) => t * t * (3 - 2 * t);
  const u = ease(x - i);
  const v = ease(y - j);
  const at = (a: number, b: number) => {
    let h = Math.imul(a, 0x27d4eb2d) ^ Math.imul(b, 0x165667b1);
    h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
    return ((h ^ (h >>> 13)) >>> 0) / 4294967296;
  };
  return (at(i, j) * (1 - u) + at(i + 1, j) * u) * (1 - v) + (at(i, j + 1) * (1 - u) + at(i + 1, j + 1) * u) * v;
}
