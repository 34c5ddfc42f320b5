import type { Point } from '../localFrame.ts';

/** Plane geometry in metres. Rings may or may not repeat their first point. */

export interface Bounds {
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
}

export function boundsOf(points: readonly Point[]): Bounds {
  const b = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity };
  for (const [x, y] of points) {
    if (x < b.minX) b.minX = x;
    if (x > b.maxX) b.maxX = x;
    if (y < b.minY) b.minY = y;
    if (y > b.maxY) b.maxY = y;
  }
  return b;
}

/** Square metres. */
export function areaOf(ring: readonly Point[]): number {
  let twice = 0;
  ring.forEach(([x, y], i) => {
    const [nx, ny] = ring[(i + 1) % ring.length]!;
    twice += x * ny - nx * y;
  });
  return Math.abs(twice) / 2;
}

export function isInside(ring: readonly Point[], x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [ax, ay] = ring[i]!;
    const [bx, by] = ring[j]!;
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

function distanceToSegment(x: number, y: number, a: Point, b: Point): number {
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  const l2 = dx * dx + dy * dy;
  const t = l2 === 0 ? 0 : Math.min(1, Math.max(0, ((x - a[0]) * dx + (y - a[1]) * dy) / l2));
  return Math.hypot(x - a[0] - t * dx, y - a[1] - t * dy);
}

export function distanceToLine(x: number, y: number, line: readonly Point[]): number {
  let best = Infinity;
  for (let i = 1; i < line.length; i++) best = Math.min(best, distanceToSegment(x, y, line[i - 1]!, line[i]!));
  return best;
}

/** Distance to the ring's edge: positive inside, negative outside. */
export function signedDistance(ring: readonly Point[], x: number, y: number): number {
  let d = distanceToLine(x, y, ring);
  const first = ring[0];
  const last = ring.at(-1);
  if (first && last) d = Math.min(d, distanceToSegment(x, y, last, first));
  return isInside(ring, x, y) ? d : -d;
}

/** Rounds corners (Chaikin), so that a hand-drawn line of a few points bends like water or asphalt. Ends stay. */
export function smoothLine(line: readonly Point[], passes: number): Point[] {
  let points = line.slice();
  for (let pass = 0; pass < passes && points.length > 2; pass++) {
    const next: Point[] = [points[0]!];
    for (let i = 0; i < points.length - 1; i++) {
      const [ax, ay] = points[i]!;
      const [bx, by] = points[i + 1]!;
      if (i > 0) next.push([ax * 0.75 + bx * 0.25, ay * 0.75 + by * 0.25]);
      if (i < points.length - 2) next.push([ax * 0.25 + bx * 0.75, ay * 0.25 + by * 0.75]);
    }
    next.push(points.at(-1)!);
    points = next;
  }
  return points;
}

export interface Station {
  x: number;
  y: number;
  /** Direction of the line here, radians anticlockwise from east. */
  angleRad: number;
}

/** Points along a line, one each `stepM`, the first after half a step. */
export function* stationsAlong(line: readonly Point[], stepM: number): Generator<Station> {
  let rest = stepM / 2;
  for (let i = 1; i < line.length; i++) {
    const [ax, ay] = line[i - 1]!;
    const [bx, by] = line[i]!;
    const length = Math.hypot(bx - ax, by - ay);
    const angleRad = Math.atan2(by - ay, bx - ax);
    while (rest <= length) {
      yield { x: ax + ((bx - ax) * rest) / length, y: ay + ((by - ay) * rest) / length, angleRad };
      rest += stepM;
    }
    rest -= length;
  }
}
