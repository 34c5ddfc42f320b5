import type { LonLat } from '../../protocol/primitives.ts';

/**
 * The town as a plane: metres east (x) and north (y) of the scene's origin. Within 20 km of the origin the error against the ellipsoid is
 * under 0.1 %, far less than what the data knows. Everything in renderer/map is drawn in this frame.
 */
export interface LocalFrame {
  readonly originLonDeg: number;
  readonly originLatDeg: number;
  /** Metres a degree of longitude and of latitude at the origin. */
  readonly mPerLonDeg: number;
  readonly mPerLatDeg: number;
  x(lonDeg: number): number;
  y(latDeg: number): number;
  lonDeg(x: number): number;
  latDeg(y: number): number;
}

/** WGS-84: equatorial radius in metres and first eccentricity squared. */
const RADIUS_M = 6_378_137;
const E2 = 6.694379990141e-3;

export function createLocalFrame(originLonDeg: number, originLatDeg: number): LocalFrame {
  const latRad = (originLatDeg * Math.PI) / 180;
  const s = 1 - E2 * Math.sin(latRad) ** 2;
  const mPerLonDeg = ((RADIUS_M / Math.sqrt(s)) * Math.cos(latRad) * Math.PI) / 180;
  const mPerLatDeg = (((RADIUS_M * (1 - E2)) / s ** 1.5) * Math.PI) / 180;
  return {
    originLonDeg,
    originLatDeg,
    mPerLonDeg,
    mPerLatDeg,
    x: (lonDeg) => (lonDeg - originLonDeg) * mPerLonDeg,
    y: (latDeg) => (latDeg - originLatDeg) * mPerLatDeg,
    lonDeg: (x) => originLonDeg + x / mPerLonDeg,
    latDeg: (y) => originLatDeg + y / mPerLatDeg,
  };
}

/** `[x, y]` in metres. */
export type Point = readonly [number, number];

export const toPoints = (frame: LocalFrame, line: readonly LonLat[]): Point[] =>
  line.map(([lon, lat]) => [frame.x(lon), frame.y(lat)] as const);
