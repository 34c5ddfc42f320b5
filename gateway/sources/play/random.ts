import type { Spread } from '../../scene/scenario.ts';

/** Reproducible chance. Two streams with the same seed and label give the same numbers on every machine. */
export interface Random {
  /** Evenly in [0, 1). */
  next(): number;
  between(low: number, high: number): number;
  /** @throws RangeError for an empty list. */
  pick<T>(list: readonly T[]): T;
  /** One of the list, each as likely as its weight. */
  weighted<T extends { weight: number }>(list: readonly T[]): T;
  /** Log-normal seconds: half are below `medianS`, nine in ten below `p90S`. */
  seconds(spread: Spread): number;
  /** Poisson count with this mean. */
  count(mean: number): number;
  /** An independent stream, so that one consumer's draws never shift another's. */
  fork(label: string): Random;
}

/** 90 % quantile of the standard normal distribution. */
const Z90 = 1.2815515655446004;

/** xmur3 (B. Jenkins' mixing, public domain): a 32-bit seed from a text. */
function hashText(text: string): number {
  let h = 1779033703 ^ text.length;
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 3432918353);
    h = (h << 13) | (h >>> 19);
  }
  h = Math.imul(h ^ (h >>> 16), 2246822507);
  h = Math.imul(h ^ (h >>> 13), 3266489909);
  return (h ^ (h >>> 16)) >>> 0;
}

export function createRandom(seed: number, label = ''): Random {
  const name = `${seed}/${label}`;
  // sfc32 of PractRand: 128 bits of state, period about 2^127 in the mean.
  let [a, b, c, d] = [hashText(`${name}#a`), hashText(`${name}#b`), hashText(`${name}#c`), 1];
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  for (let i = 0; i < 15; i++) next();
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

  return {
    next,
    between: (low, high) => low + (high - low) * next(),
    pick(list) {
      if (list.length === 0) throw new RangeError('pick from an empty list');
      return list[Math.floor(next() * list.length)]!;
    },
    weighted(list) {
      if (list.length === 0) throw new RangeError('pick from an empty list');
      let left = next() * list.reduce((sum, item) => sum + item.weight, 0);
      return list.find((item) => (left -= item.weight) < 0) ?? list.at(-1)!;
    },
    seconds: ({ medianS, p90S }) => medianS * Math.exp((Math.log(p90S / medianS) / Z90) * normal()),
    count(mean) {
      // Knuth's method: fine for the hourly counts of a town, where the mean stays below some dozens.
      const floor = Math.exp(-mean);
      let product = next();
      let n = 0;
      for (; product > floor; n++) product *= next();
      return n;
    },
    fork: (child) => createRandom(seed, `${label}/${child}`),
  };
}
