const POINTS = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'] as const;
export type CompassPoint = (typeof POINTS)[number];

/** The eighth of the compass that a heading (degrees clockwise from true north) falls into. */
export function compassPoint(headingDeg: number): CompassPoint {
  return POINTS[Math.round((((headingDeg % 360) + 360) % 360) / 45) % 8]!;
}

/** Metres as kilometres with one decimal, two below one kilometre. */
export function formatKm(distanceM: number): string {
  const km = distanceM / 1000;
  return km < 1 ? km.toFixed(2) : km.toFixed(1);
}

const EARTH_RADIUS_M = 6_371_008.8;

/** Length of a line of WGS-84 points in metres, on a sphere (error under 0.6 %). */
export function lineLengthM(line: readonly { lonDeg: number; latDeg: number }[]): number {
  const rad = Math.PI / 180;
  let lengthM = 0;
  for (let i = 1; i < line.length; i += 1) {
    const a = line[i - 1]!;
    const b = line[i]!;
    const sinLat = Math.sin(((b.latDeg - a.latDeg) * rad) / 2);
    const sinLon = Math.sin(((b.lonDeg - a.lonDeg) * rad) / 2);
    const h = sinLat * sinLat + Math.cos(a.latDeg * rad) * Math.cos(b.latDeg * rad) * sinLon * sinLon;
    lengthM += 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)));
  }
  return lengthM;
}
