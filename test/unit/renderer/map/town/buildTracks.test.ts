import { describe, expect, it } from 'vitest';
import type { TrackPiece } from '../../../../../protocol/queries/tracks.ts';
import { createLocalFrame } from '../../../../../renderer/map/localFrame.ts';
import { buildTracks } from '../../../../../renderer/map/town/buildTracks.ts';

const frame = createLocalFrame(120.49, 30.74);
const T0 = 1_778_671_200_000;
const piece = (unitId: string, fromS: number, speedsMps: number[], change: Partial<TrackPiece> = {}): TrackPiece => ({
  unitId,
  joined: false,
  cut: false,
  lonDeg: speedsMps.map((_, i) => frame.lonDeg((fromS + i) * 10)),
  latDeg: speedsMps.map(() => 30.74),
  headingDeg: speedsMps.map(() => 90),
  speedMps: speedsMps,
  observedAtMs: speedsMps.map((_, i) => T0 + (fromS + i) * 1000),
  ...change,
});
const column = (e: Float32Array, k: number): number[] => Array.from({ length: e.length / 8 }, (_, i) => e[i * 8 + k]!);

describe('recorded ways as a ribbon', () => {
  it('know the time and the speed at each point', () => {
    const { p, e, indices } = buildTracks([piece('a', 0, [3, 4, 5])], frame, T0);
    expect(indices).toHaveLength(12);
    expect(column(e, 1)).toEqual([0, 1, 2]);
    expect(column(e, 3)).toEqual([3, 4, 5]);
    expect(p[8]! - p[0]!).toBeCloseTo(20, 1);
  });
  it('go on from the piece before of the same unit, and leave a gap where nothing is known', () => {
    const joined = buildTracks([piece('a', 0, [1, 1]), piece('b', 0, [9, 9]), piece('a', 2, [1, 1], { joined: true })], frame, T0);
    // Two, two, and three points: the last piece begins at the end of the first.
    expect(column(joined.e, 1)).toEqual([0, 1, 0, 1, 1, 2, 3]);
    const apart = buildTracks([piece('a', 0, [1, 1]), piece('a', 2, [1, 1])], frame, T0);
    expect(column(apart.e, 1)).toEqual([0, 1, 2, 3]);
  });
  it('are nothing for a single fix', () => {
    expect(buildTracks([piece('a', 0, [1])], frame, T0).indices).toHaveLength(0);
  });
});
