import { describe, expect, it } from 'vitest';
import { cornerSpeedMps, createSpeedProfile } from '../../../../../gateway/sources/scene/speedProfile.ts';

const manner = { accelMps2: 2, brakeMps2: 2.5, cornerMps2: 2.5, crawlMps: 2 };
const free = [Infinity, Infinity];

describe('speedProfile', () => {
  it('speeds up, holds and slows down to a stop', () => {
    const profile = createSpeedProfile([1000], [20], free, 0, manner);
    // 100 m in 10 s, 80 m in 8 s, 820 m in 41 s.
    expect(profile.durationS).toBeCloseTo(59, 6);
    expect(profile.at(5)).toEqual({ alongM: 25, speedMps: 10 });
    expect(profile.at(30).speedMps).toBe(20);
    expect(profile.at(59)).toEqual({ alongM: 1000, speedMps: 0 });
  });

  it('never reaches the top speed where there is no room for it', () => {
    const profile = createSpeedProfile([20], [20], free, 0, manner);
    const fastest = Math.max(...Array.from({ length: 100 }, (_, i) => profile.at((i / 100) * profile.durationS).speedMps));
    expect(fastest).toBeLessThan(7);
    expect(profile.at(profile.durationS).alongM).toBe(20);
  });

  it('is slow enough at a bend and keeps to the top speed of each stretch', () => {
    const profile = createSpeedProfile([200, 300, 100], [15, 8, 20], [0, 4, 30, 0], 0, manner);
    for (let timeS = 0; timeS <= profile.durationS; timeS += 0.05) {
      const { alongM, speedMps } = profile.at(timeS);
      const top = alongM < 199.999 ? 15 : alongM < 499.999 ? 8 : 20;
      expect(speedMps).toBeLessThanOrEqual(top + 1e-9);
      if (Math.abs(alongM - 200) < 0.1) expect(speedMps).toBeLessThan(4.2);
    }
  });

  it('changes speed no faster than allowed, and place only as fast as the speed says', () => {
    const profile = createSpeedProfile([30, 5, 80, 12, 200], [13, 13, 8, 13, 16], [0, 5, 6, 3, 9, 0], 3, manner);
    const stepS = 0.02;
    let last = profile.at(0);
    for (let timeS = stepS; timeS <= profile.durationS + 0.5; timeS += stepS) {
      const now = profile.at(timeS);
      expect(now.speedMps - last.speedMps).toBeLessThanOrEqual(manner.accelMps2 * stepS + 1e-9);
      expect(last.speedMps - now.speedMps).toBeLessThanOrEqual(manner.brakeMps2 * stepS + 1e-9);
      expect(now.alongM - last.alongM).toBeCloseTo(((now.speedMps + last.speedMps) / 2) * stepS, 2);
      last = now;
    }
    expect(last).toEqual({ alongM: 327, speedMps: 0 });
  });

  it('says when it enters too fast for what comes first', () => {
    expect(createSpeedProfile([10, 100], [15, 15], [0, 2, 0], 12, manner).feasible).toBe(false);
    expect(createSpeedProfile([60, 100], [15, 15], [0, 2, 0], 12, manner).feasible).toBe(true);
    expect(createSpeedProfile([500], [8], free, 12, manner).feasible).toBe(false);
  });

  it('takes a corner slowly, a bend less so, and straight on at any speed', () => {
    expect(cornerSpeedMps(0, 100, manner)).toBe(Infinity);
    const [slight, right, hairpin] = [10, 90, 170].map((turn) => cornerSpeedMps(turn, 60, manner));
    expect(slight).toBeGreaterThan(25);
    expect(right).toBeLessThan(10);
    expect(right).toBeGreaterThan(3);
    expect(hairpin).toBe(manner.crawlMps);
  });
});
