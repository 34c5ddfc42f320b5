import { refusal } from '../adapter.ts';
import type { Refusal } from '../adapter.ts';

/**
 * Frames of JT/T 808-2013 and 808-2019: 0x7e, header, body, XOR of both, 0x7e; within, 0x7e is written 0x7d 0x02 and 0x7d is written 0x7d 0x01.
 * Bit 14 of the properties tells a 2019 header (a byte of version, ten bytes of number) from one of 2013 (six bytes of number).
 */
export const DELIMITER = 0x7e;
const ESCAPE = 0x7d;
/** Longest header, longest body, checksum, each byte escaped. */
export const MOST_WIRE_BYTES = 2 * (21 + 1023 + 1);

export const messageIds = {
  terminalAnswer: 0x0001,
  heartbeat: 0x0002,
  logOut: 0x0003,
  register: 0x0100,
  authenticate: 0x0102,
  position: 0x0200,
  positionAnswer: 0x0201,
  positionBatch: 0x0704,
  platformAnswer: 0x8001,
  registerAnswer: 0x8100,
} as const;

export interface Frame {
  id: number;
  is2019: boolean;
  /** The terminal's number as digits, without the zeros that fill it up. */
  terminal: string;
  /** The number as it was written, for the answer. */
  terminalBcd: Uint8Array;
  /** Version of the protocol, told by a 2019 header; 0 otherwise. */
  version: number;
  serial: number;
  /** Which of how many parts this is, from 1; null for a message in one frame. */
  part: { total: number; index: number } | null;
  body: Buffer;
}

/** Digits of a BCD number; null where a half byte is none. */
export function readBcd(bytes: Uint8Array): string | null {
  const digits = Buffer.from(bytes).toString('hex');
  return /^\d*$/.test(digits) ? digits : null;
}
/** A terminal's number as it is compared: 013912345678 and 13912345678 are one. */
export const plainNumber = (digits: string): string => digits.replace(/^0+(?=\d)/, '');

/** @returns the bytes between two delimiters as they were before they were escaped; null for a sign that is none. */
function unescape(wire: Uint8Array): Buffer | null {
  const plain = Buffer.allocUnsafe(wire.length);
  let length = 0;
  for (let i = 0; i < wire.length; i += 1) {
    let byte = wire[i]!;
    if (byte === ESCAPE) {
      i += 1;
      const sign = wire[i];
      if (sign !== 1 && sign !== 2) return null;
      byte = sign === 1 ? ESCAPE : DELIMITER;
    }
    plain[length] = byte;
    length += 1;
  }
  return plain.subarray(0, length);
}
const xorOf = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum ^ byte, 0);

/** @param wire what lies between two delimiters. */
export function readFrame(wire: Uint8Array): Frame | Refusal {
  const bytes = unescape(wire);
  if (!bytes) return refusal('badEscape', '', '0x7d must be followed by 0x01 or 0x02');
  if (bytes.length < 13) return refusal('tooShort', '', `a frame has a header of 12 bytes and a checksum, this one ${bytes.length} bytes`);
  const told = bytes[bytes.length - 1]!;
  const sum = xorOf(bytes.subarray(0, -1));
  if (sum !== told) return refusal('badChecksum', '', `the checksum is ${told}, the bytes make ${sum}`);
  const properties = bytes.readUInt16BE(2);
  if ((properties & 0x1c00) !== 0) return refusal('encrypted', 'properties', 'the body is encrypted; set the terminal to send plain');
  const is2019 = (properties & 0x4000) !== 0;
  const isPart = (properties & 0x2000) !== 0;
  const bodyLength = properties & 0x03ff;
  const numberAt = is2019 ? 5 : 4;
  const serialAt = numberAt + (is2019 ? 10 : 6);
  const bodyAt = serialAt + (isPart ? 6 : 2);
  if (bytes.length !== bodyAt + bodyLength + 1)
    return refusal('badLength', 'properties', `the header tells of ${bodyLength} bytes of body, ${bytes.length - bodyAt - 1} came`);
  const terminalBcd = bytes.subarray(numberAt, serialAt);
  const digits = readBcd(terminalBcd);
  if (digits === null) return refusal('badNumber', 'terminal', 'the number of the terminal is not BCD');
  const frame: Frame = {
    id: bytes.readUInt16BE(0),
    is2019,
    terminal: plainNumber(digits),
    terminalBcd,
    version: is2019 ? bytes[4]! : 0,
    serial: bytes.readUInt16BE(serialAt),
    part: isPart ? { total: bytes.readUInt16BE(serialAt + 2), index: bytes.readUInt16BE(serialAt + 4) } : null,
    body: bytes.subarray(bodyAt, -1),
  };
  const { part } = frame;
  if (part && (part.total === 0 || part.index === 0 || part.index > part.total))
    return refusal('badPart', 'part', `part ${part.index} of ${part.total} is none`);
  return frame;
}

/** A frame with its delimiters. @param body at most 1,023 bytes. */
export function writeFrame(
  frame: Pick<Frame, 'id' | 'is2019' | 'terminalBcd' | 'version' | 'serial' | 'body'> & Partial<Pick<Frame, 'part'>>,
) {
  const { part = null } = frame;
  const parts = part ? Buffer.from([part.total >> 8, part.total & 0xff, part.index >> 8, part.index & 0xff]) : Buffer.alloc(0);
  const head = Buffer.alloc(4);
  head.writeUInt16BE(frame.id, 0);
  head.writeUInt16BE((frame.is2019 ? 0x4000 : 0) | (part ? 0x2000 : 0) | frame.body.length, 2);
  const version = frame.is2019 ? Buffer.from([frame.version]) : Buffer.alloc(0);
  const serial = Buffer.from([frame.serial >> 8, frame.serial & 0xff]);
  const plain = Buffer.concat([head, version, frame.terminalBcd, serial, parts, frame.body]);
  const wire: number[] = [DELIMITER];
  for (const byte of [...plain, xorOf(plain)]) {
    if (byte === DELIMITER) wire.push(ESCAPE, 2);
    else if (byte === ESCAPE) wire.push(ESCAPE, 1);
    else wire.push(byte);
  }
  wire.push(DELIMITER);
  return Buffer.from(wire);
}
