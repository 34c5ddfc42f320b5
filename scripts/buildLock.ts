import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** No build takes as long. In a container the same few process numbers come again: an old lock would be held by whoever has its number now. */
const LONGEST_BUILD_MS = 600_000;

/** Two builds at once would empty each other's folder. Waits while another one runs; a lock whose process is gone is taken over. */
export async function takeLock(file: string): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  for (;;) {
    try {
      return writeFileSync(file, String(process.pid), { flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (!isHeld(file)) rmSync(file, { force: true });
    else await sleep(200);
  }
}

function isHeld(file: string): boolean {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    if (pid === process.pid || Date.now() - statSync(file).mtimeMs > LONGEST_BUILD_MS) return false;
    return process.kill(pid, 0);
  } catch {
    return false; // no such process, or the lock has just been given back
  }
}
