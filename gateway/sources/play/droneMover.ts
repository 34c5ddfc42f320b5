import type { LonLat } from '../../../protocol/primitives.ts';
import type { DroneRoute } from '../../../protocol/town/town.ts';
import type { Order } from '../source.ts';
import type { Mover, Tell } from './mover.ts';
import { createPathMotion, STEP_S } from './pathMotion.ts';
import type { MotionLimits, PathMotion, Pose } from './pathMotion.ts';
import type { Random } from './random.ts';

const AIR_LIMITS: MotionLimits = { accelerationMps2: 2.5, brakingMps2: 2.5, cornerMps: 6 };
/** Climb and descent of a multicopter under automatic control. */
const VERTICAL_MPS = 4;
const CHARGE_S = { low: 90, high: 240 };
/** Over an incident it circles until it is called back, at most this long (battery). */
const HOVER_S = 300;

type Task =
  | { kind: 'charging'; leftS: number }
  | { kind: 'climbing'; motion: PathMotion; then: 'patrol' | GoOrder; topM: number }
  | { kind: 'patrol'; motion: PathMotion }
  | { kind: 'going'; order: GoOrder; motion: PathMotion }
  | { kind: 'hovering'; order: GoOrder; leftS: number }
  | { kind: 'returning'; motion: PathMotion }
  | { kind: 'descending' };
type GoOrder = Extract<Order, { kind: 'go' }>;

export interface DroneMoverOptions {
  unitId: string;
  dock: LonLat;
  routes: readonly DroneRoute[];
  cruiseMps: number;
  random: Random;
  tell: Tell;
}

/** A docked drone: charges, climbs, flies a route at its height (never above 120 m), returns; or flies straight to an incident. */
export function createDroneMover({ unitId, dock, routes, cruiseMps, random, tell }: DroneMoverOptions): Mover {
  let task: Task = { kind: 'charging', leftS: random.between(2, CHARGE_S.low) };
  let pose: Pose = { lonDeg: dock[0], latDeg: dock[1], headingDeg: 0, speedMps: 0 };
  let altM = 0;
  let heightM = routes[0]?.altM ?? 100;
  const here = (): LonLat => [pose.lonDeg, pose.latDeg];
  const fly = (line: readonly LonLat[]): PathMotion => createPathMotion([here(), ...line], [cruiseMps], AIR_LIMITS, pose);
  const follow = (motion: PathMotion): boolean => {
    motion.step();
    pose = motion.pose();
    return motion.done;
  };

  function advance(atMs: number): void {
    switch (task.kind) {
      case 'charging':
        task.leftS -= STEP_S;
        if (task.leftS <= 0 && routes.length > 0) {
          const route = random.pick(routes);
          heightM = route.altM;
          task = { kind: 'climbing', motion: fly(route.line), then: 'patrol', topM: route.altM };
        }
        return;
      case 'climbing':
        altM = Math.min(task.topM, altM + VERTICAL_MPS * STEP_S);
        if (altM < task.topM) return;
        if (task.then === 'patrol') task = { kind: 'patrol', motion: task.motion };
        else goNow(task.then, atMs);
        return;
      case 'patrol':
        if (follow(task.motion)) task = { kind: 'returning', motion: fly([dock]) };
        return;
      case 'going':
        if (!follow(task.motion)) return;
        tell({ unitId, incidentId: task.order.incidentId, step: 'arrived' });
        task = { kind: 'hovering', order: task.order, leftS: HOVER_S };
        return;
      case 'hovering':
        task.leftS -= STEP_S;
        pose = { ...pose, headingDeg: (pose.headingDeg + 6 * STEP_S) % 360, speedMps: 0 };
        if (task.leftS > 0) return;
        tell({ unitId, incidentId: task.order.incidentId, step: 'handled' });
        task = { kind: 'returning', motion: fly([dock]) };
        return;
      case 'returning':
        if (follow(task.motion)) task = { kind: 'descending' };
        return;
      case 'descending':
        altM = Math.max(0, altM - VERTICAL_MPS * STEP_S);
        if (altM === 0) task = { kind: 'charging', leftS: random.between(CHARGE_S.low, CHARGE_S.high) };
        return;
    }
  }

  function goNow(order: GoOrder, atMs: number): void {
    const motion = fly([[order.lonDeg, order.latDeg]]);
    tell({ unitId, incidentId: order.incidentId, step: 'setOut', etaAtMs: atMs + motion.leftS * 1000 });
    task = { kind: 'going', order, motion };
  }

  return {
    unitId,
    kind: 'drone',
    step: advance,
    pose: () => ({ ...pose, altM }),
    get moving() {
      return pose.speedMps > 0 || task.kind === 'climbing' || task.kind === 'descending';
    },
    get busy() {
      return task.kind === 'going' || task.kind === 'hovering' || (task.kind === 'climbing' && task.then !== 'patrol');
    },
    get onScene() {
      return task.kind === 'hovering';
    },
    order(order, atMs) {
      if (order.kind === 'recall') {
        if (this.busy) task = { kind: 'returning', motion: fly([dock]) };
      } else if (altM < heightM) {
        task = { kind: 'climbing', motion: fly([dock]), then: order, topM: heightM };
      } else {
        goNow(order, atMs);
      }
    },
  };
}
