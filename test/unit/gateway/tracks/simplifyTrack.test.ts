import fc from 'fast-check';
import { expect, test } from 'vitest';
import { simplifyTrack } from '../../../../gateway/tracks/simplifyTrack.ts';
import { columnsOf } from './columnsOf.ts';

const M_PER_E7 = 0.011_119_5;
/** A track in metres east and north of 120.49° E, 30.74° N, a fix a second where no time is given. */
const trackOf = (points: readonly (readonly [eastM: number, northM: number, atS?: number])[]) =>
  columnsOf(
    points.map(([eastM, northM, atS], i) => ({
      lonE7: Math.round(1_204_900_000 + eastM / M_PER_E7 / Math.cos((30.74 * Math.PI) / 180)),
      latE7: Math.round(307_400_000 + northM / M_PER_E7),
      altDm: 0,
      headingDdeg: 0,
      speedCmps: 0,
      observedAtMs: (atS ?? i) * 1000,
      heardAtMs: (atS ?? i) * 1000,
    })),
  );
const all = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

test('a steady straight way is two fixes, a corner three; no tolerance keeps every fix', () => {
  const straight = trackOf(all(100).map((i) => [i * 10, 0]));
  expect(simplifyTrack(straight, all(100), 1)).toEqual([0, 99]);
  expect(simplifyTrack(straight, all(100), 0)).toHaveLength(100);
  const corner = trackOf(all(101).map((i) => (i <= 50 ? [i * 10, 0] : [500, (i - 50) * 10])));
  expect(simplifyTrack(corner, all(101), 1)).toEqual([0, 50, 100]);
});

test('a halt on a straight way stays: its time counts, not only its place', () => {
  const halt = trackOf(all(121).map((i) => [i <= 30 ? i * 10 : i <= 90 ? 300 : 300 + (i - 90) * 10, 0]));
  expect(simplifyTrack(halt, all(121), 2)).toEqual([0, 30, 90, 120]);
});

test('nothing left out was farther from the line between its neighbours than the tolerance', () => {
  const step = fc.tuple(fc.integer({ min: -30, max: 30 }), fc.integer({ min: -30, max: 30 }), fc.integer({ min: 1, max: 20 }));
  fc.assert(
    fc.property(fc.array(step, { minLength: 2, maxLength: 120 }), fc.integer({ min: 1, max: 60 }), (steps, toleranceM) => {
      const points: [number, number, number][] = [];
      for (const [east, north, seconds] of steps) {
        const [e, n, s] = points.at(-1) ?? [0, 0, 0];
        points.push([e + east, n + north, s + seconds]);
      }
      const kept = simplifyTrack(trackOf(points), all(points.length), toleranceM);
      expect([kept[0], kept.at(-1)]).toEqual([0, points.length - 1]);
      for (let k = 1; k < kept.length; k++) {
        const [a, b] = [points[kept[k - 1]!]!, points[kept[k]!]!];
        for (let i = kept[k - 1]! + 1; i < kept[k]!; i++) {
          const share = (points[i]![2] - a[2]) / (b[2] - a[2]);
          const awayM = Math.hypot(points[i]![0] - a[0] - share * (b[0] - a[0]), points[i]![1] - a[1] - share * (b[1] - a[1]));
          expect(awayM).toBeLessThan(toleranceM + 0.05);
        }
      }
    }),
    { numRuns: 200 },
  );
});
