import type { TrackArea } from '../../protocol/queries/tracks.ts';
import type { FixColumns } from './fixColumns.ts';
import { isDamage } from './monthFile.ts';
import type { MonthFile, Span } from './monthFile.ts';
import type { MonthFiles } from './monthFiles.ts';
import { createPackReader } from './packHour.ts';
import { E7 } from './quantiseFix.ts';
import type { RecentFixes } from './recentFixes.ts';

/** What a block must have to be read. A unit of which one block is wanted is given with all its blocks of the hour. */
export interface Wanted {
  unitIds?: ReadonlySet<string> | undefined;
  area?: TrackArea | undefined;
  heard?: { fromMs: number; toMs: number } | undefined;
}

export interface TrackSources {
  months: MonthFiles;
  recent: RecentFixes;
  /** Told of each block that was left out because it is damaged. */
  onDamagedBlock(error: unknown): void;
}

function fits(span: Span, { area, heard }: Wanted): boolean {
  if (heard && (span.heardToMs < heard.fromMs || span.heardFromMs > heard.toMs)) return false;
  if (!area) return true;
  return (
    span.westE7 <= Math.round(area.eastDeg * E7) &&
    span.eastE7 >= Math.round(area.westDeg * E7) &&
    span.southE7 <= Math.round(area.northDeg * E7) &&
    span.northE7 >= Math.round(area.southDeg * E7)
  );
}

function spansOf(file: MonthFile, hour: number, { unitIds }: Wanted): Span[] {
  if (!unitIds) return file.spans(hour);
  const units = [...unitIds].flatMap((id) => file.numberOf(id) ?? []);
  return units.flatMap((unit) => file.spans(hour, unit));
}

/** What is kept of one hour: for each unit, in order of their ids, a function that reads its columns. Nothing is decoded before it is called. */
export function readHour(
  hour: number,
  wanted: Wanted,
  { months, recent, onDamagedBlock }: TrackSources,
): { unitId: string; read(): FixColumns[] }[] {
  const found = new Map<string, { spans: Span[]; fits: boolean }>();
  const file = months.ofHour(hour);
  const reader = file && createPackReader(file);
  try {
    for (const span of file ? spansOf(file, hour, wanted) : []) {
      const unitId = file!.nameOf(span.unit);
      if (unitId === undefined) continue;
      const entry = found.get(unitId) ?? { spans: [], fits: false };
      entry.spans.push(span);
      entry.fits ||= fits(span, wanted);
      found.set(unitId, entry);
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
    onDamagedBlock(error);
  }
  const lately = recent.ofHour(hour);
  for (const unitId of lately?.unitIds() ?? []) {
    if (wanted.unitIds && !wanted.unitIds.has(unitId)) continue;
    const entry = found.get(unitId);
    if (entry) entry.fits = true;
    else found.set(unitId, { spans: [], fits: true });
  }
  return [...found]
    .filter(([, entry]) => entry.fits)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([unitId, { spans }]) => ({
      unitId,
      read() {
        const lists: FixColumns[] = [];
        for (const span of spans) {
          try {
            lists.push(reader!.read(span));
          } catch (error) {
            if (!(error instanceof RangeError) && !isDamage(error)) throw error;
            onDamagedBlock(error);
          }
        }
        const latest = lately?.of(unitId);
        if (latest) lists.push(latest);
        return lists;
      },
    }));
}
