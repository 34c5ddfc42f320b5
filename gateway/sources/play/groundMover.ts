import type { LonLat } from '../../../protocol/primitives.ts';
import type { RoadGraph } from '../../roads/roadGraph.ts';
import type { Spread } from '../../scene/scenario.ts';
import type { Order } from '../source.ts';
import type { Mover, Tell } from './mover.ts';
import { createPathMotion, STEP_S, VEHICLE_LIMITS, WALK_LIMITS } from './pathMotion.ts';
import type { PathMotion } from './pathMotion.ts';
import type { Random } from './random.ts';

/** How long a crew takes from hearing an order to moving, seconds. */
const SET_OUT: Record<'vehicle' | 'officer', Spread> = { vehicle: { medianS: 6, p90S: 11 }, officer: { medianS: 4, p90S: 8 } };
/** How long it stands at each place of its round, seconds. */
const PAUSE: Record<'vehicle' | 'officer', Spread> = { vehicle: { medianS: 40, p90S: 150 }, officer: { medianS: 15, p90S: 60 } };
/** A new arrival time is told when it differs by more than this from what was told, milliseconds. */
const ETA_TOLERANCE_MS = 1500;

export interface GroundMoverOptions {
  unitId: string;
  kind: 'vehicle' | 'officer';
  graph: RoadGraph;
  random: Random;
  home: LonLat;
  /** Where its round takes it; empty: it waits at home. */
  stops: readonly LonLat[];
  /** A fixed walk instead of a round: there and back along the line. */
  beat: readonly LonLat[] | null;
  handle: Spread;
  tell: Tell;
}

type Task =
  | { kind: 'pause'; leftS: number }
  | { kind: 'round'; motion: PathMotion }
  | { kind: 'settingOut'; order: GoOrder; leftS: number }
  | { kind: 'driving'; order: GoOrder; motion: PathMotion; toldEtaMs: number }
  | { kind: 'working'; order: GoOrder; leftS: number };
type GoOrder = Extract<Order, { kind: 'go' }>;

/** A vehicle or an officer on foot: makes its round, and goes where it is sent. */
export function createGroundMover(options: GroundMoverOptions): Mover {
  const { unitId, kind, graph, random, tell } = options;
  const limits = kind === 'vehicle' ? VEHICLE_LIMITS : WALK_LIMITS;
  let beatForward = true;
  // The town is already at work when the scene opens: nobody waits out a whole pause first.
  let task: Task = { kind: 'pause', leftS: random.between(0, 8) };
  const start = options.beat ? pointAlong(options.beat, random.next()) : graph.snap(options.home);
  let pose = { lonDeg: start.lonDeg, latDeg: start.latDeg, headingDeg: random.between(0, 360), speedMps: 0 };

  const here = (): LonLat => [pose.lonDeg, pose.latDeg];
  const motionTo = (to: LonLat, pace: 'duty' | 'patrol'): PathMotion | null => {
    const route = graph.route(here(), to, { kind, pace });
    return route && createPathMotion(route.line, route.speedsMps, limits, { speedMps: pose.speedMps, headingDeg: pose.headingDeg });
  };
  const pause = (): Task => ({ kind: 'pause', leftS: Math.min(random.seconds(PAUSE[kind]), PAUSE[kind].p90S * 3) });

  function nextRound(): Task {
    if (options.beat) {
      const line = beatForward ? options.beat : [...options.beat].reverse();
      beatForward = !beatForward;
      const toStart = motionTo(line[0]!, 'patrol');
      // After an incident the walk back to the beat follows the streets; on the beat itself the line is the walk.
      if (toStart && toStart.lengthM > 40) return { kind: 'round', motion: toStart };
      const speeds = line.map(() => 0.9 + random.next() * 0.4);
      return { kind: 'round', motion: createPathMotion([here(), ...line], [speeds[0]!, ...speeds], limits) };
    }
    if (options.stops.length === 0) return pause();
    const motion = motionTo(random.pick(options.stops), 'patrol');
    return motion === null || motion.lengthM < 5 ? pause() : { kind: 'round', motion };
  }

  function advance(atMs: number): void {
    switch (task.kind) {
      case 'pause':
        task.leftS -= STEP_S;
        if (task.leftS <= 0) task = nextRound();
        return;
      case 'round':
        task.motion.step();
        pose = task.motion.pose();
        if (task.motion.done) task = pause();
        return;
      case 'settingOut': {
        task.leftS -= STEP_S;
        pose = { ...pose, speedMps: Math.max(0, pose.speedMps - limits.brakingMps2 * STEP_S) };
        if (task.leftS > 0) return;
        const { order } = task;
        const motion =
          motionTo([order.lonDeg, order.latDeg], 'duty') ?? createPathMotion([here(), ...order.route], [limits.cornerMps], limits);
        const etaAtMs = atMs + motion.leftS * 1000;
        tell({ unitId, incidentId: order.incidentId, step: 'setOut', etaAtMs });
        task = { kind: 'driving', order, motion, toldEtaMs: etaAtMs };
        return;
      }
      case 'driving': {
        task.motion.step();
        pose = task.motion.pose();
        if (task.motion.done) {
          tell({ unitId, incidentId: task.order.incidentId, step: 'arrived' });
          task = { kind: 'working', order: task.order, leftS: random.seconds(options.handle) };
          return;
        }
        const etaAtMs = atMs + task.motion.leftS * 1000;
        if (Math.abs(etaAtMs - task.toldEtaMs) > ETA_TOLERANCE_MS) {
          task.toldEtaMs = etaAtMs;
          tell({ unitId, incidentId: task.order.incidentId, etaAtMs });
        }
        return;
      }
      case 'working':
        task.leftS -= STEP_S;
        if (task.leftS > 0) return;
        tell({ unitId, incidentId: task.order.incidentId, step: 'handled' });
        task = { kind: 'pause', leftS: 5 };
        return;
    }
  }

  return {
    unitId,
    kind,
    step: advance,
    pose: () => ({ ...pose, altM: 0 }),
    get moving() {
      return pose.speedMps > 0;
    },
    get busy() {
      return task.kind === 'settingOut' || task.kind === 'driving' || task.kind === 'working';
    },
    get onScene() {
      return task.kind === 'working';
    },
    order(order) {
      if (order.kind === 'go') {
        task = { kind: 'settingOut', order, leftS: Math.min(random.seconds(SET_OUT[kind]), SET_OUT[kind].p90S * 2) };
      } else if (this.busy && (task as { order: GoOrder }).order.incidentId === order.incidentId) {
        pose = { ...pose, speedMps: 0 };
        task = { kind: 'pause', leftS: 3 };
      }
    },
  };
}

/** The point at a share of a line's number of segments; good enough to spread starting points. */
function pointAlong(line: readonly LonLat[], share: number): { lonDeg: number; latDeg: number } {
  const at = share * (line.length - 1);
  const [a, b] = [line[Math.floor(at)]!, line[Math.min(line.length - 1, Math.floor(at) + 1)]!];
  const t = at - Math.floor(at);
  return { lonDeg: a[0] + (b[0] - a[0]) * t, latDeg: a[1] + (b[1] - a[1]) * t };
}
