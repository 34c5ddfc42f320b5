import { expect, it } from 'vitest';
import { framePoints } from '../../../../renderer/map/camera/framePoints.ts';

it('looks at the middle of all points, from further away the further they lie apart', () => {
  const near = framePoints(
    [
      [120.49, 30.74],
      [120.491, 30.74],
    ],
    1000,
  )!;
  expect(near).toEqual({ lonDeg: expect.closeTo(120.4905, 6) as number, latDeg: 30.74, rangeM: 1000 });
  const far = framePoints(
    [
      [120.48, 30.73],
      [120.5, 30.75],
    ],
    1000,
  )!;
  expect(far.lonDeg).toBeCloseTo(120.49, 6);
  expect(far.latDeg).toBeCloseTo(30.74, 6);
  // 1.91 km east by 2.23 km north is 2.93 km corner to corner.
  expect(far.rangeM).toBeGreaterThan(2930);
  expect(far.rangeM).toBeLessThan(2 * 2930);
});

it('has nowhere to look without points', () => {
  expect(framePoints([], 1000)).toBeNull();
});
