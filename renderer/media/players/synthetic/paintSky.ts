import { mixBits } from '../../hash.ts';
import type { Raster } from './raster.ts';
import type { StreetView } from './streetView.ts';

const SKYLINE = 512;
const skylines = new Map<number, Float32Array>();

/** Heights of far trees and roofs over the whole circle, as tangents above the horizon. Eight of them serve the whole town. */
function skylineOf(seed: number): Float32Array {
  const which = seed % 8;
  let line = skylines.get(which);
  if (!line) {
    line = new Float32Array(SKYLINE);
    for (let i = 0; i < SKYLINE; i++) {
      const a = (i / SKYLINE) * Math.PI * 2;
      const roof = (mixBits(which * 977 + (i >> 3)) & 7) === 0 ? 0.03 : 0;
      line[i] = 0.022 + 0.012 * Math.sin(a * 7 + which) + 0.008 * Math.sin(a * 19 + which * 2) + 0.004 * Math.sin(a * 53) + roof;
    }
    skylines.set(which, line);
  }
  return line;
}

/** Sky and the far edge of the town: everything above the horizon that no wall covers. */
export function drawBackdrop(raster: Raster, view: StreetView, horizon: number, focalPx: number): void {
  const { width, height, pixels } = raster;
  const { zenith, horizon: low, daylight } = view.light;
  const rows = Math.min(height, Math.ceil(horizon + 1));
  for (let y = 0; y < rows; y++) {
    const w = Math.pow(1 - Math.min(1, Math.max(0, (horizon - y) / (height * 0.62))), 2.2);
    const r = zenith[0] + (low[0] - zenith[0]) * w;
    const g = zenith[1] + (low[1] - zenith[1]) * w;
    const b = zenith[2] + (low[2] - zenith[2]) * w;
    pixels.fill((0xff000000 | (b << 16) | (g << 8) | r) >>> 0, y * width, (y + 1) * width);
  }
  // The ground beyond what is drawn is haze.
  const haze = (0xff000000 | (low[2] << 16) | (low[1] << 8) | low[0]) >>> 0;
  pixels.fill(haze, rows * width);
  const skyline = skylineOf(view.pathSeed);
  const dim = 0.62 + 0.12 * (1 - daylight.day);
  const far = (0xff000000 | ((low[2] * dim) << 16) | ((low[1] * (dim + 0.02)) << 8) | (low[0] * dim)) >>> 0;
  const turn = view.yawRad + (view.way > 0 ? 0 : Math.PI);
  for (let x = 0; x < width; x++) {
    const angle = turn + Math.atan((x - width / 2) / focalPx);
    const i = Math.floor((angle / (Math.PI * 2)) * SKYLINE);
    const top = Math.round(horizon - skyline[((i % SKYLINE) + SKYLINE) % SKYLINE]! * focalPx);
    for (let y = Math.max(0, top); y < rows; y++) pixels[y * width + x] = far;
  }
}
