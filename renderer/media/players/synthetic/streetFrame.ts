import { FOGS, TOP_LEVEL, type Raster, type Texture } from './raster.ts';
import { SECTION_M, type Section } from './scenery.ts';
import type { SideProfile } from './sideProfiles.ts';
import type { StreetView } from './streetView.ts';

/** A section with what its two sides are made of, in view terms: `sides[0]` is at the left of the picture. */
export interface Stretch {
  section: Section;
  sides: [SideProfile, SideProfile];
  z0: number;
}

/** What the passes of one picture of a street share. */
export interface Frame {
  raster: Raster;
  view: StreetView;
  stretches: Stretch[];
  lighting: Lighting;
  focalPx: number;
  horizon: number;
  sin: number;
  cos: number;
  /** Columns of planes with holes, drawn after the ground. */
  veils: Veil[];
}
interface Veil {
  x: number;
  depth: number;
  top: number;
  bottom: number;
  texture: Texture;
  texelsPerPx: number;
  u: number;
  k: number;
  glowK: number;
}

const LAMP_TABLE = 64;

export const fogOf = (depth: number, night: number) => Math.min(FOGS - 1, ((1 - Math.exp(-depth / (110 - 30 * night))) * (FOGS - 1)) | 0);

/** How much lamp light falls at a place along the path, 0 to 1. Lanterns hang every 6 m, street lamps stand every 24 m. */
function lampTable(view: StreetView): { table: Float32Array; periodM: number } {
  const kind = view.profile.lamps;
  const periodM = kind === 'lanterns' ? 6 : SECTION_M;
  const reachM = kind === 'lanterns' ? 2 : 8;
  const table = new Float32Array(LAMP_TABLE);
  if (kind !== 'none') {
    for (let i = 0; i < LAMP_TABLE; i++) {
      const d = Math.abs(i / LAMP_TABLE - 0.5) * periodM;
      table[i] = 1 / (1 + (d / reachM) ** 2);
    }
  }
  return { table, periodM };
}

export interface Lighting {
  /** Level 0 to TOP_LEVEL of a surface. @param dayLevel what it has by day; @param lampShare how much of the lamp light reaches it. */
  level(dayLevel: number, zM: number, lampShare: number): number;
  night: number;
}

export function lightingOf(view: StreetView): Lighting {
  const { day } = view.light.daylight;
  const lamps = lampTable(view);
  const night = 1 - day;
  return {
    night,
    level(dayLevel, zM, lampShare) {
      const a = view.alongM + view.way * zM;
      const phase = a / lamps.periodM - Math.floor(a / lamps.periodM);
      const lamp = lamps.table[(phase * LAMP_TABLE) | 0]! * lampShare;
      // The camera's own vehicle lights the road ahead of it.
      const beam = view.inVehicle && zM > 1 && zM < 45 ? 0.55 * (1 - zM / 45) : 0;
      const level = dayLevel * day + night * (4.5 + 24 * Math.min(1, lamp + beam));
      return level > TOP_LEVEL ? TOP_LEVEL : level | 0;
    },
  };
}
