import type { Fix } from '../../protocol/frames/position.ts';
import { E7 } from './quantiseFix.ts';

/** Fixes of one unit as columns of whole numbers; 36 bytes a fix. Only the first `count` rows are meant. */
export interface FixColumns {
  count: number;
  lonE7: Int32Array;
  latE7: Int32Array;
  /** Tenths of a metre. */
  altDm: Int32Array;
  /** Tenths of a degree, 0 to 3599. */
  headingDdeg: Int32Array;
  speedCmps: Int32Array;
  observedAtMs: Float64Array;
  /** Server time at which the gateway took the fix. */
  heardAtMs: Float64Array;
}
const WHOLE = ['lonE7', 'latE7', 'altDm', 'headingDdeg', 'speedCmps'] as const;
const TIMES = ['observedAtMs', 'heardAtMs'] as const;

export const createFixColumns = (capacity: number): FixColumns => ({
  count: 0,
  lonE7: new Int32Array(capacity),
  latE7: new Int32Array(capacity),
  altDm: new Int32Array(capacity),
  headingDdeg: new Int32Array(capacity),
  speedCmps: new Int32Array(capacity),
  observedAtMs: new Float64Array(capacity),
  heardAtMs: new Float64Array(capacity),
});

function grow(columns: FixColumns, capacity: number): void {
  const larger = createFixColumns(capacity);
  for (const name of WHOLE) larger[name].set(columns[name].subarray(0, columns.count));
  for (const name of TIMES) larger[name].set(columns[name].subarray(0, columns.count));
  Object.assign(columns, { ...larger, count: columns.count });
}
const makeRoom = (columns: FixColumns): void => {
  if (columns.count === columns.lonE7.length) grow(columns, Math.max(8, columns.count * 2));
};

/** Adds a fix that was quantised. */
export function pushFix(columns: FixColumns, fix: Fix, heardAtMs: number): void {
  makeRoom(columns);
  const i = columns.count;
  columns.lonE7[i] = Math.round(fix.lonDeg * E7);
  columns.latE7[i] = Math.round(fix.latDeg * E7);
  columns.altDm[i] = Math.round(fix.altM * 10);
  columns.headingDdeg[i] = Math.round(fix.headingDeg * 10);
  columns.speedCmps[i] = Math.round(fix.speedMps * 100);
  columns.observedAtMs[i] = fix.observedAtMs;
  columns.heardAtMs[i] = heardAtMs;
  columns.count += 1;
}

export function copyRow(to: FixColumns, from: FixColumns, row: number): void {
  makeRoom(to);
  const i = to.count;
  to.lonE7[i] = from.lonE7[row]!;
  to.latE7[i] = from.latE7[row]!;
  to.altDm[i] = from.altDm[row]!;
  to.headingDdeg[i] = from.headingDdeg[row]!;
  to.speedCmps[i] = from.speedCmps[row]!;
  to.observedAtMs[i] = from.observedAtMs[row]!;
  to.heardAtMs[i] = from.heardAtMs[row]!;
  to.count += 1;
}

export const fixAt = (columns: FixColumns, row: number, id: string): Fix => ({
  id,
  lonDeg: columns.lonE7[row]! / E7,
  latDeg: columns.latE7[row]! / E7,
  altM: columns.altDm[row]! / 10,
  headingDeg: columns.headingDdeg[row]! / 10,
  speedMps: columns.speedCmps[row]! / 100,
  observedAtMs: columns.observedAtMs[row]!,
});

const sameFix = (columns: FixColumns, a: number, b: number): boolean =>
  WHOLE.every((name) => columns[name][a] === columns[name][b]) && columns.observedAtMs[a] === columns.observedAtMs[b];

/**
 * All rows in order of observation, then of hearing. A fix that came again, the same in every field, is in it once, as it was first heard.
 * One list that is in order already is returned as it is.
 */
export function mergeColumns(lists: readonly FixColumns[]): FixColumns {
  if (lists.length === 1 && isOrdered(lists[0]!)) return lists[0]!;
  const all = createFixColumns(lists.reduce((sum, { count }) => sum + count, 0));
  for (const list of lists) for (let row = 0; row < list.count; row++) copyRow(all, list, row);
  const order = Array.from({ length: all.count }, (_, row) => row).sort(
    (a, b) => all.observedAtMs[a]! - all.observedAtMs[b]! || all.heardAtMs[a]! - all.heardAtMs[b]! || a - b,
  );
  const merged = createFixColumns(all.count);
  let first = 0;
  for (const [i, row] of order.entries()) {
    if (all.observedAtMs[row] !== all.observedAtMs[order[first]!]) first = i;
    let repeated = false;
    for (let other = first; other < i && !repeated; other++) repeated = sameFix(all, order[other]!, row);
    if (!repeated) copyRow(merged, all, row);
  }
  return merged;
}

/** Strictly later from row to row, so that nothing can be in it twice. */
function isOrdered({ count, observedAtMs }: FixColumns): boolean {
  for (let row = 1; row < count; row++) if (observedAtMs[row]! <= observedAtMs[row - 1]!) return false;
  return true;
}
