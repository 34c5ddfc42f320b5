import type { RigPose, Viewport } from './cameraRig.ts';
import { basisOf, FOV_Y_RAD } from './cameraRig.ts';

/** What the camera can see, for leaving out tiles of the town that it cannot. */
export interface ViewCone {
  /** Position of the eye, metres. */
  readonly eye: readonly [number, number, number];
  aim(pose: RigPose, viewport: Viewport, farM: number): void;
  /** True when a sphere on the ground may be in the picture. */
  sees(x: number, y: number, radiusM: number): boolean;
}

export function createViewCone(): ViewCone {
  let b = basisOf({ x: 0, y: 0, rangeM: 1, headingRad: 0, pitchRad: -1 });
  let farM = Infinity;
  const tanY = Math.tan(FOV_Y_RAD / 2);
  let tanX = tanY;
  return {
    get eye() {
      return b.position;
    },
    aim(pose, viewport, far) {
      b = basisOf(pose);
      farM = far;
      tanX = (tanY * viewport.width) / Math.max(1, viewport.height);
    },
    sees(x, y, radiusM) {
      const dx = x - b.position[0];
      const dy = y - b.position[1];
      const dz = -b.position[2];
      const depth = dx * b.direction[0] + dy * b.direction[1] + dz * b.direction[2];
      if (depth < -radiusM || depth > farM + radiusM) return false;
      const side = Math.abs(dx * b.right[0] + dy * b.right[1] + dz * b.right[2]);
      const up = Math.abs(dx * b.up[0] + dy * b.up[1] + dz * b.up[2]);
      return side - depth * tanX < radiusM * Math.hypot(1, tanX) && up - depth * tanY < radiusM * Math.hypot(1, tanY);
    },
  };
}
