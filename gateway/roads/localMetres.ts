import type { LonLat } from '../../protocol/primitives.ts';

/** A flat frame of one town: metres east and north of its origin. Off by less than 1 in 1,000 within 30 km. */
export interface LocalMetres {
  toXy(point: LonLat): Xy;
  /** Rounded to 1e-6 degree, 11 cm. */
  toLonLat(xy: Xy): LonLat;
}
export interface Xy {
  readonly x: number;
  readonly y: number;
}

const RAD = Math.PI / 180;

/** Metres per degree at the origin's latitude: series for the WGS-84 ellipsoid, good to a centimetre. */
export function createLocalMetres([lonDeg, latDeg]: LonLat): LocalMetres {
  const phi = latDeg * RAD;
  const mPerLat = 111_132.954 - 559.822 * Math.cos(2 * phi) + 1.175 * Math.cos(4 * phi);
  const mPerLon = 111_412.84 * Math.cos(phi) - 93.5 * Math.cos(3 * phi) + 0.118 * Math.cos(5 * phi);
  const rounded = (value: number) => Math.round(value * 1e6) / 1e6;
  return {
    toXy: ([lon, lat]) => ({ x: (lon - lonDeg) * mPerLon, y: (lat - latDeg) * mPerLat }),
    toLonLat: ({ x, y }) => [rounded(lonDeg + x / mPerLon), rounded(latDeg + y / mPerLat)],
  };
}

/** The point of segment a-b nearest to p: its share `t` of the way from a, and how far off p is. */
export function footOn(p: Xy, a: Xy, b: Xy): { t: number; x: number; y: number; offsetM: number } {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const lengthSq = dx * dx + dy * dy;
  const t = lengthSq > 0 ? Math.min(1, Math.max(0, ((p.x - a.x) * dx + (p.y - a.y) * dy) / lengthSq)) : 0;
  const x = a.x + t * dx;
  const y = a.y + t * dy;
  return { t, x, y, offsetM: Math.hypot(p.x - x, p.y - y) };
}

/** Where segments a-b and c-d cross, as shares of each; null when they do not or run parallel. */
export function crossingOf(a: Xy, b: Xy, c: Xy, d: Xy): { t: number; u: number } | null {
  const [rx, ry, sx, sy] = [b.x - a.x, b.y - a.y, d.x - c.x, d.y - c.y];
  const cross = rx * sy - ry * sx;
  if (Math.abs(cross) < 1e-9) return null;
  const t = ((c.x - a.x) * sy - (c.y - a.y) * sx) / cross;
  const u = ((c.x - a.x) * ry - (c.y - a.y) * rx) / cross;
  return t >= 0 && t <= 1 && u >= 0 && u <= 1 ? { t, u } : null;
}
