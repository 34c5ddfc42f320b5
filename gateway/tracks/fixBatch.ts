import { deserialize, serialize } from 'node:v8';
import type { Fix } from '../../protocol/frames/position.ts';
import { copyRow, createFixColumns, pushFix } from './fixColumns.ts';
import type { FixColumns } from './fixColumns.ts';
import { HOUR_MS } from './quantiseFix.ts';

/** Fixes of many units as they came: row i is of unit `units[unit[i]]`. */
export interface FixBatch {
  units: string[];
  unit: number[];
  fixes: FixColumns;
}

/** Gathers fixes into a batch. */
export function createBatchMaker() {
  let index = new Map<string, number>();
  let batch: FixBatch = { units: [], unit: [], fixes: createFixColumns(64) };
  const indexOf = (id: string): number => {
    let i = index.get(id);
    if (i === undefined) {
      i = batch.units.push(id) - 1;
      index.set(id, i);
    }
    return i;
  };
  return {
    get count() {
      return batch.fixes.count;
    },
    add(fix: Fix, heardAtMs: number): void {
      batch.unit.push(indexOf(fix.id));
      pushFix(batch.fixes, fix, heardAtMs);
    },
    copy(id: string, from: FixColumns, row: number): void {
      batch.unit.push(indexOf(id));
      copyRow(batch.fixes, from, row);
    },
    /** What was gathered; begins anew. */
    take(): FixBatch {
      const taken = batch;
      index = new Map();
      batch = { units: [], unit: [], fixes: createFixColumns(64) };
      return taken;
    },
  };
}

/** One batch for each month that fixes of this one were observed in. */
export function splitByMonth(batch: FixBatch, monthOf: (hour: number) => string): { month: string; batch: FixBatch }[] {
  const makers = new Map<string, ReturnType<typeof createBatchMaker>>();
  const months = new Map<number, string>();
  for (let row = 0; row < batch.fixes.count; row++) {
    const hour = Math.floor(batch.fixes.observedAtMs[row]! / HOUR_MS);
    let month = months.get(hour);
    if (month === undefined) months.set(hour, (month = monthOf(hour)));
    let maker = makers.get(month);
    if (!maker) makers.set(month, (maker = createBatchMaker()));
    maker.copy(batch.units[batch.unit[row]!]!, batch.fixes, row);
  }
  return [...makers].map(([month, maker]) => ({ month, batch: maker.take() }));
}

/** As V8 writes structured data; it reads what older versions wrote. */
export const encodeBatch = (batch: FixBatch): Uint8Array => serialize(batch);
export const decodeBatch = (bytes: Uint8Array): FixBatch => deserialize(bytes) as FixBatch;
