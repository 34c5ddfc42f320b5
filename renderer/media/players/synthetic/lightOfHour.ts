import type { Daylight } from './daylight.ts';
import { createLightTable, type LightTable, type Rgb } from './raster.ts';

/** Everything about a picture that depends on the hour alone. */
export interface LightOfHour {
  daylight: Daylight;
  table: LightTable;
  zenith: Rgb;
  horizon: Rgb;
  /** Sensor noise: more in the dark. */
  grain: number;
}

const mix = (a: Rgb, b: Rgb, w: number): Rgb => [a[0] + (b[0] - a[0]) * w, a[1] + (b[1] - a[1]) * w, a[2] + (b[2] - a[2]) * w];

/** Night, day and dusk colours: factors for `shadow`, `light` and `glow`, 0 to 255 for the sky. Chosen by eye for a hazy plain of the lower Yangtze. */
const night = {
  shadow: [0.12, 0.15, 0.215],
  light: [1.12, 0.92, 0.64],
  glow: [1, 0.95, 0.82],
  zenith: [9, 13, 22],
  horizon: [26, 31, 42],
} as const;
const noon = {
  shadow: [0.56, 0.6, 0.66],
  light: [1.22, 1.2, 1.14],
  glow: [0.38, 0.37, 0.4],
  zenith: [128, 152, 175],
  horizon: [200, 207, 207],
} as const;
const evening = {
  shadow: [0.26, 0.27, 0.38],
  light: [1, 0.8, 0.6],
  glow: [1, 0.93, 0.78],
  zenith: [66, 78, 110],
  horizon: [206, 152, 118],
} as const;

export function lightOfHour(daylight: Daylight): LightOfHour {
  const { day } = daylight;
  const dusk = daylight.dusk * 0.9;
  const blend = (key: keyof typeof night) => mix(mix(night[key], noon[key], day), evening[key], dusk);
  const horizon = blend('horizon');
  return {
    daylight,
    table: createLightTable(blend('shadow'), blend('light'), blend('glow'), horizon),
    zenith: blend('zenith'),
    horizon,
    grain: 1.2 + 1.2 * (1 - day),
  };
}
