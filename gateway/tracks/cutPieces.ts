import type { TrackArea, TrackPiece } from '../../protocol/queries/tracks.ts';
import type { FixColumns } from './fixColumns.ts';
import { mergeColumns } from './fixColumns.ts';
import { E7, HOUR_MS } from './quantiseFix.ts';
import { readHour } from './readHour.ts';
import type { TrackSources } from './readHour.ts';
import { simplifyTrack } from './simplifyTrack.ts';
import type { TrackQuestion } from './trackStore.ts';

/** Nothing is known of a unit that was silent for longer: a line across would be invented. */
const GAP_MS = 600_000;
/** Most fixes of one piece, so that a reader can draw while more comes. */
const PIECE_FIXES = 2000;

function toPiece(unitId: string, fixes: FixColumns, rows: readonly number[], joined: boolean): TrackPiece {
  const { lonE7, latE7, headingDdeg, speedCmps, observedAtMs } = fixes;
  return {
    unitId,
    joined,
    cut: false,
    lonDeg: rows.map((row) => lonE7[row]! / E7),
    latDeg: rows.map((row) => latE7[row]! / E7),
    headingDeg: rows.map((row) => headingDdeg[row]! / 10),
    speedMps: rows.map((row) => speedCmps[row]! / 100),
    observedAtMs: rows.map((row) => observedAtMs[row]!),
  };
}

function insideOf(area: TrackArea | undefined): (fixes: FixColumns, row: number) => boolean {
  if (!area) return () => true;
  const [west, east, south, north] = [area.westDeg, area.eastDeg, area.southDeg, area.northDeg].map((deg) => Math.round(deg * E7)) as [
    number,
    number,
    number,
    number,
  ];
  return ({ lonE7, latE7 }, row) => lonE7[row]! >= west && lonE7[row]! <= east && latE7[row]! >= south && latE7[row]! <= north;
}

/** How a unit's line stood at the end of the hour before. */
interface Line {
  hour: number;
  lastMs: number;
  /** Whether the last fix is in the answer, so that the next one may go on from it. */
  open: boolean;
}

/**
 * The pieces of an answer, uncut. Null is a turn for others: an hour of all units may take longer than anybody should wait.
 */
function* allPieces(question: TrackQuestion, hours: readonly [first: number, last: number], sources: TrackSources) {
  const { fromMs, toMs, area, toleranceM } = question;
  const unitIds = question.unitIds && new Set(question.unitIds);
  const isInside = insideOf(area);
  const lines = new Map<string, Line>();
  const first = Math.max(Math.floor(fromMs / HOUR_MS), hours[0]);
  const last = Math.min(Math.floor(toMs / HOUR_MS), hours[1]);
  for (let hour = first; hour <= last; hour++) {
    for (const { unitId, read } of readHour(hour, { unitIds, area }, sources)) {
      const fixes = mergeColumns(read());
      const line = lines.get(unitId) ?? { hour: -1, lastMs: -Infinity, open: false };
      lines.set(unitId, line);
      // An hour in which the unit was nowhere near was not even read.
      if (line.hour !== hour - 1) line.open = false;
      line.hour = hour;
      let run: number[] = [];
      let joined = false;
      const runs: { rows: number[]; joined: boolean }[] = [];
      for (let row = 0; row < fixes.count; row++) {
        const atMs = fixes.observedAtMs[row]!;
        if (atMs < fromMs || atMs > toMs) continue;
        const goesOn = line.open && atMs - line.lastMs <= GAP_MS;
        line.lastMs = atMs;
        line.open = isInside(fixes, row);
        if (run.length > 0 && !(goesOn && line.open)) {
          runs.push({ rows: run, joined });
          run = [];
        }
        if (!line.open) continue;
        if (run.length === 0) joined = goesOn;
        run.push(row);
      }
      if (run.length > 0) runs.push({ rows: run, joined });
      for (const { rows, joined: goesOn } of runs) {
        const kept = simplifyTrack(fixes, rows, toleranceM);
        for (let from = 0; from < kept.length; from += PIECE_FIXES) {
          yield toPiece(unitId, fixes, kept.slice(from, from + PIECE_FIXES), goesOn || from > 0);
        }
      }
      yield null;
    }
    yield null;
  }
}

/** The pieces of an answer, at most `limit` fixes in all; null is a turn for others. */
export function* cutPieces(
  question: TrackQuestion,
  hours: readonly [first: number, last: number],
  sources: TrackSources,
): Generator<TrackPiece | null> {
  let room = question.limit;
  /** The last piece waits until it is known whether another follows. */
  let held: TrackPiece | null = null;
  for (const piece of allPieces(question, hours, sources)) {
    if (piece === null) {
      yield null;
      continue;
    }
    if (held) {
      if (room === 0) {
        yield { ...held, cut: true };
        return;
      }
      yield held;
    }
    if (piece.observedAtMs.length > room) {
      const { lonDeg, latDeg, headingDeg, speedMps, observedAtMs } = piece;
      yield {
        ...piece,
        cut: true,
        lonDeg: lonDeg.slice(0, room),
        latDeg: latDeg.slice(0, room),
        headingDeg: headingDeg.slice(0, room),
        speedMps: speedMps.slice(0, room),
        observedAtMs: observedAtMs.slice(0, room),
      };
      return;
    }
    held = piece;
    room -= piece.observedAtMs.length;
  }
  if (held) yield held;
}
