import { describe, expect, it } from 'vitest';
import { createArrivals } from '../../../../../gateway/sources/scene/arrivals.ts';
import { createSeededRandom } from '../../../../../gateway/sources/scene/seededRandom.ts';
import { wuzhen } from './playScene.ts';

const HOUR_MS = 3_600_000;
const utcOffsetMin = 480;
const midnightMs = Date.parse('2026-05-13T00:00:00+08:00');
const table = wuzhen.scenario.arrivals.byChannelByHour;
const arrivalsOf = (seed: number) => createArrivals(table, utcOffsetMin, createSeededRandom(seed));

describe('arrivals', () => {
  it('are the same for the same seed, and others for another', () => {
    const day = arrivalsOf(1).between(midnightMs, midnightMs + 24 * HOUR_MS);
    expect(day.length).toBeGreaterThan(150);
    expect(arrivalsOf(1).between(midnightMs, midnightMs + 24 * HOUR_MS)).toEqual(day);
    expect(arrivalsOf(2).between(midnightMs, midnightMs + 24 * HOUR_MS)).not.toEqual(day);
  });

  it('do not depend on the pieces in which the day is asked for', () => {
    const whole = arrivalsOf(1).between(midnightMs, midnightMs + 24 * HOUR_MS);
    for (const stepMs of [250_000, 1_800_000, 5_000_000]) {
      const arrivals = arrivalsOf(1);
      const pieces = [];
      for (let fromMs = midnightMs; fromMs < midnightMs + 24 * HOUR_MS; fromMs += stepMs) {
        pieces.push(...arrivals.between(fromMs, Math.min(fromMs + stepMs, midnightMs + 24 * HOUR_MS)));
      }
      expect(pieces).toEqual(whole);
    }
  });

  it('come in order, with an id each', () => {
    const day = arrivalsOf(4).between(midnightMs, midnightMs + 24 * HOUR_MS);
    expect(day.map(({ atMs }) => atMs)).toEqual(day.map(({ atMs }) => atMs).sort((a, b) => a - b));
    expect(new Set(day.map(({ id }) => id)).size).toBe(day.length);
  });

  it('meet the table of the scenario hour by hour over 200 seeds', () => {
    const seeds = 200;
    const counts = new Map<string, number[]>(Object.keys(table).map((id) => [id, new Array<number>(24).fill(0)]));
    for (let seed = 0; seed < seeds; seed += 1) {
      for (const { channelId, atMs } of arrivalsOf(seed).between(midnightMs, midnightMs + 24 * HOUR_MS)) {
        counts.get(channelId)![Math.floor((atMs - midnightMs) / HOUR_MS)]! += 1;
      }
    }
    for (const [channelId, hours] of Object.entries(table)) {
      hours.forEach((expected, hour) => {
        const sum = counts.get(channelId)![hour]!;
        if (expected === 0) expect(sum, `${channelId} at ${hour}`).toBe(0);
        // The sum of 200 days is Poisson too; 216 cells, so four sigma.
        else
          expect(Math.abs(sum - expected * seeds), `${channelId} at ${hour}: ${sum / seeds}`).toBeLessThan(4 * Math.sqrt(expected * seeds));
      });
    }
  });

  it('fall evenly within the hour', () => {
    const inHour = Array.from({ length: 60 }, (_, seed) => arrivalsOf(seed).between(midnightMs, midnightMs + 24 * HOUR_MS))
      .flat()
      .map(({ atMs }) => (atMs - midnightMs) % HOUR_MS);
    expect(inHour.filter((ms) => ms < HOUR_MS / 2).length / inHour.length).toBeCloseTo(0.5, 1);
  });
});
