import { crc32 } from 'node:zlib';
import type { FixColumns } from './fixColumns.ts';
import { HEADING_STEPS } from './quantiseFix.ts';
import { createBitReader, createBitWriter, readNumbers, writeNumbers } from './riceCode.ts';

/**
 * Fixes of one unit within one hour, packed. What is written of each column is what a simple prediction left over:
 *
 *   u32 CRC-32 of all that follows | u8 version 1 | u8 0 | u16 order of each column, two bits each | u32 count | f64 first observedAtMs |
 *   i32 first value of each column | Rice codes, column after column
 *
 * Order 0 is the value itself against the first one, 1 the change since the fix before, 2 the change of that change.
 */
const VERSION = 1;
const HEADER_BYTES = 20;
const COLUMNS = 7;
const HEADING = 3;

type Order = 0 | 1 | 2;
const ORDERS: readonly Order[] = [0, 1, 2];

const LATEST_MS = 0x7fff_ffff;
/** Time between observation and hearing; more than 24 days are kept as 24 days. */
const delayOf = (observedAtMs: number, heardAtMs: number): number =>
  Math.max(-LATEST_MS, Math.min(LATEST_MS, Math.round(heardAtMs - observedAtMs)));

/** All columns as 32-bit numbers that wrap around: whatever a value is, adding what was left over gives it back. */
function toWhole(fixes: FixColumns): Int32Array[] {
  const { count } = fixes;
  const firstMs = fixes.observedAtMs[0]!;
  const observed = new Int32Array(count);
  const delay = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    observed[i] = fixes.observedAtMs[i]! - firstMs;
    delay[i] = delayOf(fixes.observedAtMs[i]!, fixes.heardAtMs[i]!);
  }
  const { lonE7, latE7, altDm, headingDdeg, speedCmps } = fixes;
  return [lonE7, latE7, altDm, headingDdeg, speedCmps].map((column) => column.subarray(0, count)).concat(observed, delay);
}

/** The shorter way round the circle. */
const turn = (change: number): number => {
  const once = ((change % HEADING_STEPS) + HEADING_STEPS) % HEADING_STEPS;
  return once >= HEADING_STEPS / 2 ? once - HEADING_STEPS : once;
};

function leftOver(values: Int32Array, order: Order, isHeading: boolean): Int32Array {
  const rest = new Int32Array(values.length);
  const first = values[0]!;
  let before = first;
  let change = 0;
  for (let i = 1; i < values.length; i++) {
    const value = values[i]!;
    const moved = (value - before) | 0;
    rest[i] = order === 0 ? (value - first) | 0 : order === 1 ? (isHeading ? turn(moved) : moved) : (moved - change) | 0;
    change = moved;
    before = value;
  }
  return rest;
}

function restore(rest: Int32Array, first: number, order: Order, isHeading: boolean): Int32Array {
  let value = first;
  let change = 0;
  const values = rest;
  values[0] = first;
  for (let i = 1; i < rest.length; i++) {
    if (order === 0) values[i] = (first + rest[i]!) | 0;
    else {
      change = order === 2 ? (change + rest[i]!) | 0 : rest[i]!;
      value = (value + change) | 0;
      if (isHeading) value = (value + HEADING_STEPS) % HEADING_STEPS;
      values[i] = value;
    }
  }
  return values;
}

/** About how many bits the numbers need. */
function weigh(rest: Int32Array): number {
  let bits = 0;
  for (const value of rest) bits += 32 - Math.clz32(value < 0 ? -value : value);
  return bits;
}

/** @param fixes One or more, in order of observation, within an hour. */
export function encodeBlock(fixes: FixColumns): Uint8Array {
  const columns = toWhole(fixes);
  const writer = createBitWriter();
  let orders = 0;
  for (const [c, values] of columns.entries()) {
    const isHeading = c === HEADING;
    let best: { order: Order; rest: Int32Array; bits: number } | null = null;
    for (const order of ORDERS) {
      if (isHeading && order === 2) continue;
      const rest = leftOver(values, order, isHeading);
      const bits = weigh(rest);
      if (best === null || bits < best.bits) best = { order, rest, bits };
    }
    orders |= best!.order << (c * 2);
    writer.put(values[0]!, 32);
    writeNumbers(writer, best!.rest.subarray(1));
  }
  const codes = writer.finish();
  const bytes = new Uint8Array(HEADER_BYTES + codes.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(4, VERSION);
  view.setUint16(6, orders, true);
  view.setUint32(8, fixes.count, true);
  view.setFloat64(12, fixes.observedAtMs[0]!, true);
  bytes.set(codes, HEADER_BYTES);
  view.setUint32(0, crc32(bytes.subarray(4)), true);
  return bytes;
}

/** @throws RangeError naming what is wrong when the bytes are not as they were written. */
export function decodeBlock(bytes: Uint8Array): FixColumns {
  if (bytes.length < HEADER_BYTES) throw new RangeError(`a block of ${bytes.length} bytes is shorter than its header`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== crc32(bytes.subarray(4))) throw new RangeError('the checksum of a block is wrong');
  if (view.getUint8(4) !== VERSION) throw new RangeError(`a block has version ${view.getUint8(4)}, this gateway knows ${VERSION}`);
  const orders = view.getUint16(6, true);
  const count = view.getUint32(8, true);
  const firstMs = view.getFloat64(12, true);
  const reader = createBitReader(bytes.subarray(HEADER_BYTES));
  const columns: Int32Array[] = [];
  for (let c = 0; c < COLUMNS; c++) {
    const first = reader.take(32) | 0;
    const rest = new Int32Array(count);
    rest.set(readNumbers(reader, count - 1), 1);
    columns.push(restore(rest, first, ((orders >> (c * 2)) & 3) as Order, c === HEADING));
  }
  const [lonE7, latE7, altDm, headingDdeg, speedCmps, observed, delay] = columns as [
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  const observedAtMs = new Float64Array(count);
  const heardAtMs = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    observedAtMs[i] = firstMs + observed[i]!;
    heardAtMs[i] = observedAtMs[i]! + delay[i]!;
  }
  return { count, lonE7, latE7, altDm, headingDdeg, speedCmps, observedAtMs, heardAtMs };
}
