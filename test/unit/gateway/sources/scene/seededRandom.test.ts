import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '../../../../../gateway/sources/scene/seededRandom.ts';

const draws = (count: number, draw: () => number): number[] => Array.from({ length: count }, draw);
const quantile = (values: number[], share: number): number => [...values].sort((a, b) => a - b)[Math.floor(share * values.length)]!;
const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('seededRandom', () => {
  it('gives the same numbers for the same seed and label, other ones for another', () => {
    const first = createSeededRandom(7, 'a');
    const numbers = draws(50, first.next);
    expect(draws(50, createSeededRandom(7, 'a').next)).toEqual(numbers);
    expect(draws(50, createSeededRandom(8, 'a').next)).not.toEqual(numbers);
    expect(draws(50, createSeededRandom(7, 'b').next)).not.toEqual(numbers);
  });

  it('keeps these very numbers: a change of the generator would change every recorded day', () => {
    expect(draws(3, createSeededRandom(20260513, 'ordinary').next).map((value) => value.toFixed(6))).toMatchInlineSnapshot(`
      [
        "0.754335",
        "0.320221",
        "0.483331",
      ]
    `);
  });

  it('forks streams that do not disturb their parent', () => {
    const plain = createSeededRandom(3);
    const forked = createSeededRandom(3);
    forked.fork('child').next();
    expect(draws(5, forked.next)).toEqual(draws(5, plain.next));
    expect(createSeededRandom(3).fork('x').next()).toBe(createSeededRandom(3).fork('x').next());
    expect(createSeededRandom(3).fork('x').next()).not.toBe(createSeededRandom(3).fork('y').next());
  });

  it('spreads evenly over [0, 1)', () => {
    const random = createSeededRandom(1);
    const bins = new Array<number>(20).fill(0);
    const count = 40_000;
    for (const value of draws(count, random.next)) bins[Math.floor(value * 20)]! += 1;
    const chiSq = bins.reduce((sum, bin) => sum + (bin - count / 20) ** 2 / (count / 20), 0);
    // 19 degrees of freedom: 43.8 is passed once in a thousand.
    expect(chiSq).toBeLessThan(43.8);
  });

  it.each([
    { medianS: 22, p90S: 48 },
    { medianS: 780, p90S: 2100 },
    { medianS: 30, p90S: 30 },
  ])('draws times with median $medianS s and nine tenths below $p90S s, within 10 % over 2,000', (spread) => {
    const random = createSeededRandom(5);
    const times = draws(2000, () => random.spreadS(spread));
    expect(Math.abs(quantile(times, 0.5) / spread.medianS - 1)).toBeLessThan(0.1);
    expect(Math.abs(quantile(times, 0.9) / spread.p90S - 1)).toBeLessThan(0.1);
  });

  it.each([0, 0.3, 4, 85])('counts a Poisson law of mean %d', (expected) => {
    const random = createSeededRandom(11);
    const counts = draws(4000, () => random.poisson(expected));
    const average = mean(counts);
    const variance = mean(counts.map((count) => (count - average) ** 2));
    const sigma = Math.sqrt(expected / 4000);
    expect(Math.abs(average - expected)).toBeLessThanOrEqual(4 * sigma);
    expect(Math.abs(variance - expected)).toBeLessThanOrEqual(expected * 0.12);
  });

  it('picks by weight', () => {
    const random = createSeededRandom(2);
    const picks = Array.from({ length: 8000 }, () => random.weighted(['rare', 'common'], (item) => (item === 'rare' ? 1 : 3)));
    expect(picks.filter((pick) => pick === 'rare').length / 8000).toBeCloseTo(0.25, 1);
  });
});
