import type { Point } from '../localFrame.ts';
import type { Bounds } from './geometry.ts';
import { isInside } from './geometry.ts';

/** Cell edge in metres. Stamps add half a cell's diagonal, so a free cell is free in all of its area. */
const CELL_M = 2;
const HALF_DIAGONAL_M = (CELL_M * Math.SQRT2) / 2;

export interface Rectangle {
  x: number;
  y: number;
  angleRad: number;
  widthM: number;
  depthM: number;
}

/** What ground is taken, as two grids of bits over the town: what is there for good, and houses. */
export interface Occupancy {
  stampLine(line: readonly Point[], halfWidthM: number): void;
  stampRing(ring: readonly Point[]): void;
  /**
   * Takes the rectangle when all of it is off roads and water, and the rectangle grown by `gapM` is off other houses.
   * A negative gap lets houses of a row share their walls.
   */
  take(rectangle: Rectangle, gapM: number): boolean;
  /** True off the grid too. */
  isTaken(x: number, y: number): boolean;
}

export function createOccupancy(bounds: Bounds): Occupancy {
  const columns = Math.max(1, Math.ceil((bounds.maxX - bounds.minX) / CELL_M));
  const rows = Math.max(1, Math.ceil((bounds.maxY - bounds.minY) / CELL_M));
  const fixed = new Uint8Array(Math.ceil((columns * rows) / 8));
  const houses = new Uint8Array(Math.ceil((columns * rows) / 8));
  const column = (x: number) => Math.floor((x - bounds.minX) / CELL_M);
  const row = (y: number) => Math.floor((y - bounds.minY) / CELL_M);
  const set = (grid: Uint8Array, i: number, j: number) => {
    const k = j * columns + i;
    grid[k >> 3]! |= 1 << (k & 7);
  };
  const has = (grid: Uint8Array, x: number, y: number) => {
    const i = column(x);
    const j = row(y);
    if (i < 0 || j < 0 || i >= columns || j >= rows) return true;
    const k = j * columns + i;
    return (grid[k >> 3]! & (1 << (k & 7))) !== 0;
  };

  /** Cells whose centre is within `r` of the segment, row by row. */
  function stampSegment(a: Point, b: Point, r: number): void {
    const dx = b[0] - a[0];
    const dy = b[1] - a[1];
    const l2 = dx * dx + dy * dy;
    const first = Math.max(0, row(Math.min(a[1], b[1]) - r));
    const last = Math.min(rows - 1, row(Math.max(a[1], b[1]) + r));
    for (let j = first; j <= last; j++) {
      const cy = bounds.minY + (j + 0.5) * CELL_M;
      // The part of the segment that can reach this row bounds the columns.
      let t0 = 0;
      let t1 = 1;
      if (Math.abs(dy) > 1e-9) {
        const u = (cy - r - a[1]) / dy;
        const v = (cy + r - a[1]) / dy;
        t0 = Math.max(0, Math.min(u, v));
        t1 = Math.min(1, Math.max(u, v));
        if (t0 > t1) continue;
      }
      const x0 = a[0] + dx * t0;
      const x1 = a[0] + dx * t1;
      const from = Math.max(0, column(Math.min(x0, x1) - r));
      const to = Math.min(columns - 1, column(Math.max(x0, x1) + r));
      for (let i = from; i <= to; i++) {
        const cx = bounds.minX + (i + 0.5) * CELL_M;
        const t = l2 === 0 ? 0 : Math.min(1, Math.max(0, ((cx - a[0]) * dx + (cy - a[1]) * dy) / l2));
        const ex = cx - a[0] - t * dx;
        const ey = cy - a[1] - t * dy;
        if (ex * ex + ey * ey <= r * r) set(fixed, i, j);
      }
    }
  }

  /** Calls back on a lattice finer than a cell; stops at the first false. */
  function everyPoint({ x, y, angleRad, widthM, depthM }: Rectangle, growM: number, test: (px: number, py: number) => boolean): boolean {
    const w = Math.max(0.5, widthM + growM * 2);
    const d = Math.max(0.5, depthM + growM * 2);
    const nu = Math.ceil(w / 1.4);
    const nv = Math.ceil(d / 1.4);
    const c = Math.cos(angleRad);
    const s = Math.sin(angleRad);
    for (let iu = 0; iu <= nu; iu++) {
      const u = (iu / nu - 0.5) * w;
      for (let iv = 0; iv <= nv; iv++) {
        const v = (iv / nv - 0.5) * d;
        if (!test(x + u * c - v * s, y + u * s + v * c)) return false;
      }
    }
    return true;
  }

  return {
    isTaken: (x, y) => has(fixed, x, y) || has(houses, x, y),
    stampLine(line, halfWidthM) {
      for (let k = 1; k < line.length; k++) stampSegment(line[k - 1]!, line[k]!, halfWidthM + HALF_DIAGONAL_M);
    },
    stampRing(ring) {
      for (let k = 0; k < ring.length; k++) stampSegment(ring[k]!, ring[(k + 1) % ring.length]!, HALF_DIAGONAL_M);
      const ys = ring.map((p) => p[1]);
      const xs = ring.map((p) => p[0]);
      const right = Math.min(columns - 1, column(Math.max(...xs)));
      for (let j = Math.max(0, row(Math.min(...ys))); j <= Math.min(rows - 1, row(Math.max(...ys))); j++)
        for (let i = Math.max(0, column(Math.min(...xs))); i <= right; i++)
          if (isInside(ring, bounds.minX + (i + 0.5) * CELL_M, bounds.minY + (j + 0.5) * CELL_M)) set(fixed, i, j);
    },
    take(rectangle, gapM) {
      if (!everyPoint(rectangle, 0, (px, py) => !has(fixed, px, py))) return false;
      if (!everyPoint(rectangle, gapM, (px, py) => !has(houses, px, py))) return false;
      everyPoint(rectangle, -0.7, (px, py) => {
        set(houses, column(px), row(py));
        return true;
      });
      return true;
    },
  };
}
