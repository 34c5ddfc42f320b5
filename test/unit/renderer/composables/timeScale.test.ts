import { describe, expect, it } from 'vitest';
import { timeDensity, timeTicks, timeWindow } from '../../../../renderer/composables/timeScale.ts';

const HOUR = 3_600_000;
/** 13 May 2026, 00:00 in a town eight hours east of UTC. */
const MIDNIGHT = Date.UTC(2026, 4, 12, 16);
const EAST = 480;

describe('the window of a timeline', () => {
  it('is all of a short record, and never too short to drag along', () => {
    expect(timeWindow({ fromMs: MIDNIGHT, toMs: MIDNIGHT + HOUR }, MIDNIGHT, EAST)).toEqual({ fromMs: MIDNIGHT, toMs: MIDNIGHT + HOUR });
    expect(timeWindow({ fromMs: MIDNIGHT, toMs: MIDNIGHT + 1000 }, MIDNIGHT, EAST)).toEqual({
      fromMs: MIDNIGHT + 1000 - HOUR / 6,
      toMs: MIDNIGHT + 1000,
    });
  });
  it('is the day of the town, not of UTC, in a long record', () => {
    const record = { fromMs: MIDNIGHT - 40 * HOUR, toMs: MIDNIGHT + 5 * HOUR };
    expect(timeWindow(record, MIDNIGHT + HOUR, EAST)).toEqual({ fromMs: MIDNIGHT, toMs: MIDNIGHT + 24 * HOUR });
    expect(timeWindow(record, MIDNIGHT - 1, EAST)).toEqual({ fromMs: MIDNIGHT - 24 * HOUR, toMs: MIDNIGHT });
  });
});

describe('the scale of a timeline', () => {
  it('has round local times, as many as there is room for', () => {
    const ticks = timeTicks({ fromMs: MIDNIGHT + 90_000, toMs: MIDNIGHT + HOUR }, EAST, 14);
    expect(ticks.map((at) => (at - MIDNIGHT) / 60_000)).toEqual([5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60]);
    expect(timeTicks({ fromMs: MIDNIGHT, toMs: MIDNIGHT + 24 * HOUR }, EAST, 14)).toHaveLength(13);
    // Half past in a town five and a half hours east is a full hour of nobody's clock.
    const india = timeTicks({ fromMs: MIDNIGHT, toMs: MIDNIGHT + 24 * HOUR }, 330, 24);
    expect(india.every((at) => (at + 330 * 60_000) % HOUR === 0)).toBe(true);
  });
  it('counts what lies in it, in equal parts', () => {
    const window = { fromMs: MIDNIGHT, toMs: MIDNIGHT + 4 * HOUR };
    const moments = [MIDNIGHT - 1, MIDNIGHT, MIDNIGHT + HOUR, MIDNIGHT + HOUR + 1, MIDNIGHT + 4 * HOUR - 1, MIDNIGHT + 4 * HOUR];
    expect(timeDensity(window, moments, 4)).toEqual([1, 2, 0, 1]);
  });
});
