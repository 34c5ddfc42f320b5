/**
 * A UUID of version 7 (RFC 9562, section 5.7): 48 bits of Unix time in ms, big-endian, then version, variant and 74 random bits.
 * @param fill fills the bytes with unpredictable values.
 */
export function uuid7(nowMs: number, fill: (bytes: Uint8Array<ArrayBuffer>) => void): string {
  const bytes = new Uint8Array(16);
  fill(bytes);
  const view = new DataView(bytes.buffer);
  const wholeMs = Math.floor(nowMs);
  view.setUint32(0, Math.floor(wholeMs / 0x1_0000));
  view.setUint16(4, wholeMs % 0x1_0000);
  view.setUint8(6, 0x70 | (view.getUint8(6) & 0x0f));
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
