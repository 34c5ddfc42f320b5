import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePositions, encodePositions, POSITION_FIX_BYTES, POSITION_HEADER_BYTES } from '../../protocol/frames/positionBinary.ts';
import type { HandleFix } from '../../protocol/frames/positionBinary.ts';

const AT_MS = 1_778_671_200_000;
const fix = fc.record<HandleFix>({
  handle: fc.integer({ min: 0, max: 0xffff_ffff }),
  lonDeg: fc.double({ min: -180, max: 180, noNaN: true }),
  latDeg: fc.double({ min: -90, max: 90, noNaN: true }),
  altM: fc.double({ min: -500, max: 3000, noNaN: true }),
  headingDeg: fc.double({ min: 0, max: 359.994, noNaN: true }),
  speedMps: fc.double({ min: 0, max: 500, noNaN: true }),
  observedAtMs: fc.integer({ min: AT_MS - 3_600_000, max: AT_MS + 5000 }),
});
const decodeAll = (buffer: ArrayBuffer): HandleFix[] => {
  const all: HandleFix[] = [];
  decodePositions(buffer, (f) => all.push({ ...f }));
  return all;
};

describe('binary positions', () => {
  it('come back within the stated resolution', () => {
    fc.assert(
      fc.property(fc.array(fix, { maxLength: 50 }), (fixes) => {
        const buffer = encodePositions(AT_MS, fixes);
        expect(buffer.byteLength).toBe(POSITION_HEADER_BYTES + fixes.length * POSITION_FIX_BYTES);
        const back = decodeAll(buffer);
        expect(back).toHaveLength(fixes.length);
        fixes.forEach((sent, i) => {
          const got = back[i]!;
          expect(got.handle).toBe(sent.handle);
          expect(got.observedAtMs).toBe(sent.observedAtMs);
          expect(Math.abs(got.lonDeg - sent.lonDeg)).toBeLessThanOrEqual(0.51e-7);
          expect(Math.abs(got.latDeg - sent.latDeg)).toBeLessThanOrEqual(0.51e-7);
          expect(Math.abs(got.headingDeg - sent.headingDeg)).toBeLessThanOrEqual(0.0051);
          expect(Math.abs(got.speedMps - sent.speedMps)).toBeLessThanOrEqual(0.0051);
          expect(Math.abs(got.altM - sent.altM)).toBeLessThanOrEqual(0.051);
        });
      }),
    );
  });

  it('writes a heading that rounds to 360 as 0', () => {
    const [back] = decodeAll(
      encodePositions(AT_MS, [{ handle: 1, lonDeg: 0, latDeg: 0, altM: 0, headingDeg: 359.999, speedMps: 0, observedAtMs: AT_MS }]),
    );
    expect(back!.headingDeg).toBe(0);
  });

  it('never encodes what is not a number', () => {
    const bad = { handle: 1, lonDeg: Number.NaN, latDeg: 0, altM: 0, headingDeg: 0, speedMps: 0, observedAtMs: AT_MS };
    expect(() => encodePositions(AT_MS, [bad])).toThrow('fix 0: not finite');
  });

  it('[P-09] names what is wrong with any buffer that is not a position frame', () => {
    expect(() => decodeAll(new ArrayBuffer(3))).toThrow('shorter than its header');
    expect(() => decodeAll(new ArrayBuffer(16))).toThrow('not 0x50');
    const wrongVersion = encodePositions(AT_MS, []);
    new DataView(wrongVersion).setUint8(1, 2);
    expect(() => decodeAll(wrongVersion)).toThrow('version 2');
    const cut = encodePositions(AT_MS, [
      { handle: 1, lonDeg: 1, latDeg: 1, altM: 0, headingDeg: 0, speedMps: 0, observedAtMs: AT_MS },
    ]).slice(0, 30);
    expect(() => decodeAll(cut)).toThrow('announces 1 fixes in 30 bytes');
  });

  it('[P-09] throws RangeError, and nothing else, for random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeAll(bytes.slice().buffer);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});
