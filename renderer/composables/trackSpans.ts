import type { LonLat } from '../../protocol/primitives.ts';
import type { TrackArea } from '../../protocol/queries/tracks.ts';
import { DAY_MS } from './timeScale.ts';

const HOUR_MS = 3_600_000;
/** Half the side of a place's square, metres: one square kilometre. */
const HALF_SIDE_M = 500;
const M_PER_DEG = 111_320;
/** Metres that a pixel of a wall of 1080 lines covers, for each metre of distance to the camera. */
const PIXEL_PER_M = 0.0007;

/** One square kilometre around a point. */
export function squareAround([lonDeg, latDeg]: LonLat): TrackArea {
  const lat = HALF_SIDE_M / M_PER_DEG;
  const lon = lat / Math.cos((latDeg * Math.PI) / 180);
  return { westDeg: lonDeg - lon, eastDeg: lonDeg + lon, southDeg: latDeg - lat, northDeg: latDeg + lat };
}

/** A deviation that nobody sees from there, metres, in steps of two so that a small zoom asks nothing again. */
export const toleranceAt = (rangeM: number): number => 2 ** Math.floor(Math.log2(Math.max(0.5, rangeM * PIXEL_PER_M)));

/** A local day, or an hour of it. @param date `2026-05-13`. @param hour 0 to 23, or null for the whole day. @returns null for no date. */
export function localSpan(date: string, hour: number | null, utcOffsetMin: number): { fromMs: number; toMs: number } | null {
  const midnight = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : NaN;
  if (Number.isNaN(midnight)) return null;
  const fromMs = midnight - utcOffsetMin * 60_000 + (hour ?? 0) * HOUR_MS;
  return { fromMs, toMs: fromMs + (hour === null ? DAY_MS : HOUR_MS) - 1 };
}
