import type { Sight } from './studioMessage.ts';

/** A camera's smooth way along its path between fixes that come about once a second. */
export interface FollowPath {
  /** Takes a new fix. @param clockS steady seconds. */
  take(sight: Sight, clockS: number): void;
  /** Moves on to `clockS`. */
  step(clockS: number): void;
  readonly alongM: number;
  readonly yawRad: number;
  readonly speedMps: number;
  /** Metres walked since the start: steps are counted in it. */
  readonly walkedM: number;
}

/** Without a new fix it goes on for this long, then stands. */
const COAST_S = 3;
/** A larger error is a jump (the unit was out of coverage, or the scene was moved): it is taken over at once. */
const JUMP_M = 40;
const SWEEP_RAD = 1.1;

export function createFollowPath(): FollowPath {
  let sight: Sight | null = null;
  let takenAtS = 0;
  let lastS = 0;
  let targetM = 0;
  let yaw = 0;
  let yawTarget = 0;
  let along = 0;
  let speed = 0;
  let walked = 0;
  return {
    take(next, clockS) {
      const before = sight;
      sight = next;
      const { surroundings } = next;
      const moved = !before || before.observedAtMs !== next.observedAtMs;
      if (!moved && before.surroundings.pathId === surroundings.pathId) return;
      takenAtS = clockS;
      targetM = surroundings.offsetM;
      const limit = (rad: number) => Math.min(0.6, Math.max(-0.6, rad));
      yawTarget = limit((surroundings.yawDeg * Math.PI) / 180);
      const samePath = before?.surroundings.pathId === surroundings.pathId && before.surroundings.forward === surroundings.forward;
      if (!samePath || Math.abs(targetM - along) > JUMP_M) along = targetM;
      if (before && !samePath) {
        // Turning into another street: the view swings round instead of being cut.
        const turn = ((((next.headingDeg - before.headingDeg) % 360) + 540) % 360) - 180;
        yaw = yawTarget - Math.sign(turn || 1) * Math.min(SWEEP_RAD, (Math.abs(turn) * Math.PI) / 180);
      }
      if (!before) {
        yaw = yawTarget;
        lastS = clockS;
        speed = next.speedMps;
      }
    },
    step(clockS) {
      const dt = Math.min(0.5, Math.max(0, clockS - lastS));
      lastS = clockS;
      if (!sight) return;
      const coasting = clockS - takenAtS < COAST_S;
      const wanted = coasting ? sight.speedMps : 0;
      speed += (wanted - speed) * Math.min(1, dt * 2.5);
      const way = sight.surroundings.forward ? 1 : -1;
      targetM += way * (coasting ? sight.speedMps : 0) * dt;
      const pull = (targetM - along) * Math.min(1, dt * 1.4);
      const move = way * speed * dt + pull;
      along += move;
      walked += Math.abs(move);
      yaw += (yawTarget - yaw) * Math.min(1, dt * 2.6);
    },
    get alongM() {
      return along;
    },
    get yawRad() {
      return yaw;
    },
    get speedMps() {
      return speed;
    },
    get walkedM() {
      return walked;
    },
  };
}
