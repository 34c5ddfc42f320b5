import type { Fix } from '../../protocol/frames/position.ts';
import { quantiseFix } from '../../gateway/tracks/quantiseFix.ts';

/** What a receiver in a vehicle reports over a day of duty: streets, lights, halts, and the errors of satellites and clocks. */
interface Vehicle {
  id: string;
  lonDeg: number;
  latDeg: number;
  courseDeg: number;
  speedMps: number;
  targetMps: number;
  /** Way to the next crossing, m. */
  restM: number;
  /** Stands still for so long, s. */
  haltS: number;
  /** Slow error of the receiver, m; it wanders over a minute. */
  errorEastM: number;
  errorNorthM: number;
  /** Whether its clock tells whole seconds (most terminals do) or milliseconds. */
  wholeSeconds: boolean;
}

const M_PER_DEG = 111_195;
const CENTRE = { lonDeg: 120.49, latDeg: 30.745 };
const HALF_TOWN_DEG = 0.05;
const ERROR_M = 2.5;
const ERROR_S = 60;

/** Park and Miller's minimal standard generator: the same day each time. */
export function createRandom(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** @param stepS Seconds between two fixes of a vehicle. */
export function createPatrols(count: number, stepS: number, random: () => number) {
  const lonM = M_PER_DEG * Math.cos((CENTRE.latDeg * Math.PI) / 180);
  /** Close enough to a normal distribution of deviation 1. */
  const normal = (): number => (random() + random() + random() + random() - 2) * 1.732;
  const vehicles = Array.from({ length: count }, (_, i): Vehicle => ({
    id: `car-${i}`,
    lonDeg: CENTRE.lonDeg + (random() - 0.5) * HALF_TOWN_DEG,
    latDeg: CENTRE.latDeg + (random() - 0.5) * HALF_TOWN_DEG,
    courseDeg: Math.floor(random() * 4) * 90 + 12,
    speedMps: 0,
    targetMps: 10,
    restM: 200,
    haltS: random() * 600,
    errorEastM: 0,
    errorNorthM: 0,
    wholeSeconds: i % 4 !== 0,
  }));
  const wander = Math.exp(-stepS / ERROR_S);
  const push = ERROR_M * Math.sqrt(1 - wander * wander);

  const drive = (car: Vehicle): void => {
    if (car.haltS > 0) {
      car.haltS -= stepS;
      car.speedMps = 0;
      return;
    }
    car.speedMps += Math.max(-3 * stepS, Math.min(1.5 * stepS, car.targetMps - car.speedMps));
    const wayM = car.speedMps * stepS;
    const course = (car.courseDeg * Math.PI) / 180;
    car.lonDeg += (Math.sin(course) * wayM) / lonM;
    car.latDeg += (Math.cos(course) * wayM) / M_PER_DEG;
    // Streets are not straight.
    car.courseDeg += normal() * 1.5;
    car.restM -= wayM;
    if (car.restM > 0) return;
    car.restM = 120 + random() * 400;
    car.targetMps = 6 + random() * 10;
    const east = car.lonDeg - CENTRE.lonDeg;
    const north = car.latDeg - CENTRE.latDeg;
    const outside = Math.abs(east) > HALF_TOWN_DEG || Math.abs(north) > HALF_TOWN_DEG;
    if (outside) car.courseDeg = (Math.atan2(-east, -north) * 180) / Math.PI;
    else if (random() < 0.45) car.courseDeg += random() < 0.5 ? 90 : -90;
    const luck = random();
    if (luck < 0.3)
      car.haltS = 10 + random() * 50; // a light
    else if (luck < 0.33) car.haltS = 300 + random() * 1500; // a matter, a beat on foot
  };

  return {
    /** Calls `each` once for every vehicle with what the gateway would have taken. @param atMs Of observation. */
    step(atMs: number, each: (fix: Fix, heardAtMs: number) => void): void {
      for (const car of vehicles) {
        drive(car);
        car.errorEastM = car.errorEastM * wander + normal() * push;
        car.errorNorthM = car.errorNorthM * wander + normal() * push;
        const moving = car.speedMps > 0;
        const observedAtMs = atMs + (car.wholeSeconds ? 0 : Math.round(normal() * 20));
        const fix: Fix = {
          id: car.id,
          lonDeg: car.lonDeg + (car.errorEastM + normal() * 0.3) / lonM,
          latDeg: car.latDeg + (car.errorNorthM + normal() * 0.3) / M_PER_DEG,
          altM: 0,
          headingDeg: (((car.courseDeg + (moving ? normal() : 0)) % 360) + 360) % 360,
          speedMps: moving ? Math.max(0, car.speedMps + normal() * 0.1) : 0,
          observedAtMs,
        };
        each(quantiseFix(fix), Math.round(observedAtMs + 180 - 60 * Math.log(random() + 1e-9)));
      }
    },
  };
}
