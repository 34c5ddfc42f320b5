import type { View } from '../../../protocol/town/town.ts';
import type { LocalFrame } from '../localFrame.ts';

/**
 * Where the camera is, as a point on the ground that it looks at and how: pure functions on a small value, so that every move can be
 * tested without a screen. Radians and metres in the town's frame; heading clockwise from north; pitch negative downward.
 */
export interface RigPose {
  x: number;
  y: number;
  rangeM: number;
  headingRad: number;
  pitchRad: number;
}
export interface RigLimits {
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
  minRangeM: number;
  maxRangeM: number;
  minPitchRad: number;
  maxPitchRad: number;
}
export interface Viewport {
  /** CSS pixels. */
  width: number;
  height: number;
}

/** Vertical field of view. Narrow enough that far houses keep their size and the town reads like a scroll painting. */
export const FOV_Y_RAD = (36 * Math.PI) / 180;
/** The longest flight; longer would make a dispatcher wait for the picture. */
export const LONGEST_FLIGHT_MS = 1600;

export function clampPose(pose: RigPose, limits: RigLimits): RigPose {
  const within = (v: number, low: number, high: number) => Math.min(high, Math.max(low, v));
  return {
    x: within(pose.x, limits.minX, limits.maxX),
    y: within(pose.y, limits.minY, limits.maxY),
    rangeM: within(pose.rangeM, limits.minRangeM, limits.maxRangeM),
    headingRad: wrapRad(pose.headingRad),
    pitchRad: within(pose.pitchRad, limits.minPitchRad, limits.maxPitchRad),
  };
}

/** Into (-pi, pi]. */
export function wrapRad(a: number): number {
  const turn = 2 * Math.PI;
  const r = ((a % turn) + turn) % turn;
  return r > Math.PI ? r - turn : r;
}

export interface RigBasis {
  position: [number, number, number];
  direction: [number, number, number];
  up: [number, number, number];
  right: [number, number, number];
}

export function basisOf(pose: RigPose): RigBasis {
  const sh = Math.sin(pose.headingRad);
  const ch = Math.cos(pose.headingRad);
  const sp = Math.sin(pose.pitchRad);
  const cp = Math.cos(pose.pitchRad);
  const direction: [number, number, number] = [sh * cp, ch * cp, sp];
  return {
    position: [pose.x - direction[0] * pose.rangeM, pose.y - direction[1] * pose.rangeM, -direction[2] * pose.rangeM],
    direction,
    up: [-sh * sp, -ch * sp, cp],
    right: [ch, -sh, 0],
  };
}

/** Ground point under a pixel, or null at and above the horizon. */
export function groundAt(pose: RigPose, viewport: Viewport, px: number, py: number): { x: number; y: number } | null {
  const b = basisOf(pose);
  const t = Math.tan(FOV_Y_RAD / 2);
  const u = ((px / viewport.width) * 2 - 1) * t * (viewport.width / viewport.height);
  const v = (1 - (py / viewport.height) * 2) * t;
  const dx = b.direction[0] + b.right[0] * u + b.up[0] * v;
  const dy = b.direction[1] + b.right[1] * u + b.up[1] * v;
  const dz = b.direction[2] + b.right[2] * u + b.up[2] * v;
  if (dz > -1e-3) return null;
  const k = -b.position[2] / dz;
  return { x: b.position[0] + dx * k, y: b.position[1] + dy * k };
}

export interface Projection {
  (x: number, y: number, z: number, out: ScreenPoint): boolean;
}
export interface ScreenPoint {
  x: number;
  y: number;
  /** Metres along the view direction. */
  depthM: number;
}

/** Town metres to CSS pixels; false (and `out` unchanged) when the point is behind the camera. */
export function projectionOf(pose: RigPose, viewport: Viewport): Projection {
  const b = basisOf(pose);
  const f = viewport.height / 2 / Math.tan(FOV_Y_RAD / 2);
  return (x, y, z, out) => {
    const dx = x - b.position[0];
    const dy = y - b.position[1];
    const dz = z - b.position[2];
    const depth = dx * b.direction[0] + dy * b.direction[1] + dz * b.direction[2];
    if (depth < 0.5) return false;
    out.x = viewport.width / 2 + ((dx * b.right[0] + dy * b.right[1] + dz * b.right[2]) / depth) * f;
    out.y = viewport.height / 2 - ((dx * b.up[0] + dy * b.up[1] + dz * b.up[2]) / depth) * f;
    out.depthM = depth;
    return true;
  };
}

/** Drags the ground with the pointer: what was under the first pixel comes under the second. */
export function panPose(pose: RigPose, viewport: Viewport, fromX: number, fromY: number, toX: number, toY: number): RigPose {
  const a = groundAt(pose, viewport, fromX, fromY);
  const b = groundAt(pose, viewport, toX, toY);
  if (!a || !b) return pose;
  // Near the horizon a pixel is kilometres: one drag event never moves more than the range.
  const dx = a.x - b.x;
  const dy = a.y - b.y;
  const k = Math.min(1, pose.rangeM / Math.max(1, Math.hypot(dx, dy)));
  return { ...pose, x: pose.x + dx * k, y: pose.y + dy * k };
}

/** Zooms by a factor on the range and keeps the ground under the pixel where it is. */
export function zoomPose(pose: RigPose, viewport: Viewport, factor: number, px: number, py: number, limits: RigLimits): RigPose {
  const rangeM = Math.min(limits.maxRangeM, Math.max(limits.minRangeM, pose.rangeM * factor));
  const held = groundAt(pose, viewport, px, py);
  const k = rangeM / pose.rangeM;
  if (!held || Math.hypot(held.x - pose.x, held.y - pose.y) > pose.rangeM * 3) return { ...pose, rangeM };
  return { ...pose, rangeM, x: held.x + (pose.x - held.x) * k, y: held.y + (pose.y - held.y) * k };
}

export const turnPose = (pose: RigPose, headingRad: number, pitchRad: number): RigPose => ({
  ...pose,
  headingRad: wrapRad(pose.headingRad + headingRad),
  pitchRad: pose.pitchRad + pitchRad,
});

export function poseOfView(view: View, frame: LocalFrame): RigPose {
  return {
    x: frame.x(view.lonDeg),
    y: frame.y(view.latDeg),
    rangeM: view.rangeM,
    headingRad: wrapRad((view.headingDeg * Math.PI) / 180),
    pitchRad: (view.pitchDeg * Math.PI) / 180,
  };
}

export interface Flight {
  readonly durationMs: number;
  poseAt(elapsedMs: number): RigPose;
}

/** An eased path that climbs when the way is long, and turns the short way round. */
export function planFlight(from: RigPose, to: RigPose, reducedMotion: boolean): Flight {
  const way = Math.hypot(to.x - from.x, to.y - from.y);
  const turn = wrapRad(to.headingRad - from.headingRad);
  const zoom = Math.abs(Math.log(to.rangeM / from.rangeM));
  const wanted = 500 + 350 * Math.log1p(way / Math.min(from.rangeM, to.rangeM)) + 250 * zoom + Math.abs(turn) * 400;
  const durationMs = reducedMotion ? 0 : Math.min(LONGEST_FLIGHT_MS, wanted);
  // The top of the arc sees both ends; no climb when they are already in one picture.
  const top = Math.max(0, Math.log((way * 1.1) / Math.max(from.rangeM, to.rangeM)));
  return {
    durationMs,
    poseAt(elapsedMs) {
      const t = durationMs === 0 ? 1 : Math.min(1, Math.max(0, elapsedMs / durationMs));
      const e = t * t * t * (t * (t * 6 - 15) + 10);
      if (t === 1) return { ...to };
      const climb = Math.sin(Math.PI * e) ** 2 * top;
      return {
        x: from.x + (to.x - from.x) * e,
        y: from.y + (to.y - from.y) * e,
        rangeM: Math.exp(Math.log(from.rangeM) * (1 - e) + Math.log(to.rangeM) * e + climb),
        headingRad: wrapRad(from.headingRad + turn * e),
        pitchRad: from.pitchRad + (to.pitchRad - from.pitchRad) * e,
      };
    },
  };
}
