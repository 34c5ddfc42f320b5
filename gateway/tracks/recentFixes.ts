import type { FixBatch } from './fixBatch.ts';
import { copyRow, createFixColumns } from './fixColumns.ts';
import type { FixColumns } from './fixColumns.ts';
import { HOUR_MS } from './quantiseFix.ts';

/** The fixes of one hour that are not packed yet, by unit. */
export interface RecentHour {
  unitIds(): Iterable<string>;
  /** A copy, in the order in which they came; undefined when the unit has none. */
  of(unitId: string): FixColumns | undefined;
}

/** Before the first row of a unit. */
const NONE = -1;

/**
 * One hour as it came, all units in the same columns, each row with the one before it of its unit. Columns of their own for each of
 * 20,000 units would be 140,000 small pieces of memory every minute, which no allocator gives back whole.
 */
function createHour() {
  const fixes = createFixColumns(1024);
  const before: number[] = [];
  const units = new Map<string, { last: number; count: number }>();
  return {
    get count() {
      return fixes.count;
    },
    add(id: string, from: FixColumns, row: number): void {
      const known = units.get(id);
      before.push(known?.last ?? NONE);
      if (known) {
        known.last = fixes.count;
        known.count += 1;
      } else units.set(id, { last: fixes.count, count: 1 });
      copyRow(fixes, from, row);
    },
    unitIds: (): Iterable<string> => units.keys(),
    of(id: string): FixColumns | undefined {
      const known = units.get(id);
      if (!known) return undefined;
      const rows = new Int32Array(known.count);
      for (let row = known.last, i = known.count - 1; row !== NONE; row = before[row]!, i--) rows[i] = row;
      const found = createFixColumns(known.count);
      for (const row of rows) copyRow(found, fixes, row);
      return found;
    },
  };
}

/** Fixes that are safe and not packed yet, by hour and unit. */
export function createRecentFixes() {
  const hours = new Map<number, ReturnType<typeof createHour>>();
  let count = 0;
  return {
    get count() {
      return count;
    },
    hours: (): number[] => [...hours.keys()],
    ofHour: (hour: number): RecentHour | undefined => hours.get(hour),
    add({ units, unit, fixes }: FixBatch): void {
      for (let row = 0; row < fixes.count; row++) {
        const hour = Math.floor(fixes.observedAtMs[row]! / HOUR_MS);
        let ofHour = hours.get(hour);
        if (!ofHour) hours.set(hour, (ofHour = createHour()));
        ofHour.add(units[unit[row]!]!, fixes, row);
      }
      count += fixes.count;
    },
    remove(hour: number): void {
      count -= hours.get(hour)?.count ?? 0;
      hours.delete(hour);
    },
  };
}
export type RecentFixes = ReturnType<typeof createRecentFixes>;
