import { describe, expect, it } from 'vitest';
import { daylightAt, sunAltitudeDeg } from '../../../../renderer/media/players/synthetic/daylight.ts';
import { createScenery } from '../../../../renderer/media/players/synthetic/scenery.ts';
import { formatTownTime, nameOfPlace } from '../../../../renderer/media/players/synthetic/overlayText.ts';
import { createTown, ORIGIN, place } from './mediaFixtures.ts';

describe('what a simulated camera sees', () => {
  it('is the same again at the same place, from another instance', () => {
    const a = createScenery(createTown());
    const b = createScenery(createTown());
    for (let x = -350; x <= 350; x += 35) expect(a.at(place(x, 1, 90))).toEqual(b.at(place(x, 1, 90)));
  });

  it('keeps its sections while the officer walks through them', () => {
    const scenery = createScenery(createTown());
    const here = scenery.at(place(0, 0, 90));
    const later = scenery.at(place(24, 0, 90));
    expect(later.sections.slice(0, -1)).toEqual(here.sections.slice(1));
  });

  it('follows the road under it, whichever way it looks', () => {
    const scenery = createScenery(createTown());
    const east = scenery.at(place(100, 3, 80));
    const west = scenery.at(place(100, 3, 260));
    expect(east).toMatchObject({ pathId: 'oldLane', forward: true, quarter: 'old' });
    expect(east.offsetM).toBeCloseTo(500, 0);
    expect(east.yawDeg).toBeCloseTo(-10, 3);
    expect(west).toMatchObject({ pathId: 'oldLane', forward: false });
    expect(west.yawDeg).toBeCloseTo(-10, 3);
    // The same houses, met in the opposite order.
    const byIndex = new Map(east.sections.map((s) => [s.index, s]));
    for (const s of west.sections) if (byIndex.has(s.index)) expect(s).toEqual(byIndex.get(s.index));
  });

  it('shows water where the canal is, and only on that side', () => {
    const { sections } = createScenery(createTown()).at(place(0, 200, 90));
    // Drawn eastwards with the canal to the north: at the left.
    expect(sections.every((s) => s.left === 'canal')).toBe(true);
    expect(sections.some((s) => s.right === 'oldHouses')).toBe(true);
  });

  it('paves an old lane with slabs under lanterns and a main road with asphalt and lanes', () => {
    const scenery = createScenery(createTown());
    expect(scenery.at(place(0, 0, 90)).profile).toMatchObject({ surface: 'slabs', lanes: 0, lamps: 'lanterns' });
    expect(scenery.at(place(0, -1000, 0)).profile).toMatchObject({ surface: 'asphalt', lanes: 4, lamps: 'streetLamps' });
  });

  it('has an answer far from every road', () => {
    const scenery = createScenery(createTown());
    const there = scenery.at(place(3000, 3000, 200));
    expect(there.quarter).toBe('open');
    expect(there.sections).toHaveLength(10);
    expect(Math.abs(there.yawDeg)).toBeLessThanOrEqual(90);
    expect(there).toEqual(scenery.at(place(3000, 3000, 200)));
  });

  it('names the nearest place in the language, else the road, else the position', () => {
    const town = createTown();
    const { lonDeg, latDeg } = place(0, 0);
    expect(nameOfPlace(town, lonDeg, latDeg, 'zh', 'road')).toBe('西栅大街');
    expect(nameOfPlace(town, lonDeg, latDeg, 'en', 'road')).toBe('Xizha Street');
    expect(nameOfPlace(town, lonDeg + 1, latDeg, 'en', 'road')).toBe('road');
    expect(nameOfPlace(null, 120.5, 30.7, 'en', null)).toBe('30.70000N 120.50000E');
  });

  it('burns in the time of the town', () => {
    expect(formatTownTime(Date.parse('2026-05-13T15:59:59Z'), 480)).toBe('2026-05-13 23:59:59');
    expect(formatTownTime(Date.parse('2026-05-13T16:00:00Z'), 480)).toBe('2026-05-14 00:00:00');
  });
});

describe('the light of the hour', () => {
  const sun = (iso: string) => sunAltitudeDeg(Date.parse(iso), ORIGIN.lonDeg, ORIGIN.latDeg);
  it('agrees with the geometry of the seasons', () => {
    // At local solar noon the sun stands at 90 - latitude + declination: 18.4° on 13 May, -23.4° at the winter solstice.
    expect(sun('2026-05-13T11:54:00+08:00')).toBeCloseTo(90 - ORIGIN.latDeg + 18.4, 0);
    expect(sun('2026-12-22T11:56:00+08:00')).toBeCloseTo(90 - ORIGIN.latDeg - 23.4, 0);
    // Half a day later it is as far below, mirrored at the pole.
    expect(sun('2026-05-13T23:54:00+08:00')).toBeLessThan(-35);
  });
  it('is day at noon, night at midnight, dusk between', () => {
    const light = (iso: string) => daylightAt(Date.parse(iso), ORIGIN.lonDeg, ORIGIN.latDeg);
    expect(light('2026-05-13T12:00:00+08:00')).toEqual({ day: 1, dusk: 0 });
    expect(light('2026-05-13T23:59:00+08:00')).toEqual({ day: 0, dusk: 0 });
    expect(light('2026-05-13T18:50:00+08:00').dusk).toBeGreaterThan(0.7);
  });
});
