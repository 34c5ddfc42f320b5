import { createFixColumns } from '../../../../gateway/tracks/fixColumns.ts';
import type { FixColumns } from '../../../../gateway/tracks/fixColumns.ts';

export const COLUMN_NAMES = ['lonE7', 'latE7', 'altDm', 'headingDdeg', 'speedCmps', 'observedAtMs', 'heardAtMs'] as const;
export type Row = Record<(typeof COLUMN_NAMES)[number], number>;

/** Columns out of rows. */
export function columnsOf(rows: readonly Row[]): FixColumns {
  const columns = createFixColumns(rows.length);
  for (const [i, row] of rows.entries()) for (const name of COLUMN_NAMES) columns[name][i] = row[name];
  columns.count = rows.length;
  return columns;
}
