import { refusal } from '../adapter.ts';
import type { Refusal } from '../adapter.ts';
import { readBcd } from './frame.ts';

/** The body of 0x0200 as the terminal says it. */
export interface Position {
  /** Bits of the alarm word that are set; bit 0 is the driver's emergency button. */
  alarms: number[];
  ignition: boolean;
  /** Bit 1 of the status: without it the place is an old one. */
  located: boolean;
  lonDeg: number;
  latDeg: number;
  /** Above the sea. */
  elevationM: number;
  speedMps: number;
  headingDeg: number;
  observedAtMs: number;
  /** Additional items by their id. */
  items: ReadonlyMap<number, Uint8Array>;
}

const LEAST_BYTES = 28;
/** Widths that both editions give for the items that carry a number: mileage, fuel, recorder speed, event, signal, satellites. */
const widths: Readonly<Record<number, number>> = { 0x01: 4, 0x02: 2, 0x03: 2, 0x04: 2, 0x25: 4, 0x2a: 2, 0x30: 1, 0x31: 1 };

const bitsOf = (word: number): number[] => Array.from({ length: 32 }, (_, bit) => bit).filter((bit) => (word >>> bit) & 1);

/** `YYMMDDhhmmss` in BCD, in the terminal's own time zone (the standard says GMT+8). Null where it is no time. */
function readTime(bytes: Uint8Array, utcOffsetMin: number): number | null {
  const digits = readBcd(bytes);
  if (digits === null) return null;
  const [year, month, day, hour, minute, second] = digits.match(/../g)!.map(Number) as [number, number, number, number, number, number];
  const atMs = Date.UTC(2000 + year, month - 1, day, hour, minute, second);
  const made = new Date(atMs);
  const isReal = made.getUTCMonth() === month - 1 && made.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return isReal ? atMs - utcOffsetMin * 60_000 : null;
}

/** @param at how refusals name the body, e.g. `[3]` in a batch. */
export function readPosition(body: Buffer, utcOffsetMin: number, at = ''): Position | Refusal {
  const field = (name: string): string => (at === '' ? name : `${at}.${name}`);
  if (body.length < LEAST_BYTES)
    return refusal('badBody', field('body'), `a position has ${LEAST_BYTES} bytes at least, this one ${body.length}`);
  const status = body.readUInt32BE(4);
  const heading = body.readUInt16BE(20);
  if (heading > 360) return refusal('badField', field('headingDeg'), `expected a direction from 0 to 359, got ${heading}`);
  const observedAtMs = readTime(body.subarray(22, 28), utcOffsetMin);
  if (observedAtMs === null) return refusal('badTime', field('time'), 'the time is no BCD of YYMMDDhhmmss');
  const items = new Map<number, Uint8Array>();
  for (let from = LEAST_BYTES; from < body.length;) {
    const length = body[from + 1];
    if (length === undefined || from + 2 + length > body.length)
      return refusal('badBody', field('items'), `item 0x${body[from]!.toString(16)} runs past the end of the body`);
    const id = body[from]!;
    const width = widths[id];
    if (width !== undefined && width !== length)
      return refusal('badBody', field('items'), `item 0x${id.toString(16)} has ${length} bytes, expected ${width}`);
    items.set(id, body.subarray(from + 2, from + 2 + length));
    from += 2 + length;
  }
  return {
    alarms: bitsOf(body.readUInt32BE(0)),
    ignition: (status & 1) !== 0,
    located: (status & 2) !== 0,
    latDeg: (body.readUInt32BE(8) / 1e6) * (status & 4 ? -1 : 1),
    lonDeg: (body.readUInt32BE(12) / 1e6) * (status & 8 ? -1 : 1),
    // Below the sea terminals send two's complement, though the standard has no sign.
    elevationM: body.readInt16BE(16),
    speedMps: body.readUInt16BE(18) / 36,
    headingDeg: heading % 360,
    observedAtMs,
    items,
  };
}

/** The bodies of 0x0704: a count, a kind, and each body after its length. Whatever was whole before a fault is kept. */
export function readBatch(body: Buffer): { bodies: Buffer[]; fault: Refusal | null } {
  const bodies: Buffer[] = [];
  if (body.length < 3) return { bodies, fault: refusal('badBody', 'body', 'a batch has a count and a kind') };
  const count = body.readUInt16BE(0);
  let from = 3;
  while (from < body.length && bodies.length < count) {
    const length = from + 2 <= body.length ? body.readUInt16BE(from) : Infinity;
    if (from + 2 + length > body.length) break;
    bodies.push(body.subarray(from + 2, from + 2 + length));
    from += 2 + length;
  }
  const isWhole = bodies.length === count && from === body.length;
  return {
    bodies,
    fault: isWhole ? null : refusal('badBody', `[${bodies.length}]`, `the batch tells of ${count} positions, ${bodies.length} are whole`),
  };
}
