import type { LightOfHour } from './lightOfHour.ts';
import type { PathProfile, Section } from './scenery.ts';

/** A camera in a street at one moment. View coordinates: x to the right of the middle of the path, z along it, metres from the camera. */
export interface StreetView {
  pathSeed: number;
  /** Where on the path. */
  alongM: number;
  /** 1 when it looks along the path as drawn, -1 against it. */
  way: 1 | -1;
  xM: number;
  heightM: number;
  /** To the right of the way. */
  yawRad: number;
  /** Tilt and the bob of steps, as a shift of the horizon in parts of the picture's height; positive looks up. */
  tilt: number;
  /** Focal length in picture widths. */
  focal: number;
  profile: PathProfile;
  /** In view order, the first ones behind. */
  sections: readonly Section[];
  busy: number;
  /** Server time in seconds: what moves by itself moves with it. */
  timeS: number;
  speedMps: number;
  inVehicle: boolean;
  light: LightOfHour;
}
