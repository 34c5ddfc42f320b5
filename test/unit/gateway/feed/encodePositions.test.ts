import { expect, test } from 'vitest';
import { createPositionEncoder } from '../../../../gateway/feed/encodePositions.ts';
import { createLivePositions } from '../../../../gateway/journal/livePositions.ts';
import type { PositionColumns } from '../../../../protocol/frames/position.ts';
import { decodePositions } from '../../../../protocol/frames/positionBinary.ts';

const nowMs = Date.UTC(2026, 4, 13, 12);
const fix = { id: 'car-1', lonDeg: 120.5, latDeg: 30.7, altM: 0, headingDeg: 359.999, speedMps: 3, observedAtMs: nowMs - 300 };
const openEncoder = () => {
  const positions = createLivePositions(() => true);
  positions.accept([fix], nowMs);
  return {
    positions,
    encoder: createPositionEncoder(
      positions,
      () => nowMs,
      () => 7,
    ),
  };
};

test('[P-07] a wall that comes before the first tick gets true times, in both forms', () => {
  const { encoder } = openEncoder();
  const observedAtMs: number[] = [];
  const [binary] = encoder.after(-1, true);
  decodePositions(new Uint8Array(binary!).buffer, (one) => observedAtMs.push(one.observedAtMs));
  expect(observedAtMs).toEqual([fix.observedAtMs]);
  const json = JSON.parse(encoder.after(-1, false)[0]!.toString()) as PositionColumns;
  expect(json).toMatchObject({ atMs: nowMs, observedAtMs: [fix.observedAtMs], headingDeg: [0] });
});

test('[P-03] one that skipped ticks gets the newest fix of what moved meanwhile, one that is up to date gets nothing', () => {
  const { positions, encoder } = openEncoder();
  encoder.tick();
  const seen = encoder.version;
  for (const [index, id] of ['car-2', 'car-2', 'car-3'].entries()) {
    positions.accept([{ ...fix, id, observedAtMs: nowMs + index }], nowMs);
    encoder.tick();
  }
  const frame = JSON.parse(encoder.after(seen, false)[0]!.toString()) as PositionColumns;
  expect(frame.ids).toEqual(['car-2', 'car-3']);
  expect(frame.observedAtMs).toEqual([nowMs + 1, nowMs + 2]);
  expect(encoder.after(encoder.version, false)).toEqual([]);
});
