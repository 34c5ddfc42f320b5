import type { TrackPiece } from '../../protocol/queries/tracks.ts';
import { cutPieces } from './cutPieces.ts';
import { createBatchMaker, decodeBatch, encodeBatch, splitByMonth } from './fixBatch.ts';
import type { FixBatch } from './fixBatch.ts';
import { isDamage } from './monthFile.ts';
import { createMonthFiles, monthOf } from './monthFiles.ts';
import { joinBlocks, packHour } from './packHour.ts';
import { HOUR_MS } from './quantiseFix.ts';
import type { TrackSources } from './readHour.ts';
import { readFixesBetween, readPositionsAt } from './readMoments.ts';
import { createRecentFixes } from './recentFixes.ts';
import type { HeardFix, TrackQuestion, TrackStats } from './trackStore.ts';

export interface TrackEngineOptions {
  /** Null keeps everything in memory. */
  directory: string | null;
  keepDays: number;
  /** Above this many unpacked fixes, 36 bytes each, all are packed at once instead of when their hour is over. */
  mostRecentFixes: number;
  onWarning(warning: string): void;
}

const DAY_MS = 86_400_000;
/** Fixes of an hour that come this late are still packed with it. */
const GRACE_MS = 120_000;
/** Blocks of so many units are joined between two commits. */
const JOINED_UNITS = 20;
/** An hour with more blocks than units by this factor is worth the work. */
const CROWDED = 1.25;
const MOST_WARNINGS = 20;

export type EngineStats = Omit<TrackStats, 'queuedFixes' | 'droppedFixes'>;

/**
 * The track store as one thread sees it: every call does its work at once.
 *
 * A group of fixes is one row in the file of its month and is safe when `commit` returns. When an hour is over its fixes are packed: in one
 * transaction the blocks are written and the rows removed, so that a process that dies finds either.
 * @throws {AppError} when a newer version wrote a file.
 */
export function createTrackEngine({ directory, keepDays, mostRecentFixes, onWarning }: TrackEngineOptions) {
  const warnings: string[] = [];
  let damagedBlocks = 0;
  let damagedFiles = 0;
  let tooOldFixes = 0;
  let latestMs = 0;
  const warn = (warning: string): void => {
    warnings.push(warning);
    if (warnings.length > MOST_WARNINGS) warnings.shift();
    onWarning(warning);
  };
  const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
  const onDamagedBlock = (error: unknown): void => {
    damagedBlocks += 1;
    if (damagedBlocks === 1) warn(`a block of the tracks is damaged and was left out: ${reasonOf(error)}`);
  };
  const recent = createRecentFixes();
  const months = createMonthFiles(directory, (path, aside, error) => {
    damagedFiles += 1;
    warn(`${path} is damaged (${reasonOf(error)}): it was moved to ${aside}, and a new file begins`);
  });
  const sources: TrackSources = { months, recent, onDamagedBlock };
  for (const file of months.all()) {
    for (const bytes of file.recents()) {
      try {
        recent.add(decodeBatch(bytes));
      } catch (error) {
        onDamagedBlock(error);
      }
    }
  }
  const joining: { month: string; hour: number; afterUnit: number }[] = [];

  const forgetBeforeMs = (): number => latestMs - keepDays * DAY_MS;
  const hours = (): readonly [number, number] => {
    let [first, last] = [Infinity, -Infinity];
    for (const file of months.all()) {
      first = Math.min(first, file.firstHour ?? Infinity);
      last = Math.max(last, file.lastHour ?? -Infinity);
    }
    for (const hour of recent.hours()) [first, last] = [Math.min(first, hour), Math.max(last, hour)];
    return [first, last];
  };
  /** The unpacked fixes of a month but for some hours. */
  const restOf = (month: string, without: ReadonlySet<number>): FixBatch | null => {
    const maker = createBatchMaker();
    for (const hour of recent.hours()) {
      if (without.has(hour) || monthOf(hour) !== month) continue;
      const ofHour = recent.ofHour(hour)!;
      for (const id of ofHour.unitIds()) {
        const fixes = ofHour.of(id)!;
        for (let row = 0; row < fixes.count; row++) maker.copy(id, fixes, row);
      }
    }
    return maker.count > 0 ? maker.take() : null;
  };
  /** Writes into the file of a month; one that turns out to be damaged is moved aside, and what is in memory goes into a new one. */
  const write = (month: string, work: (file: ReturnType<typeof months.make>) => void): void => {
    const attempt = (): void => {
      const file = months.make(month);
      file.transact(() => work(file));
    };
    try {
      attempt();
    } catch (error) {
      if (!isDamage(error) || directory === null) throw error;
      months.giveUp(month, error);
      const rest = restOf(month, new Set());
      if (rest) months.make(month).transact(() => months.make(month).addRecent(encodeBatch(rest)));
      attempt();
    }
  };
  const packMonth = (month: string, due: readonly number[]): void => {
    write(month, (file) => {
      for (const hour of due) packHour(file, hour, recent.ofHour(hour)!);
      file.clearRecent();
      const rest = restOf(month, new Set(due));
      if (rest) file.addRecent(encodeBatch(rest));
    });
    for (const hour of due) {
      recent.remove(hour);
      const { blocks, units } = months.make(month).crowding(hour);
      const over = hour < Math.floor((latestMs - GRACE_MS) / HOUR_MS);
      if (over && blocks > units * CROWDED && !joining.some((other) => other.hour === hour)) joining.push({ month, hour, afterUnit: 0 });
    }
  };
  const pack = (isDue: (hour: number) => boolean): void => {
    const due = Map.groupBy(recent.hours().filter(isDue), monthOf);
    for (const [month, ofMonth] of due) packMonth(month, ofMonth);
    if (due.size > 0) months.removeBefore(forgetBeforeMs());
  };

  return {
    /** Makes fixes safe. @throws what SQLite throws, a full disk for one; then nothing of `batch` was taken, and it may be tried again. */
    commit(batch: FixBatch): void {
      write(monthOf(Math.floor(batch.fixes.observedAtMs[0]! / HOUR_MS)), (file) => file.addRecent(encodeBatch(batch)));
      recent.add(batch);
    },
    /** Cuts what was handed in into batches that `commit` takes; counts what is older than anything that is kept. */
    admit(batch: FixBatch): FixBatch[] {
      for (let row = 0; row < batch.fixes.count; row++) latestMs = Math.max(latestMs, batch.fixes.heardAtMs[row]!);
      const beforeMs = forgetBeforeMs();
      return splitByMonth(batch, monthOf).flatMap(({ batch: ofMonth }) => {
        if (!months.isForgotten(Math.floor(ofMonth.fixes.observedAtMs[0]! / HOUR_MS), beforeMs)) return [ofMonth];
        tooOldFixes += ofMonth.fixes.count;
        return [];
      });
    },
    /** Packs what is due, joins some blocks. Call after commits. @throws what SQLite throws; what could not be done is done the next time. */
    tidy(): void {
      if (recent.count > mostRecentFixes) pack(() => true);
      else {
        const over = Math.floor((latestMs - GRACE_MS) / HOUR_MS);
        pack((hour) => hour < over);
      }
      const next = joining[0];
      const file = next && months.ofHour(next.hour);
      const reached = next && file ? joinBlocks(file, next.hour, next.afterUnit, JOINED_UNITS) : null;
      if (reached === null) joining.shift();
      else next!.afterUnit = reached;
    },
    /** Packs everything, whatever its hour. */
    packAll: (): void => pack(() => true),
    tracks: (question: TrackQuestion): Generator<TrackPiece | null> => cutPieces(question, hours(), sources),
    positionsAt: (atMs: number): Generator<HeardFix[] | null> => readPositionsAt(atMs, hours(), sources),
    fixesBetween: (afterMs: number, untilMs: number): Generator<HeardFix[] | null> => readFixesBetween(afterMs, untilMs, hours(), sources),
    stats(): EngineStats {
      let [fixes, blocks, sizeBytes] = [recent.count, 0, 0];
      for (const file of months.all()) {
        fixes += file.fixes;
        blocks += file.blocks;
        sizeBytes += file.sizeBytes();
      }
      const [first] = hours();
      return {
        fixes,
        blocks,
        sizeBytes,
        oldestAtMs: Number.isFinite(first) ? first * HOUR_MS : null,
        recentFixes: recent.count,
        tooOldFixes,
        damagedBlocks,
        damagedFiles,
        warnings: [...warnings],
      };
    },
    warn,
    close: (): void => months.close(),
  };
}
export type TrackEngine = ReturnType<typeof createTrackEngine>;
