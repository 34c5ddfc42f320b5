import { expect, test } from 'vitest';
import { createLivePositions } from '../../../../gateway/journal/livePositions.ts';
import { makeFix } from '../../../integration/tinyTown.ts';

test('[P-07] takes up to 5 s of future and nothing older than the newest', () => {
  const positions = createLivePositions(() => true);
  positions.accept([makeFix('a', 15_000), makeFix('b', 15_001)], 10_000);
  positions.accept([makeFix('a', 14_999), makeFix('a', 15_000, 7)], 10_000);
  expect(positions.refused).toMatchObject({ future: 1, old: 1 });
  // In the steps in which tracks are kept.
  expect(positions.latest('a')!.lonDeg).toBe(Math.round(makeFix('a', 0, 7).lonDeg * 1e7) / 1e7);
  expect(positions.latest('b')).toBeUndefined();
});

test('hands on to the tracks where a unit was in a blind area, and shows it to nobody', () => {
  const kept: number[] = [];
  const positions = createLivePositions(
    () => true,
    ({ observedAtMs }) => kept.push(observedAtMs),
  );
  positions.accept([makeFix('a', 9000)], 10_000);
  expect(positions.accept([makeFix('a', 4000), makeFix('a', 99_000)], 10_000)).toEqual([
    { unitId: 'a', reason: 'old' },
    { unitId: 'a', reason: 'future' },
  ]);
  expect(kept).toEqual([9000, 4000]);
  expect(positions.latest('a')!.observedAtMs).toBe(9000);
});

test.each([
  { lonDeg: NaN },
  { lonDeg: 181 },
  { latDeg: -91 },
  { altM: Infinity },
  { headingDeg: 360 },
  { headingDeg: -0.1 },
  { speedMps: -1 },
  { speedMps: NaN },
  { observedAtMs: NaN },
])('refuses and counts %j', (wrong) => {
  const positions = createLivePositions(() => true);
  positions.accept([{ ...makeFix('a', 1000), ...wrong }], 10_000);
  expect([positions.refused.badField, positions.accepted]).toEqual([1, 0]);
});

test('tells what moved after a version; copies what it keeps', () => {
  const positions = createLivePositions((id) => id !== 'nobody');
  const reused = makeFix('a', 1000, 1);
  positions.accept([reused, makeFix('b', 1000), makeFix('nobody', 1000)], 10_000);
  const { version } = positions;
  reused.lonDeg = 0;
  expect(positions.latest('a')!.lonDeg).not.toBe(0);
  positions.accept([makeFix('b', 2000, 5)], 10_000);
  expect(positions.after(version).map((fix) => fix.id)).toEqual(['b']);
  expect(positions.after(-1)).toHaveLength(2);
  expect(positions.refused.unknownUnit).toBe(1);
});
