import type { Point } from '../localFrame.ts';

export interface RibbonLine {
  points: readonly Point[];
  halfWidthM: number;
  /** A number that the shader reads: road class, or a seed for water. */
  rank: number;
}
export interface RibbonData {
  p: Float32Array;
  n: Float32Array;
  e: Float32Array;
  indices: Uint32Array;
}

/** A line, and what the shader reads at its point `i` on one side (-1, 1): four floats from `at` on. */
export interface RibbonShape {
  points: readonly Point[];
  write(e: Float32Array, at: number, i: number, side: number): void;
}

export function buildRibbon(lines: readonly RibbonLine[]): RibbonData {
  return shapeRibbon(
    lines.map(({ points, halfWidthM, rank }) => {
      let along = 0;
      let reached = 0;
      return {
        points,
        write(e, at, i, side) {
          if (i > reached) along += Math.hypot(points[i]![0] - points[i - 1]![0], points[i]![1] - points[i - 1]![1]);
          reached = i;
          e[at] = side;
          e[at + 1] = along;
          e[at + 2] = halfWidthM;
          e[at + 3] = rank;
        },
      };
    }),
  );
}

/** Two vertices a point with mitred normals (mitre limited to 2, so a sharp corner is cut and not a spike). */
export function shapeRibbon(lines: readonly RibbonShape[]): RibbonData {
  let vertices = 0;
  let triangles = 0;
  for (const { points } of lines)
    if (points.length > 1) {
      vertices += points.length * 2;
      triangles += (points.length - 1) * 2;
    }
  const data = {
    p: new Float32Array(vertices * 2),
    n: new Float32Array(vertices * 2),
    e: new Float32Array(vertices * 4),
    indices: new Uint32Array(triangles * 3),
  };
  let v = 0;
  let k = 0;
  for (const { points, write } of lines) {
    if (points.length < 2) continue;
    for (let i = 0; i < points.length; i++) {
      const b = points[i]!;
      const a = points[i - 1] ?? b;
      const c = points[i + 1] ?? b;
      const inLength = Math.hypot(b[0] - a[0], b[1] - a[1]);
      const outLength = Math.hypot(c[0] - b[0], c[1] - b[1]);
      const ix = inLength > 0 ? (b[0] - a[0]) / inLength : (c[0] - b[0]) / (outLength || 1);
      const iy = inLength > 0 ? (b[1] - a[1]) / inLength : (c[1] - b[1]) / (outLength || 1);
      const ox = outLength > 0 ? (c[0] - b[0]) / outLength : ix;
      const oy = outLength > 0 ? (c[1] - b[1]) / outLength : iy;
      let nx = -(iy + oy);
      let ny = ix + ox;
      const l = Math.hypot(nx, ny);
      if (l < 1e-6) {
        nx = -iy;
        ny = ix;
      } else {
        nx /= l;
        ny /= l;
      }
      const mitre = Math.min(2, 1 / Math.max(0.35, nx * -iy + ny * ix));
      for (const side of [-1, 1]) {
        data.p.set(b, v * 2);
        data.n.set([nx * side * mitre, ny * side * mitre], v * 2);
        write(data.e, v * 4, i, side);
        v++;
      }
      if (i > 0) {
        data.indices.set([v - 4, v - 3, v - 2, v - 2, v - 3, v - 1], k);
        k += 6;
      }
    }
  }
  return data;
}
