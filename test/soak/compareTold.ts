/** What differs between a producer's log and what a wall was told; one line each. */
export interface Differences {
  lost: string[];
  duplicated: string[];
  outOfOrder: string[];
}

const SHOWN = 20;

/**
 * Compares what a wall was told with the producer's log, key by key. Values are numbers that grow within a key; what was told beyond the
 * log (taken, but its sender did not hear of it) may be there, once and in its place.
 */
export function compareTold(
  name: string,
  told: ReadonlyMap<string, readonly string[]>,
  log: ReadonlyMap<string, readonly string[]>,
  into: Differences,
): void {
  for (const [key, wanted] of log) {
    const values = told.get(key) ?? [];
    const seen = new Set<string>();
    for (const value of values) {
      if (seen.has(value)) into.duplicated.push(`${name} ${key} ${value}`);
      seen.add(value);
    }
    for (const value of wanted) if (!seen.has(value)) into.lost.push(`${name} ${key} ${value}`);
    const numbers = values.map(Number);
    const fall = numbers.findIndex((n, i) => i > 0 && n < numbers[i - 1]!);
    if (fall >= 0) into.outOfOrder.push(`${name} ${key}: ${numbers[fall]!} after ${numbers[fall - 1]!}`);
  }
}

/** Whether the last of each key was told. */
export const isCaughtUp = (told: ReadonlyMap<string, readonly string[]>, log: ReadonlyMap<string, readonly string[]>): boolean =>
  [...log].every(([key, values]) => told.get(key)?.at(-1) === values.at(-1));

export function printDifferences({ lost, duplicated, outOfOrder }: Differences): void {
  for (const [what, list] of Object.entries({ lost, duplicated, outOfOrder }))
    for (const line of list.slice(0, SHOWN)) console.log(`  ${what}: ${line}`);
}
