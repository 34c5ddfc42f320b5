import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '../appError.ts';

/** Where journal and tracks live. One process at a time. */
export interface DataDirectory {
  readonly path: string;
  /** Made for this process, removed by `dispose`. */
  readonly temporary: boolean;
  readonly budgetBytes: number | null;
  /** What all files in it take, measured about once a minute. */
  readonly sizeBytes: number;
  /** One sentence when the budget is nearly used or passed. */
  readonly warnings: readonly string[];
  /** Close every file in it first. */
  dispose(): void;
}

const TEMPORARY_PREFIX = 'wanglou-data-';
export const LOCK = 'lock.db';
export const OWNER = 'owner.json';
const MEASURE_PERIOD_MS = 60_000;
/** A temporary directory whose gateway was killed is removed by a later one; a younger one may just be being made. */
const LEFT_BEHIND_MS = 60_000;
/** Share of the budget at which a person is warned. */
const WARN_SHARE = 0.8;

/** Holds the directory for this process. The operating system lets go when the process ends, however it ends. @returns null when another holds it. */
function lock(path: string): DatabaseSync | null {
  const database = new DatabaseSync(join(path, LOCK), { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch {
    database.close();
    return null;
  }
}

function ownerOf(path: string): string {
  try {
    const { pid } = JSON.parse(readFileSync(join(path, OWNER), 'utf8')) as { pid?: unknown };
    return typeof pid === 'number' ? ` (process ${pid})` : '';
  } catch {
    return '';
  }
}

/** Removes temporary directories of gateways that were killed. What cannot be removed is left: it is the system's to clean. */
function removeLeftBehind(): void {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(TEMPORARY_PREFIX)) continue;
    const path = join(tmpdir(), name);
    try {
      if (Date.now() - statSync(path).mtimeMs < LEFT_BEHIND_MS) continue;
      const held = lock(path);
      if (!held) continue;
      held.close();
      rmSync(path, { recursive: true, force: true });
    } catch {
      continue;
    }
  }
}

async function sizeOf(path: string): Promise<number> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  // A file may go while it is looked at.
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        stat(join(entry.parentPath, entry.name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(bytes < 1e9 ? 3 : 1)} GB`;

/**
 * Opens or makes the directory and locks it.
 * @param path Null makes a temporary one.
 * @param options.onWarning Told once each time the budget is newly threatened.
 * @throws {AppError} one line when it cannot be made, or another process uses it.
 */
export function openDataDirectory(
  path: string | null,
  options: { budgetBytes?: number; onWarning?: (warning: string) => void } = {},
): DataDirectory {
  const { budgetBytes = null, onWarning = () => {} } = options;
  const temporary = path === null;
  if (temporary) removeLeftBehind();
  let directory: string;
  let held: DatabaseSync | null;
  try {
    directory = path ?? mkdtempSync(join(tmpdir(), TEMPORARY_PREFIX));
    // What people did is not for every user of this machine.
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    held = lock(directory);
  } catch (error) {
    throw new AppError('badDirectory', `--data ${path ?? tmpdir()}: ${(error as Error).message}`, { cause: error });
  }
  if (!held) throw new AppError('directoryInUse', `--data ${directory}: another gateway${ownerOf(directory)} uses this directory`);
  writeFileSync(join(directory, OWNER), JSON.stringify({ pid: process.pid }));

  let sizeBytes = 0;
  let warnings: readonly string[] = [];
  const measure = async (): Promise<void> => {
    sizeBytes = await sizeOf(directory);
    const share = budgetBytes === null ? 0 : sizeBytes / budgetBytes;
    const before = warnings.length;
    if (share < WARN_SHARE) warnings = [];
    else {
      const how = share < 1 ? `${Math.floor(share * 100)} % of` : 'more than';
      warnings = [
        `${directory} takes ${gigabytes(sizeBytes)}, ${how} its budget of ${gigabytes(budgetBytes!)}: make room, raise --budget or shorten --keep`,
      ];
      if (before === 0) onWarning(warnings[0]!);
    }
  };
  const look = (): void => {
    measure().catch((error: unknown) => {
      warnings = [`${directory} cannot be measured: ${(error as Error).message}`];
    });
  };
  look();
  const timer = setInterval(look, MEASURE_PERIOD_MS).unref();
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  if (temporary) process.on('exit', remove);

  return {
    path: directory,
    temporary,
    budgetBytes,
    get sizeBytes() {
      return sizeBytes;
    },
    get warnings() {
      return warnings;
    },
    dispose() {
      clearInterval(timer);
      held.close();
      if (!temporary) return;
      process.off('exit', remove);
      remove();
    },
  };
}
