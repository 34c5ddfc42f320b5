import type { LonLat } from '../../../protocol/primitives.ts';

const M_PER_DEG = 111_320;
/** Camera range per metre of extent: what stands at the edges keeps clear of the panels that float over the map. */
const RANGE_PER_M = 1.7;

/**
 * Where to look, and from how far, to have all points in the picture.
 * @param leastRangeM Not nearer than this, metres.
 * @returns null for no points.
 */
export function framePoints(points: readonly LonLat[], leastRangeM: number): { lonDeg: number; latDeg: number; rangeM: number } | null {
  if (points.length === 0) return null;
  const lons = points.map(([lonDeg]) => lonDeg);
  const lats = points.map(([, latDeg]) => latDeg);
  const [west, east, south, north] = [Math.min(...lons), Math.max(...lons), Math.min(...lats), Math.max(...lats)];
  const latDeg = (south + north) / 2;
  const widthM = (east - west) * M_PER_DEG * Math.cos((latDeg * Math.PI) / 180);
  const extentM = Math.hypot(widthM, (north - south) * M_PER_DEG);
  return { lonDeg: (west + east) / 2, latDeg, rangeM: Math.max(leastRangeM, extentM * RANGE_PER_M) };
}
