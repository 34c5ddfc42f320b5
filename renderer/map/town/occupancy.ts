import type { Point } from '../localFrame.ts';
import type { Bounds } from './geometry.ts';
import { isInside } from './geometry.ts';

/** Cell edge in metres. Stamps add half a cell's diagonal, so a free cell is free in all of its area. */
export const CELL_M = 4;
const HALF_DIAGONAL_M = (CELL_M * Math.SQRT2) / 2;

export interface Rectangle {
  x: number;
  y: number;
  angleRad: number;
  widthM: number;
  depthM: number;
}

/** What ground is taken, as a grid of bits over the town. */
export interface Occupancy {
  stampLine(line: readonly Point[], halfWidthM: number): void;
  stampRing(ring: readonly Point[]): void;
  /** Takes the rectangle if all of it is free. */
  take(rectangle: Rectangle, gapM: number): boolean;
  isTaken(x: number, y: number): boolean;
}

export function createOccupancy(bounds: Bounds): Occupancy {
  const columns = Math.max(1, Math.ceil((bounds.maxX - bounds.minX) / CELL_M));
  const rows = Math.max(1, Math.ceil((bounds.maxY - bounds.minY) / CELL_M));
  const cells = new Uint8Array(columns * rows);
  const column = (x: number) => Math.floor((x - bounds.minX) / CELL_M);
  const row = (y: number) => Math.floor((y - bounds.minY) / CELL_M);
  const isTaken = (x: number, y: number) => {
    const i = column(x);
    const j = row(y);
    return i < 0 || j < 0 || i >= columns || j >= rows || cells[j * columns + i] !== 0;
  };

  function stampDisc(x: number, y: number, radiusM: number) {
    const r = radiusM + HALF_DIAGONAL_M;
    for (let j = Math.max(0, row(y - r)); j <= Math.min(rows - 1, row(y + r)); j++) {
      const cy = bounds.minY + (j + 0.5) * CELL_M - y;
      for (let i = Math.max(0, column(x - r)); i <= Math.min(columns - 1, column(x + r)); i++) {
        const cx = bounds.minX + (i + 0.5) * CELL_M - x;
        if (cx * cx + cy * cy <= r * r) cells[j * columns + i] = 1;
      }
    }
  }

  /** Calls back on a lattice no coarser than a cell; stops at the first false. */
  function everyPoint({ x, y, angleRad, widthM, depthM }: Rectangle, growM: number, test: (px: number, py: number) => boolean): boolean {
    const w = widthM + growM * 2;
    const d = depthM + growM * 2;
    const nu = Math.ceil(w / 3);
    const nv = Math.ceil(d / 3);
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
    isTaken,
    stampLine(line, halfWidthM) {
      const step = CELL_M / 2;
      for (let k = 1; k < line.length; k++) {
        const [ax, ay] = line[k - 1]!;
        const [bx, by] = line[k]!;
        const n = Math.max(1, Math.ceil(Math.hypot(bx - ax, by - ay) / step));
        // The chord between two discs sags by less than a decimetre at this step.
        for (let i = 0; i <= n; i++) stampDisc(ax + ((bx - ax) * i) / n, ay + ((by - ay) * i) / n, halfWidthM + 0.1);
      }
    },
    stampRing(ring) {
      const closed = [...ring, ring[0]!];
      for (let k = 1; k < closed.length; k++) this.stampLine([closed[k - 1]!, closed[k]!], 0);
      const ys = ring.map((p) => p[1]);
      const xs = ring.map((p) => p[0]);
      for (let j = Math.max(0, row(Math.min(...ys))); j <= Math.min(rows - 1, row(Math.max(...ys))); j++)
        for (let i = Math.max(0, column(Math.min(...xs))); i <= Math.min(columns - 1, column(Math.max(...xs))); i++)
          if (isInside(ring, bounds.minX + (i + 0.5) * CELL_M, bounds.minY + (j + 0.5) * CELL_M)) cells[j * columns + i] = 1;
    },
    take(rectangle, gapM) {
      if (!everyPoint(rectangle, gapM, (px, py) => !isTaken(px, py))) return false;
      // Only the inner part is marked, by cell: neighbours in a row may then share a wall without sharing ground.
      everyPoint(
        { ...rectangle, widthM: Math.max(1, rectangle.widthM - CELL_M), depthM: Math.max(1, rectangle.depthM - CELL_M) },
        0,
        (px, py) => {
          cells[row(py) * columns + column(px)] = 1;
          return true;
        },
      );
      return true;
    },
  };
}
