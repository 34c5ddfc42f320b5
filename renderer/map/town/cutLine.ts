import type { Point } from '../localFrame.ts';

/** The part of a line between two lengths from its start, in metres; what lies beyond its ends is left out. Fewer than two points where nothing is left. */
export function cutLine(points: readonly Point[], fromM: number, toM: number): Point[] {
  const made: Point[] = [];
  let alongM = 0;
  for (let i = 1; i < points.length && alongM < toM; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    const lengthM = Math.hypot(b[0] - a[0], b[1] - a[1]);
    const at = (metres: number): Point => {
      const t = lengthM > 0 ? (metres - alongM) / lengthM : 0;
      return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
    };
    if (alongM + lengthM > fromM) {
      if (made.length === 0) made.push(at(Math.max(fromM, alongM)));
      made.push(alongM + lengthM <= toM ? b : at(toM));
    }
    alongM += lengthM;
  }
  return made;
}
