import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromWgs84, toWgs84 } from '../../../../gateway/hub/datum.ts';

test('a known point of Beijing: GCJ-02 of maps becomes WGS-84 of satellites', () => {
  // Tiananmen: 116.39139, 39.90711 in WGS-84 lies at 116.39763, 39.90851 on GCJ-02 maps (published pair, about a metre).
  const [lonDeg, latDeg] = toWgs84([116.39763, 39.90851], 'gcj02');
  expect(Math.abs(lonDeg - 116.39139)).toBeLessThan(3e-5);
  expect(Math.abs(latDeg - 39.90711)).toBeLessThan(3e-5);
});

test('there and back is below a centimetre in all of China, and the way there is hundreds of metres', () => {
  const near = fc.tuple(fc.double({ min: 75, max: 134, noNaN: true }), fc.double({ min: 18, max: 53, noNaN: true }));
  fc.assert(
    fc.property(near, fc.constantFrom('gcj02' as const, 'bd09' as const), (place, datum) => {
      const moved = fromWgs84(place, datum);
      const back = toWgs84(moved, datum);
      expect(Math.abs(back[0] - place[0])).toBeLessThan(5e-8);
      expect(Math.abs(back[1] - place[1])).toBeLessThan(5e-8);
    }),
    { numRuns: 300, seed: 7 },
  );
  const wuzhen = fromWgs84([120.4868, 30.7448], 'gcj02');
  expect(Math.abs(wuzhen[0] - 120.4868)).toBeGreaterThan(3e-3);
});

test('WGS-84 and places outside China stay as they are', () => {
  expect(toWgs84([120.4868, 30.7448], 'wgs84')).toEqual([120.4868, 30.7448]);
  expect(toWgs84([2.35, 48.85], 'gcj02')).toEqual([2.35, 48.85]);
});
