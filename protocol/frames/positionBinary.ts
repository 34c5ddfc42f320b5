/**
 * Position frames as little-endian columns (subprotocol `feed.v1.bin`), 22 bytes a fix:
 *
 *   header, 16 bytes: u8 0x50 'P' | u8 version 1 | u16 0 | u32 count | f64 atMs
 *   u32 handle[n] | i32 lonE7[n] | i32 latE7[n] | i32 observedBeforeMs[n] | u16 headingCdeg[n] | u16 speedCmps[n] | i16 altDm[n]
 *
 * `observedBeforeMs` is atMs minus the time of observation. 1e-7 degree is 11 mm; 0.01 degree of heading; 1 cm/s; 10 cm of height.
 */
export const POSITION_MAGIC = 0x50;
export const POSITION_HEADER_BYTES = 16;
export const POSITION_FIX_BYTES = 22;

/** A position of a unit that is named by its handle. */
export interface HandleFix {
  handle: number;
  lonDeg: number;
  latDeg: number;
  altM: number;
  headingDeg: number;
  speedMps: number;
  observedAtMs: number;
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** @throws RangeError when a position is not finite. */
export function encodePositions(atMs: number, fixes: readonly HandleFix[]): ArrayBuffer {
  const n = fixes.length;
  const buffer = new ArrayBuffer(POSITION_HEADER_BYTES + n * POSITION_FIX_BYTES);
  const view = new DataView(buffer);
  view.setUint8(0, POSITION_MAGIC);
  view.setUint8(1, 1);
  view.setUint32(4, n, true);
  view.setFloat64(8, atMs, true);
  for (let i = 0; i < n; i++) {
    const fix = fixes[i]!;
    if (!Number.isFinite(fix.lonDeg + fix.latDeg + fix.altM + fix.headingDeg + fix.speedMps)) throw new RangeError(`fix ${i}: not finite`);
    const at32 = POSITION_HEADER_BYTES + i * 4;
    view.setUint32(at32, fix.handle, true);
    view.setInt32(at32 + n * 4, Math.round(fix.lonDeg * 1e7), true);
    view.setInt32(at32 + n * 8, Math.round(fix.latDeg * 1e7), true);
    view.setInt32(at32 + n * 12, clamp(Math.round(atMs - fix.observedAtMs), -0x8000_0000, 0x7fff_ffff), true);
    const at16 = POSITION_HEADER_BYTES + n * 16 + i * 2;
    view.setUint16(at16, Math.round(fix.headingDeg * 100) % 36_000, true);
    view.setUint16(at16 + n * 2, clamp(Math.round(fix.speedMps * 100), 0, 0xffff), true);
    view.setInt16(at16 + n * 4, clamp(Math.round(fix.altM * 10), -0x8000, 0x7fff), true);
  }
  return buffer;
}

/**
 * Calls `each` once per fix with one reused object: copy what you keep.
 * @returns atMs of the frame.
 * @throws RangeError naming what is wrong when the buffer is not a position frame.
 */
export function decodePositions(buffer: ArrayBuffer, each: (fix: Readonly<HandleFix>) => void): number {
  if (buffer.byteLength < POSITION_HEADER_BYTES)
    throw new RangeError(`position frame of ${buffer.byteLength} bytes is shorter than its header`);
  const view = new DataView(buffer);
  if (view.getUint8(0) !== POSITION_MAGIC) throw new RangeError(`binary frame starts with 0x${view.getUint8(0).toString(16)}, not 0x50`);
  if (view.getUint8(1) !== 1) throw new RangeError(`position frame version ${view.getUint8(1)} is not 1`);
  const n = view.getUint32(4, true);
  if (buffer.byteLength !== POSITION_HEADER_BYTES + n * POSITION_FIX_BYTES)
    throw new RangeError(`position frame announces ${n} fixes in ${buffer.byteLength} bytes`);
  const atMs = view.getFloat64(8, true);
  const fix: HandleFix = { handle: 0, lonDeg: 0, latDeg: 0, altM: 0, headingDeg: 0, speedMps: 0, observedAtMs: 0 };
  for (let i = 0; i < n; i++) {
    const at32 = POSITION_HEADER_BYTES + i * 4;
    const at16 = POSITION_HEADER_BYTES + n * 16 + i * 2;
    fix.handle = view.getUint32(at32, true);
    fix.lonDeg = view.getInt32(at32 + n * 4, true) / 1e7;
    fix.latDeg = view.getInt32(at32 + n * 8, true) / 1e7;
    fix.observedAtMs = atMs - view.getInt32(at32 + n * 12, true);
    fix.headingDeg = view.getUint16(at16, true) / 100;
    fix.speedMps = view.getUint16(at16 + n * 2, true) / 100;
    fix.altM = view.getInt16(at16 + n * 4, true) / 10;
    each(fix);
  }
  return atMs;
}
