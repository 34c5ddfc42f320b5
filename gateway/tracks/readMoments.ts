import { fixAt } from './fixColumns.ts';
import type { FixColumns } from './fixColumns.ts';
import { HOUR_MS } from './quantiseFix.ts';
import { readHour } from './readHour.ts';
import type { TrackSources } from './readHour.ts';
import type { HeardFix } from './trackStore.ts';

/** A fix may be observed so much later than it was heard, by the clocks of the field (rule P-07), and so much before it is replayed. */
const AHEAD_MS = 5000;
const LATE_HOURS = 24;
/** How long a unit may have been silent and still have a place. */
const SILENT_HOURS = 7 * 24;
/** A slice of a replay holds about so many fixes at most, so that its memory is bounded. */
const SLICE_FIXES = 400_000;
const SLICE_MS = HOUR_MS;
const LEAST_SLICE_MS = 10_000;
const LIST_FIXES = 2000;

/** Of the fixes heard by `atMs` the one observed last; of two observed together the one heard last. */
function newestRow(lists: readonly FixColumns[], atMs: number): { list: FixColumns; row: number } | null {
  let best: { list: FixColumns; row: number } | null = null;
  for (const list of lists) {
    for (let row = 0; row < list.count; row++) {
      if (list.heardAtMs[row]! > atMs) continue;
      const later = best === null ? 1 : list.observedAtMs[row]! - best.list.observedAtMs[best.row]!;
      if (later > 0 || (later === 0 && list.heardAtMs[row]! >= best!.list.heardAtMs[best!.row]!)) best = { list, row };
    }
  }
  return best;
}

/** Where every unit was; see TrackStore.positionsAt. The last one given is the answer, null a turn for others. */
export function* readPositionsAt(
  atMs: number,
  hours: readonly [first: number, last: number],
  sources: TrackSources,
): Generator<HeardFix[] | null> {
  const missing = new Set<string>();
  for (const file of sources.months.all()) for (const id of file.unitIds()) missing.add(id);
  for (const hour of sources.recent.hours()) for (const id of sources.recent.ofHour(hour)!.unitIds()) missing.add(id);
  const last = Math.min(Math.floor((atMs + AHEAD_MS) / HOUR_MS), hours[1]);
  const first = Math.max(last - SILENT_HOURS, hours[0]);
  const found: HeardFix[] = [];
  for (let hour = last; hour >= first && missing.size > 0; hour--) {
    for (const { unitId, read } of readHour(hour, { heard: { fromMs: -Infinity, toMs: atMs } }, sources)) {
      if (!missing.has(unitId)) continue;
      const newest = newestRow(read(), atMs);
      if (!newest) continue;
      found.push({ fix: fixAt(newest.list, newest.row, unitId), heardAtMs: newest.list.heardAtMs[newest.row]! });
      missing.delete(unitId);
      yield null;
    }
  }
  yield found;
}

/** What was heard after one moment up to another, in order; null is a turn for others. */
export function* readFixesBetween(
  afterMs: number,
  untilMs: number,
  hours: readonly [first: number, last: number],
  sources: TrackSources,
): Generator<HeardFix[] | null> {
  const endMs = Math.min(untilMs, (hours[1] + 1 + LATE_HOURS) * HOUR_MS);
  let fromMs = Math.max(afterMs, hours[0] * HOUR_MS - AHEAD_MS);
  let sliceMs = SLICE_MS;
  while (fromMs < endMs) {
    const toMs = Math.min(endMs, fromMs + sliceMs);
    const slice: HeardFix[] = [];
    let tooMany = false;
    const last = Math.min(Math.floor((toMs + AHEAD_MS) / HOUR_MS), hours[1]);
    const first = Math.max(Math.floor(fromMs / HOUR_MS) - LATE_HOURS, hours[0]);
    for (let hour = first; hour <= last && !tooMany; hour++) {
      for (const { unitId, read } of readHour(hour, { heard: { fromMs, toMs } }, sources)) {
        for (const list of read()) {
          for (let row = 0; row < list.count; row++) {
            const heardAtMs = list.heardAtMs[row]!;
            if (heardAtMs > fromMs && heardAtMs <= toMs) slice.push({ fix: fixAt(list, row, unitId), heardAtMs });
          }
        }
        tooMany = slice.length > SLICE_FIXES && sliceMs > LEAST_SLICE_MS;
        if (tooMany) break;
        yield null;
      }
    }
    if (tooMany) {
      sliceMs = Math.max(LEAST_SLICE_MS, sliceMs / 4);
      continue;
    }
    slice.sort((a, b) => a.heardAtMs - b.heardAtMs || a.fix.observedAtMs - b.fix.observedAtMs);
    for (let i = 0; i < slice.length; i += LIST_FIXES) yield slice.slice(i, i + LIST_FIXES);
    fromMs = toMs;
  }
}
