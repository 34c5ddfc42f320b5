import { describe, expect, it } from 'vitest';
import { localSpan, squareAround, toleranceAt } from '../../../../renderer/composables/trackSpans.ts';

describe('what is asked of recorded ways', () => {
  it('is a day or an hour of the town, its last millisecond included and no more', () => {
    const day = localSpan('2026-05-13', null, 480)!;
    expect(new Date(day.fromMs).toISOString()).toBe('2026-05-12T16:00:00.000Z');
    expect(new Date(day.toMs).toISOString()).toBe('2026-05-13T15:59:59.999Z');
    const hour = localSpan('2026-05-13', 19, 480)!;
    expect(new Date(hour.fromMs).toISOString()).toBe('2026-05-13T11:00:00.000Z');
    expect(hour.toMs - hour.fromMs).toBe(3_599_999);
  });
  it.each(['', '2026-5-13', '2026-13-01', '2026-05-13T00:00', 'today'])('is nothing for the date "%s"', (date) => {
    expect(localSpan(date, null, 480)).toBeNull();
  });
  it('is one square kilometre around a place', () => {
    const { westDeg, eastDeg, southDeg, northDeg } = squareAround([120.49, 30.74]);
    expect((northDeg - southDeg) * 111_320).toBeCloseTo(1000, 3);
    expect((eastDeg - westDeg) * 111_320 * Math.cos((30.74 * Math.PI) / 180)).toBeCloseTo(1000, 3);
  });
  it('is as fine as the eye sees from there, in steps', () => {
    expect(toleranceAt(1000)).toBe(0.5);
    expect(toleranceAt(24_000)).toBe(16);
    expect(toleranceAt(20_000)).toBe(8);
    expect(toleranceAt(1)).toBe(0.5);
  });
});
