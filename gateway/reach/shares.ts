/** Parts of a line as shares of its length, in pairs: begin, end, begin, end. Sorted, apart from each other, none empty. */
export type Shares = readonly number[];

export const lengthOf = (shares: Shares): number => {
  let sum = 0;
  for (let i = 0; i < shares.length; i += 2) sum += shares[i + 1]! - shares[i]!;
  return sum;
};

/** In any order and overlapping, as they are found. */
export function joined(pairs: readonly number[]): Shares {
  if (pairs.length === 0) return pairs;
  if (pairs.length === 2) return pairs[1]! > pairs[0]! ? pairs : [];
  const order = Array.from({ length: pairs.length / 2 }, (_, i) => i * 2).sort((a, b) => pairs[a]! - pairs[b]!);
  const made: number[] = [];
  for (const i of order) {
    const [begin, end] = [pairs[i]!, pairs[i + 1]!];
    if (end <= begin) continue;
    if (made.length > 0 && begin <= made.at(-1)!) made[made.length - 1] = Math.max(made.at(-1)!, end);
    else made.push(begin, end);
  }
  return made;
}

/** What of `shares` lies between two shares. */
export function within(shares: Shares, low: number, high: number): Shares {
  if (shares.length === 2 && shares[0]! >= low && shares[1]! <= high) return shares;
  const made: number[] = [];
  for (let i = 0; i < shares.length; i += 2) {
    const [begin, end] = [Math.max(low, shares[i]!), Math.min(high, shares[i + 1]!)];
    if (end > begin) made.push(begin, end);
  }
  return made;
}

/** What of `shares` is in none of `others`. */
export function without(shares: Shares, others: Shares): Shares {
  if (shares.length === 0 || others.length === 0) return shares;
  const made: number[] = [];
  let next = 0;
  for (let i = 0; i < shares.length; i += 2) {
    let begin = shares[i]!;
    const end = shares[i + 1]!;
    while (next < others.length && others[next + 1]! <= begin) next += 2;
    for (let j = next; j < others.length && others[j]! < end; j += 2) {
      if (others[j]! > begin) made.push(begin, others[j]!);
      begin = Math.max(begin, others[j + 1]!);
    }
    if (begin < end) made.push(begin, end);
  }
  return made;
}

/** What is in both. */
export const common = (shares: Shares, others: Shares): Shares => without(shares, without(shares, others));
