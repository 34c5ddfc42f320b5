import type { Spread } from '../../scene/scenario.ts';

/** A stream of pseudo-random numbers that is the same for the same seed on every machine. Not for secrets. */
export interface SeededRandom {
  /** In [0, 1). */
  next(): number;
  /** In [low, high). */
  between(low: number, high: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** @param list must not be empty. */
  pick<T>(list: readonly T[]): T;
  /** Picks in proportion to the weight. @param list must not be empty. */
  weighted<T>(list: readonly T[], weightOf: (item: T) => number): T;
  /** Standard normal deviate. */
  normal(): number;
  /** Number of events of a Poisson law with this mean. */
  poisson(mean: number): number;
  /** Seconds, log-normal, so that half are below `medianS` and nine in ten below `p90S`. */
  spreadS(spread: Spread): number;
  /** A stream of its own: what is drawn from it changes nothing here, and the same label gives the same stream. */
  fork(label: string): SeededRandom;
}

/** The 90 % quantile of the standard normal law. */
const NORMAL_P90 = 1.2815515655446004;

/** FNV-1a, 32 bits: turns a label into a seed. */
function hash(text: string, from: number): number {
  let value = (0x811c9dc5 ^ from) >>> 0;
  for (let i = 0; i < text.length; i += 1) {
    value ^= text.charCodeAt(i);
    value = Math.imul(value, 0x01000193) >>> 0;
  }
  return value;
}

/** sfc32 (Small Fast Counter, C. Doty-Humphrey, PractRand): 128 bits of state, period of at least 2^32, passes PractRand to 32 TB. */
export function createSeededRandom(seed: number, label = ''): SeededRandom {
  let a = hash(label, seed);
  let b = hash(`${label}/b`, a);
  let c = hash(`${label}/c`, b);
  let counter = 1;
  const step = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  // The seed reaches every bit of the state after a dozen steps.
  for (let i = 0; i < 15; i += 1) step();

  const next = (): number => step() / 4_294_967_296;
  const self: SeededRandom = {
    next,
    between: (low, high) => low + (high - low) * next(),
    chance: (probability) => next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)]!,
    weighted(list, weightOf) {
      let rest = next() * list.reduce((sum, item) => sum + weightOf(item), 0);
      return list.find((item) => (rest -= weightOf(item)) < 0) ?? list.at(-1)!;
    },
    // Box and Muller; 1 - next() is never 0.
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    poisson(mean) {
      // Knuth's product of uniforms, in parts of 30 so that exp(-mean) stays a normal number.
      let count = 0;
      for (let rest = mean; rest > 0; rest -= 30) {
        const floor = Math.exp(-Math.min(30, rest));
        for (let product = next(); product > floor; product *= next()) count += 1;
      }
      return count;
    },
    spreadS: ({ medianS, p90S }) => medianS * Math.exp((Math.log(p90S / medianS) / NORMAL_P90) * self.normal()),
    fork: (child) => createSeededRandom(seed, `${label}/${child}`),
  };
  return self;
}
