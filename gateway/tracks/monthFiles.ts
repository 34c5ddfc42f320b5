import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isDamage, moveAside, openMonthFile } from './monthFile.ts';
import type { MonthFile } from './monthFile.ts';
import { HOUR_MS } from './quantiseFix.ts';

const NAME = /^tracks-(\d{4}-\d{2})\.db$/;

/** The month (UTC) in which an hour since 1970 lies, e.g. `2026-11`. */
export const monthOf = (hour: number): string => new Date(hour * HOUR_MS).toISOString().slice(0, 7);
/** First moment after a month. */
const endOfMs = (month: string): number => {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return Date.UTC(year, number);
};

/**
 * One file a month, so that forgetting is an unlink.
 * @param directory Null keeps everything in memory.
 * @param onDamage Told when a damaged file was moved aside.
 */
export function createMonthFiles(directory: string | null, onDamage: (path: string, aside: string, error: unknown) => void) {
  const months = new Map<string, MonthFile>();
  const open = (month: string): MonthFile => {
    if (directory === null) return openMonthFile(':memory:');
    const path = join(directory, `tracks-${month}.db`);
    try {
      return openMonthFile(path);
    } catch (error) {
      if (!isDamage(error)) throw error;
      onDamage(path, moveAside(path), error);
      return openMonthFile(path);
    }
  };
  if (directory !== null) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(directory).sort()) {
      const month = NAME.exec(name)?.[1];
      if (month !== undefined) months.set(month, open(month));
    }
  }
  return {
    all: (): Iterable<MonthFile> => months.values(),
    ofHour: (hour: number): MonthFile | undefined => months.get(monthOf(hour)),
    make(month: string): MonthFile {
      const known = months.get(month);
      if (known) return known;
      const made = open(month);
      months.set(month, made);
      return made;
    },
    /** Gives up a file that turned out to be damaged while it was written. */
    giveUp(month: string, error: unknown): void {
      const file = months.get(month);
      if (!file || directory === null) return;
      months.delete(month);
      file.close();
      onDamage(file.path, moveAside(file.path), error);
    },
    /** Removes every month that had ended before this moment. */
    removeBefore(atMs: number): void {
      for (const [month, file] of months) {
        if (endOfMs(month) > atMs) continue;
        file.close();
        months.delete(month);
        if (directory !== null) for (const suffix of ['', '-wal', '-shm']) rmSync(file.path + suffix, { force: true });
      }
    },
    /** Whether an hour lies in a month that is forgotten at this moment. */
    isForgotten: (hour: number, beforeMs: number): boolean => endOfMs(monthOf(hour)) <= beforeMs,
    close(): void {
      for (const file of months.values()) file.close();
      months.clear();
    },
  };
}
export type MonthFiles = ReturnType<typeof createMonthFiles>;
