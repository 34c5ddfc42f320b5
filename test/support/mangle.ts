/** A small seeded generator (mulberry32): the same seed makes the same frames on every machine. In [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A message as a bad line or a bad person would change it: bits, bytes, cuts, repetitions, noise, another message's end. */
export function mangle(good: readonly Buffer[], random: () => number): Buffer {
  const pick = (below: number): number => Math.floor(random() * below);
  const some = good[pick(good.length)]!;
  const bytes = Buffer.from(some);
  switch (pick(8)) {
    case 0:
      return Buffer.from(Array.from({ length: pick(200) }, () => pick(256)));
    case 1:
      bytes[pick(bytes.length)]! ^= 1 << pick(8);
      return bytes;
    case 2:
      for (let n = pick(8); n >= 0; n -= 1) bytes[pick(bytes.length)] = pick(256);
      return bytes;
    case 3:
      return bytes.subarray(0, pick(bytes.length));
    case 4:
      return bytes.subarray(pick(bytes.length));
    case 5: {
      const at = pick(bytes.length);
      return Buffer.concat([bytes.subarray(0, at), Buffer.from(Array.from({ length: 1 + pick(20) }, () => pick(256))), bytes.subarray(at)]);
    }
    case 6: {
      const other = good[pick(good.length)]!;
      return Buffer.concat([bytes.subarray(0, pick(bytes.length)), other.subarray(pick(other.length))]);
    }
    default:
      return Buffer.concat(Array.from({ length: 1 + pick(4) }, () => bytes));
  }
}
