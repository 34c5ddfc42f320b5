import type { LonLat } from '../../../protocol/primitives.ts';
import type { Mover, Tell } from './mover.ts';
import { createPathMotion, STEP_S } from './pathMotion.ts';
import type { MotionLimits, PathMotion } from './pathMotion.ts';
import type { Random } from './random.ts';

const BOAT_LIMITS: MotionLimits = { accelerationMps2: 0.25, brakingMps2: 0.25, cornerMps: 2 };

/**
 * A patrol boat: up and down its stretch of the canal. Sent to an incident it reports at once that it set out, goes on along the water, and
 * arrives where the water comes nearest; a boat leaves no canal.
 */
export function createBoatMover(unitId: string, beat: readonly LonLat[], cruiseMps: number, random: Random, tell: Tell): Mover {
  let forward = true;
  let waitS = random.between(0, 60);
  let motion: PathMotion | null = null;
  let incidentId: string | null = null;
  let workS = 0;
  let pose = { lonDeg: beat[0]![0], latDeg: beat[0]![1], headingDeg: 0, speedMps: 0 };
  const along = (line: readonly LonLat[]): PathMotion => createPathMotion(line, [cruiseMps], BOAT_LIMITS);
  const nearestIndex = (lonDeg: number, latDeg: number): number => {
    const kx = Math.cos((latDeg * Math.PI) / 180);
    const away = beat.map(([x, y]) => Math.hypot((x - lonDeg) * kx, y - latDeg));
    return away.indexOf(Math.min(...away));
  };

  return {
    unitId,
    kind: 'boat',
    pose: () => ({ ...pose, altM: 0 }),
    get moving() {
      return pose.speedMps > 0;
    },
    get busy() {
      return incidentId !== null;
    },
    get onScene() {
      return incidentId !== null && motion === null;
    },
    step() {
      if (motion) {
        motion.step();
        pose = motion.pose();
        if (!motion.done) return;
        motion = null;
        waitS = random.between(20, 90);
        if (incidentId !== null) tell({ unitId, incidentId, step: 'arrived' });
      } else if (incidentId !== null) {
        workS -= STEP_S;
        if (workS > 0) return;
        tell({ unitId, incidentId, step: 'handled' });
        incidentId = null;
      } else {
        waitS -= STEP_S;
        if (waitS > 0) return;
        const at = nearestIndex(pose.lonDeg, pose.latDeg);
        if (at === beat.length - 1) forward = false;
        if (at === 0) forward = true;
        const ahead = forward ? beat.slice(at) : beat.slice(0, at + 1).reverse();
        motion = along([[pose.lonDeg, pose.latDeg], ...ahead]);
      }
    },
    order(order, atMs) {
      if (order.kind === 'recall') {
        incidentId = null;
        return;
      }
      const [from, to] = [nearestIndex(pose.lonDeg, pose.latDeg), nearestIndex(order.lonDeg, order.latDeg)];
      const way = from <= to ? beat.slice(from, to + 1) : beat.slice(to, from + 1).reverse();
      motion = along([[pose.lonDeg, pose.latDeg], ...way]);
      incidentId = order.incidentId;
      workS = random.between(40, 90);
      tell({ unitId, incidentId, step: 'setOut', etaAtMs: atMs + motion.leftS * 1000 });
    },
  };
}
