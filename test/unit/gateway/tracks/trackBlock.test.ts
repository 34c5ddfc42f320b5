import fc from 'fast-check';
import { expect, test } from 'vitest';
import { COLUMN_NAMES, columnsOf } from './columnsOf.ts';
import { decodeBlock, encodeBlock } from '../../../../gateway/tracks/trackBlock.ts';
import { createBitReader, createBitWriter, readNumbers, writeNumbers } from '../../../../gateway/tracks/riceCode.ts';

const int32 = fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff });

test('numbers come back whatever they are: small, extreme, all zero, none', () => {
  const numbers = fc.oneof(fc.array(int32), fc.array(fc.integer({ min: -40, max: 40 }), { maxLength: 600 }), fc.array(fc.constant(0)));
  fc.assert(
    fc.property(numbers, (values) => {
      const writer = createBitWriter();
      writeNumbers(writer, Int32Array.from(values));
      expect([...readNumbers(createBitReader(writer.finish()), values.length)]).toEqual(values);
    }),
    { numRuns: 300 },
  );
});

test('128 zeros cost five bits, small numbers about their own size', () => {
  const sizeOf = (values: number[]): number => {
    const writer = createBitWriter();
    writeNumbers(writer, Int32Array.from(values));
    return writer.finish().length;
  };
  expect(sizeOf(Array<number>(1280).fill(0))).toBe(Math.ceil((10 * 5) / 8));
  expect(sizeOf(Array.from({ length: 1280 }, (_, i) => (i % 7) - 3))).toBeLessThan(1280 * 0.5);
});

test('a code that ends too early is refused, not made up', () => {
  const writer = createBitWriter();
  writeNumbers(
    writer,
    Int32Array.from({ length: 300 }, (_, i) => i * i),
  );
  const bytes = writer.finish();
  expect(() => readNumbers(createBitReader(bytes.subarray(0, bytes.length - 20)), 300)).toThrow(RangeError);
});

const rows = fc.array(
  fc.record({
    lonE7: fc.integer({ min: -1_800_000_000, max: 1_800_000_000 }),
    latE7: fc.integer({ min: -900_000_000, max: 900_000_000 }),
    altDm: fc.integer({ min: -5000, max: 200_000 }),
    headingDdeg: fc.integer({ min: 0, max: 3599 }),
    speedCmps: fc.integer({ min: 0, max: 50_000 }),
    inHourMs: fc.integer({ min: 0, max: 3_599_999 }),
    delayMs: fc.integer({ min: -5000, max: 0x7fff_ffff }),
  }),
  { minLength: 1, maxLength: 300 },
);
const hourMs = 495_000 * 3_600_000;

test('a block gives back every column, jumps across the globe and round the circle included', () => {
  fc.assert(
    fc.property(rows, (given) => {
      const fixes = columnsOf(
        given
          .sort((a, b) => a.inHourMs - b.inHourMs)
          .map(({ inHourMs, delayMs, ...row }) => ({ ...row, observedAtMs: hourMs + inHourMs, heardAtMs: hourMs + inHourMs + delayMs })),
      );
      const back = decodeBlock(encodeBlock(fixes));
      expect(back.count).toBe(fixes.count);
      for (const name of COLUMN_NAMES) expect([...back[name]]).toEqual([...fixes[name]].slice(0, fixes.count));
    }),
    { numRuns: 200 },
  );
});

test('no single changed byte and no missing end passes for a block', () => {
  const block = encodeBlock(
    columnsOf(
      Array.from({ length: 50 }, (_, i) => ({
        lonE7: 1_204_900_000 + i * 900,
        latE7: 307_400_000 - i * 70,
        altDm: 0,
        headingDdeg: (i * 131) % 3600,
        speedCmps: 800 + i,
        observedAtMs: hourMs + i * 5000,
        heardAtMs: hourMs + i * 5000 + 200,
      })),
    ),
  );
  for (let at = 0; at < block.length; at++) {
    const changed = Uint8Array.from(block);
    changed[at]! ^= 0x10;
    expect(() => decodeBlock(changed), `byte ${at}`).toThrow(RangeError);
    expect(() => decodeBlock(block.subarray(0, at)), `cut at ${at}`).toThrow(RangeError);
  }
});
