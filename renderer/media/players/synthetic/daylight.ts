/** Light of the hour over the town. */
export interface Daylight {
  /** 0 in the dark (sun 8° below the horizon) to 1 by day (8° above). */
  day: number;
  /** 0 to 1: how warm and low the light is, highest when the sun is near the horizon. */
  dusk: number;
}

const RAD = Math.PI / 180;

/**
 * Height of the sun, in degrees above the horizon.
 * Low-precision formulas of the Astronomical Almanac (page C5, within 0.01° for 1950 to 2050). @param timeMs UTC epoch milliseconds.
 */
export function sunAltitudeDeg(timeMs: number, lonDeg: number, latDeg: number): number {
  const n = timeMs / 86_400_000 + 2_440_587.5 - 2_451_545;
  const meanLon = 280.46 + 0.985_647_4 * n;
  const anomaly = (357.528 + 0.985_600_3 * n) * RAD;
  const ecliptic = (meanLon + 1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly)) * RAD;
  const tilt = (23.439 - 0.000_000_4 * n) * RAD;
  const ascension = Math.atan2(Math.cos(tilt) * Math.sin(ecliptic), Math.cos(ecliptic));
  const declination = Math.asin(Math.sin(tilt) * Math.sin(ecliptic));
  const siderealDeg = (18.697_374_558 + 24.065_709_824_419_08 * n) * 15 + lonDeg;
  const hour = siderealDeg * RAD - ascension;
  const lat = latDeg * RAD;
  return Math.asin(Math.sin(lat) * Math.sin(declination) + Math.cos(lat) * Math.cos(declination) * Math.cos(hour)) / RAD;
}

export function daylightAt(timeMs: number, lonDeg: number, latDeg: number): Daylight {
  const altitude = sunAltitudeDeg(timeMs, lonDeg, latDeg);
  const t = Math.min(1, Math.max(0, (altitude + 8) / 16));
  return { day: t * t * (3 - 2 * t), dusk: Math.max(0, 1 - Math.abs(altitude + 1) / 9) };
}
