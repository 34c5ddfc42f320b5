import { expect, test } from 'vitest';
import { createTrackHistory } from '../../../../gateway/journal/trackHistory.ts';
import { makeFix } from '../../../integration/tinyTown.ts';

const seconds = (points: { observedAtMs: number }[]): number[] => points.map((point) => point.observedAtMs / 1000);

test('a point in 5 s while it moves, one a minute while it stands', () => {
  const tracks = createTrackHistory();
  for (let s = 0; s <= 20; s++) tracks.add(makeFix('a', s * 1000, s * 10));
  for (let s = 21; s <= 200; s++) tracks.add(makeFix('a', s * 1000, 200));
  expect(seconds(tracks.read('a', 0, 1e9, 1000))).toEqual([0, 5, 10, 15, 20, 80, 140, 200]);
});

test('spans are inclusive, a limit thins evenly and keeps both ends', () => {
  const tracks = createTrackHistory();
  for (let s = 0; s <= 500; s += 5) tracks.add(makeFix('a', s * 1000, s * 10));
  expect(seconds(tracks.read('a', 10_000, 20_000, 100))).toEqual([10, 15, 20]);
  expect(seconds(tracks.read('a', 0, 500_000, 5))).toEqual([0, 125, 250, 375, 500]);
  expect(seconds(tracks.read('a', 0, 500_000, 1))).toEqual([500]);
  expect(tracks.read('a', 0, 500_000, 0)).toEqual([]);
  expect(tracks.read('a', 600_000, 700_000, 9)).toEqual([]);
  expect(tracks.read('nobody', 0, 1e9, 9)).toEqual([]);
});

test('is bounded by points and by units, the oldest points go first', () => {
  const tracks = createTrackHistory({ maxPoints: 1000, maxUnits: 2 });
  for (let s = 0; s < 10_000; s += 5) for (const id of ['a', 'b', 'c']) tracks.add(makeFix(id, s * 1000, s * 10));
  const kept = seconds(tracks.read('a', 0, 1e9, 20_000));
  expect(kept).toEqual(Array.from({ length: 1000 }, (_, i) => 5000 + i * 5));
  expect(tracks.read('c', 0, 1e9, 9)).toEqual([]);
  expect(tracks.points).toBe(2000);
});

test('keeps what a fix said', () => {
  const tracks = createTrackHistory();
  tracks.add({ ...makeFix('a', 5000), headingDeg: 12.5, speedMps: 3.25 });
  const { lonDeg, latDeg } = makeFix('a', 0);
  expect(tracks.read('a', 0, 9000, 9)).toEqual([{ lonDeg, latDeg, headingDeg: 12.5, speedMps: 3.25, observedAtMs: 5000 }]);
});
