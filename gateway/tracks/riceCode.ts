/**
 * Rice codes of whole numbers (Golomb 1966, Rice 1979): a number costs about its own information when numbers near zero are the frequent
 * ones, as what is left of a track after prediction is. Groups of 128 take the parameter that suits them; 128 zeros cost five bits.
 */
const GROUP = 128;
const K_BITS = 5;
/** In place of a parameter: the whole group is zero. */
const ALL_ZERO = 31;
const MOST_K = 30;
/** A quotient this large is written as so many ones and the plain number. */
const ESCAPE = 24;

export interface BitWriter {
  /** @param bits 0 to 32. */
  put(value: number, bits: number): void;
  finish(): Uint8Array;
}
export function createBitWriter(): BitWriter {
  let bytes = new Uint8Array(1024);
  let length = 0;
  let held = 0;
  let heldBits = 0;
  const putFew = (value: number, bits: number): void => {
    held = (held << bits) | value;
    heldBits += bits;
    while (heldBits >= 8) {
      if (length === bytes.length) {
        const larger = new Uint8Array(length * 2);
        larger.set(bytes);
        bytes = larger;
      }
      heldBits -= 8;
      bytes[length++] = held >>> heldBits;
      held &= (1 << heldBits) - 1;
    }
  };
  return {
    put(value, bits) {
      if (bits > 16) putFew((value >>> 16) & ((1 << (bits - 16)) - 1), bits - 16);
      if (bits > 0) putFew(bits >= 16 ? value & 0xffff : value & ((1 << bits) - 1), Math.min(16, bits));
    },
    finish() {
      if (heldBits > 0) putFew(0, 8 - heldBits);
      return bytes.subarray(0, length);
    },
  };
}

export interface BitReader {
  /** @throws RangeError beyond the end. */
  take(bits: number): number;
  /** How many ones come before the next zero, at most `most`; the zero is taken too. */
  ones(most: number): number;
}
export function createBitReader(bytes: Uint8Array): BitReader {
  let next = 0;
  let held = 0;
  let heldBits = 0;
  const fill = (): void => {
    if (next === bytes.length) throw new RangeError('the code ends too early');
    held = ((held << 8) | bytes[next++]!) & 0xff_ffff;
    heldBits += 8;
  };
  const takeFew = (bits: number): number => {
    while (heldBits < bits) fill();
    heldBits -= bits;
    return (held >>> heldBits) & ((1 << bits) - 1);
  };
  return {
    take(bits) {
      if (bits <= 16) return takeFew(bits);
      const high = takeFew(bits - 16);
      return ((high << 16) | takeFew(16)) >>> 0;
    },
    ones(most) {
      let count = 0;
      while (count < most) {
        if (heldBits === 0) fill();
        heldBits -= 1;
        if (((held >>> heldBits) & 1) === 0) return count;
        count += 1;
      }
      return count;
    },
  };
}

/** Small numbers of both signs become small ones without: 0, -1, 1, -2 are 0, 1, 2, 3. */
const fold = (value: number): number => ((value << 1) ^ (value >> 31)) >>> 0;
const unfold = (code: number): number => (code >>> 1) ^ -(code & 1);

const costOf = (codes: Uint32Array, from: number, to: number, k: number): number => {
  let bits = 0;
  for (let i = from; i < to; i++) {
    const quotient = codes[i]! >>> k;
    bits += quotient >= ESCAPE ? ESCAPE + 32 : quotient + 1 + k;
  }
  return bits;
};

/** The best parameter lies beside the logarithm of the mean. */
function parameterOf(codes: Uint32Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += codes[i]!;
  if (sum === 0) return ALL_ZERO;
  const guess = Math.max(0, Math.floor(Math.log2(sum / (to - from) + 0.5)));
  let best = Math.min(MOST_K, guess);
  let bestBits = costOf(codes, from, to, best);
  for (const k of [guess - 1, guess + 1]) {
    if (k < 0 || k > MOST_K) continue;
    const bits = costOf(codes, from, to, k);
    if (bits < bestBits) [best, bestBits] = [k, bits];
  }
  return best;
}

export function writeNumbers(writer: BitWriter, values: Int32Array): void {
  const codes = new Uint32Array(values.length);
  for (let i = 0; i < values.length; i++) codes[i] = fold(values[i]!);
  for (let from = 0; from < codes.length; from += GROUP) {
    const to = Math.min(codes.length, from + GROUP);
    const k = parameterOf(codes, from, to);
    writer.put(k, K_BITS);
    if (k === ALL_ZERO) continue;
    for (let i = from; i < to; i++) {
      const code = codes[i]!;
      const quotient = code >>> k;
      if (quotient >= ESCAPE) {
        writer.put((1 << ESCAPE) - 1, ESCAPE);
        writer.put(code, 32);
        continue;
      }
      writer.put((1 << (quotient + 1)) - 2, quotient + 1);
      writer.put(code, k);
    }
  }
}

/** @throws RangeError when the code ends too early. */
export function readNumbers(reader: BitReader, count: number): Int32Array {
  const values = new Int32Array(count);
  for (let from = 0; from < count; from += GROUP) {
    const to = Math.min(count, from + GROUP);
    const k = reader.take(K_BITS);
    if (k === ALL_ZERO) continue;
    for (let i = from; i < to; i++) {
      const quotient = reader.ones(ESCAPE);
      const code = quotient === ESCAPE ? reader.take(32) : (quotient << k) | reader.take(k);
      values[i] = unfold(code);
    }
  }
  return values;
}
