import type { FixBatch } from './fixBatch.ts';
import { copyRow, createFixColumns } from './fixColumns.ts';
import type { FixColumns } from './fixColumns.ts';
import { HOUR_MS } from './quantiseFix.ts';

/** Fixes that are safe and not packed yet, by hour and unit. */
export function createRecentFixes() {
  const hours = new Map<number, Map<string, FixColumns>>();
  let count = 0;
  return {
    get count() {
      return count;
    },
    hours: (): number[] => [...hours.keys()],
    ofHour: (hour: number): ReadonlyMap<string, FixColumns> | undefined => hours.get(hour),
    add({ units, unit, fixes }: FixBatch): void {
      for (let row = 0; row < fixes.count; row++) {
        const hour = Math.floor(fixes.observedAtMs[row]! / HOUR_MS);
        let ofHour = hours.get(hour);
        if (!ofHour) hours.set(hour, (ofHour = new Map<string, FixColumns>()));
        const id = units[unit[row]!]!;
        let columns = ofHour.get(id);
        if (!columns) ofHour.set(id, (columns = createFixColumns(16)));
        copyRow(columns, fixes, row);
      }
      count += fixes.count;
    },
    remove(hour: number): void {
      for (const columns of hours.get(hour)?.values() ?? []) count -= columns.count;
      hours.delete(hour);
    },
  };
}
export type RecentFixes = ReturnType<typeof createRecentFixes>;
