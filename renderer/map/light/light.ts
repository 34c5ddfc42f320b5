import { Cartesian3 } from '@cesium/engine';
import { getPosition } from 'suncalc';
import type { LightMode } from '../townMap.ts';

/** What the light is now. The vectors are uniforms and are changed in place. */
export interface Light {
  /** Weights of day, dusk and night; they sum to 1. */
  readonly weights: Cartesian3;
  /** Direction to the sun, or to the moon by night: east, north, up. */
  readonly sun: Cartesian3;
  /** Colour into which distance fades, and the foot of the sky. */
  readonly haze: Cartesian3;
  readonly zenith: Cartesian3;
  /** Steps toward the light of this moment; `dtMs` 0 jumps. */
  advance(mode: LightMode, nowMs: number, dtMs: number): void;
}

/** A full change of light takes about this long, so that a switch is seen and not felt as a flash. */
const CHANGE_MS = 1400;

/** The sun moves a quarter of a degree a minute: it is computed this often, not each frame. */
const SUN_PERIOD_MS = 5000;

/** Weights [day, dusk, night] by the sun's altitude: full day above 10 degrees, night below -8 (the lamps are long lit). */
export function weightsOf(sunAltitudeDeg: number): [number, number, number] {
  const smooth = (low: number, high: number) => {
    const t = Math.min(1, Math.max(0, (sunAltitudeDeg - low) / (high - low)));
    return t * t * (3 - 2 * t);
  };
  const day = smooth(0, 10);
  const night = 1 - smooth(-8, -1);
  return [day, Math.max(0, 1 - day - night), night];
}

export function sunAt(nowMs: number, latDeg: number, lonDeg: number): { altitudeDeg: number; azimuthDeg: number } {
  const p = getPosition(new Date(nowMs), latDeg, lonDeg);
  return { altitudeDeg: p.altitude, azimuthDeg: p.azimuth };
}

type Rgb = readonly [number, number, number];
const HAZE: readonly [Rgb, Rgb, Rgb] = [
  [0.735, 0.775, 0.775],
  [0.41, 0.432, 0.49],
  [0.148, 0.198, 0.236],
];
const ZENITH: readonly [Rgb, Rgb, Rgb] = [
  [0.56, 0.64, 0.67],
  [0.205, 0.25, 0.345],
  [0.04, 0.064, 0.094],
];

export function createLight(latDeg: number, lonDeg: number): Light {
  const weights = new Cartesian3(0, 0, 1);
  const sun = new Cartesian3(0.4, -0.5, 0.77);
  const haze = new Cartesian3();
  const zenith = new Cartesian3();
  const mix = (out: Cartesian3, of: readonly [Rgb, Rgb, Rgb]) => {
    out.x = of[0][0] * weights.x + of[1][0] * weights.y + of[2][0] * weights.z;
    out.y = of[0][1] * weights.x + of[1][1] * weights.y + of[2][1] * weights.z;
    out.z = of[0][2] * weights.x + of[1][2] * weights.y + of[2][2] * weights.z;
  };
  let real = { altitudeDeg: 0, azimuthDeg: 0 };
  let realAtMs = -Infinity;
  return {
    weights,
    sun,
    haze,
    zenith,
    advance(mode, nowMs, dtMs) {
      if (Math.abs(nowMs - realAtMs) > SUN_PERIOD_MS) {
        real = sunAt(nowMs, latDeg, lonDeg);
        realAtMs = nowMs;
      }
      const altitudeDeg = mode === 'day' ? 42 : mode === 'night' ? -30 : real.altitudeDeg;
      const [d, k, n] = weightsOf(altitudeDeg);
      const step = dtMs === 0 ? 1 : 1 - Math.exp((-3 * dtMs) / CHANGE_MS);
      weights.x += (d - weights.x) * step;
      weights.y += (k - weights.y) * step;
      weights.z += (n - weights.z) * step;
      // A forced day has the afternoon sun in the south-west; by night the moon stands in the south-east. Low suns are lifted for relief.
      const azimuthDeg = mode === 'day' ? 235 : altitudeDeg < -2 ? 130 : real.azimuthDeg;
      const liftDeg = altitudeDeg < -2 ? 48 : Math.max(16, Math.min(58, altitudeDeg));
      const a = (azimuthDeg * Math.PI) / 180;
      const h = (liftDeg * Math.PI) / 180;
      sun.x += (Math.sin(a) * Math.cos(h) - sun.x) * step;
      sun.y += (Math.cos(a) * Math.cos(h) - sun.y) * step;
      sun.z += (Math.sin(h) - sun.z) * step;
      mix(haze, HAZE);
      mix(zenith, ZENITH);
    },
  };
}
