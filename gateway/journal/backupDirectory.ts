import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '../appError.ts';
import { LOCK, OWNER } from './dataDirectory.ts';
import { wholeFileFault } from './journalFile.ts';

export interface BackupFigures {
  files: number;
  bytes: number;
}

/** What belongs to a running process, to the log of a database, or is known to be damaged. */
const isLeftOut = (name: string): boolean =>
  name === LOCK || name === OWNER || /-(wal|shm|journal)$/.test(name) || /\.(damaged-[\d-T]+|suspect|part)$/.test(name);
const isDatabase = (name: string): boolean => name.endsWith('.db');

function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** One state of the database, however much is written meanwhile: a single read transaction, which holds up no writer in WAL mode. */
function copyDatabase(from: string, to: string): void {
  const source = new DatabaseSync(from, { timeout: 5000 });
  try {
    source.prepare('VACUUM INTO ?').run(to);
  } finally {
    source.close();
  }
  const copy = new DatabaseSync(to, { readOnly: true });
  try {
    const fault = wholeFileFault(copy);
    if (fault !== null) throw new AppError('badBackup', `${from} is damaged, its copy cannot be used: ${fault}`);
  } finally {
    copy.close();
  }
}

/**
 * Copies a data directory into a new one, while a gateway writes it or not. Each database is copied as it was at one moment, looked through, and
 * made safe before it gets its name; start a gateway with `--data` on the copy to go on from it.
 * @throws {AppError} one line when there is no journal, the target is not empty, or a copy is damaged.
 */
export async function backupDirectory(from: string, to: string): Promise<BackupFigures> {
  if (!existsSync(join(from, 'journal.db'))) throw new AppError('badOption', `--data ${from}: there is no journal`);
  if (existsSync(to) && readdirSync(to).length > 0) throw new AppError('badOption', `--to ${to}: is not empty, choose a new directory`);
  const entries = readdirSync(from, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && !isLeftOut(entry.name));
  mkdirSync(to, { recursive: true, mode: 0o700 });
  let bytes = 0;
  for (const { parentPath, name } of entries) {
    const path = join(parentPath, name);
    const target = join(to, relative(from, path));
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    const part = `${target}.part`;
    try {
      if (isDatabase(name)) copyDatabase(path, part);
      else await copyFile(path, part);
    } catch (error) {
      rmSync(part, { force: true });
      throw error instanceof AppError ? error : new AppError('badBackup', `${path}: ${(error as Error).message}`, { cause: error });
    }
    sync(part);
    renameSync(part, target);
    sync(dirname(target));
    bytes += statSync(target).size;
  }
  return { files: entries.length, bytes };
}
