import type { FollowPath } from './followPath.ts';
import { hashText, mixBits } from '../../hash.ts';
import type { LightOfHour } from './lightOfHour.ts';
import { finishPicture, LEVELS, TOP_LEVEL, type Raster } from './raster.ts';
import { fogOf } from './streetFrame.ts';
import { SECTION_M } from './scenery.ts';
import type { Sight } from './studioMessage.ts';

/** Colours by day, 0xBBGGRR: what a drone sees of a town of canals and paddies. */
const ROOFS = [0x4b4744, 0x55504c, 0x3f3d3c, 0x625c57, 0x454e62];
const FIELDS = [0x3d5f56, 0x41685a, 0x36564f, 0x4a6b68, 0x3a5a60];
const ROAD = 0x6b6967;
const WATER = 0x5a5a4a;

/**
 * Looks down 40° from a drone or a mast at ground that is made up from the grid of the place: plots of roofs or fields beside the path,
 * with shadows. A sketch of the town, not its map.
 */
export function paintAerial(
  raster: Raster,
  sight: Sight,
  follow: FollowPath,
  light: LightOfHour,
  seed: number,
  timeS: number,
  frame: number,
): void {
  raster.light = light.table;
  const { width, height, pixels } = raster;
  const { table } = light;
  const night = 1 - light.daylight.day;
  const built = sight.surroundings.quarter !== 'open' && sight.surroundings.quarter !== 'village';
  const heightM = Math.max(40, sight.altM);
  const pitch = 0.62 + 0.02 * Math.sin(timeS * 0.4 + seed);
  const sway = 0.02 * Math.sin(timeS * 0.31 + seed);
  const focal = width * 0.72;
  const sinP = Math.sin(pitch);
  const cosP = Math.cos(pitch);
  const profile = sight.surroundings.profile;
  const way = sight.surroundings.forward ? 1 : -1;
  const half = profile.halfWidthM + 1;
  const pathSeed = hashText(sight.surroundings.pathId);
  const first = sight.surroundings.sections[0]!;
  for (let y = 0; y < height; y++) {
    const v = (y + 0.5 - height / 2) / focal;
    const down = sinP + v * cosP;
    const ahead = cosP - v * sinP;
    const depth = heightM / Math.max(0.05, down);
    const k0 = LEVELS * fogOf(depth * 0.14, night);
    for (let x = 0; x < width; x++) {
      const across = ((x + 0.5 - width / 2) / focal) * depth;
      const px = across + sway * ahead * depth;
      const a = follow.alongM + way * (ahead * depth - sway * across);
      const lateral = way * px;
      let colour: number;
      let level = 22;
      let windowLight = 0;
      const off = Math.abs(lateral);
      if (off < half) {
        colour = ROAD;
        const centre = off < 0.35 && profile.lanes > 0 && a - Math.floor(a / 9) * 9 < 4;
        if (centre) level = TOP_LEVEL;
        else if (off > half - 0.5) level = 26;
      } else {
        const index = Math.abs(Math.floor(a / SECTION_M) - first.index);
        const section = sight.surroundings.sections[Math.min(sight.surroundings.sections.length - 1, index)]!;
        const wet = (lateral < 0 ? section.left : section.right) === 'canal';
        if (wet && off < half + 14) {
          colour = WATER;
          level = 21 + ((Math.sin(a * 1.1 + timeS) + Math.sin(lateral * 2.3 - timeS * 0.7)) | 0);
        } else {
          const plotW = built ? 13 : 38;
          const plotL = built ? 17 : 52;
          const i = Math.floor((lateral - Math.sign(lateral) * half) / plotW);
          const j = Math.floor(a / plotL);
          const dice = mixBits(pathSeed + i * 7919 + j * 104_729);
          const u = (lateral - Math.sign(lateral) * half) / plotW - i;
          const w = a / plotL - j;
          const margin = built ? 0.1 + (dice & 7) / 60 : 0.02;
          const isRoof = built ? dice % 6 !== 0 : (dice & 15) === 0;
          const inside = u > margin && u < 1 - margin && w > margin && w < 1 - margin;
          if (inside && isRoof) {
            colour = ROOFS[(dice >>> 5) % ROOFS.length]!;
            // Two slopes with a ridge; rows of tiles.
            level = (u < 0.5 ? 25 : 17) + (((w * plotL * 2) & 1) === 0 ? 1 : 0);
            if (Math.abs(u - 0.5) < 0.03) level = 10;
          } else if (inside && built) {
            // A court with trees.
            colour = 0x35513f;
            level = 15 + (mixBits(Math.floor(a * 0.7) * 31 + Math.floor(lateral * 0.7)) % 10);
          } else if (built) {
            // Yards and lanes; the shadow of the house to the north-west falls into them.
            colour = (dice & 3) === 0 ? 0x3c5a44 : 0x707a80;
            level = u < margin || w < margin ? 9 : 20;
            // Windows and shop fronts light the yards of some houses.
            if (night > 0.05 && (dice >>> 9) % 3 === 0 && !(u < margin || w < margin)) windowLight = 16;
          } else {
            colour = FIELDS[(dice >>> 7) % FIELDS.length]!;
            level = 20 + (((u * plotW * 0.8) & 1) === 0 ? 1 : 0);
            if (u < 0.03 || w < 0.02) level = 14;
          }
        }
      }
      const lamp = windowLight > 0 ? windowLight : night > 0.05 && off < half + 4 ? 20 / (1 + ((a - Math.round(a / 28) * 28) / 7) ** 2) : 0;
      const lit = Math.max(0, Math.min(TOP_LEVEL, level * light.daylight.day + night * (5 + level * 0.12 + lamp)));
      const k = (lit | 0) + k0;
      pixels[y * width + x] =
        0xff000000 |
        (((((colour >> 16) & 255) * table.b[k]! + table.addB[k]!) >> 8) << 16) |
        (((((colour >> 8) & 255) * table.g[k]! + table.addG[k]!) >> 8) << 8) |
        (((colour & 255) * table.r[k]! + table.addR[k]!) >> 8);
    }
  }
  finishPicture(raster, light.grain, frame);
}
