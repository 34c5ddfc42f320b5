import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { hashSources, readBuildState, STAMP } from './sourceHash.ts';

/** `npm run build`: bundles the renderer, the gateway, Electron's main process and its preload into dist/. */

const root = fileURLToPath(new URL('..', import.meta.url));
const LOCK = join(root, '.wanglou/build.lock');

/** Builds when dist/ is missing or was made from other sources, and says so in one line. @returns false when the build failed. */
export function buildIfStale(say: (line: string) => void): boolean {
  const state = readBuildState(root);
  if (state === 'fresh') return true;
  say(`dist is ${state}: building (about 15 s) ...`);
  // A process of its own: the bundler's memory is given back before the wall starts.
  const done = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--if-stale'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (done.status === 0) return true;
  process.stderr.write(`${done.stdout}${done.stderr}`);
  say('the build failed: see above');
  return false;
}

async function build(onlyIfStale: boolean): Promise<void> {
  await takeLock();
  try {
    if (onlyIfStale && readBuildState(root) === 'fresh') return; // whoever had the lock has built it
    const { createBuilder } = await import('vite');
    const hash = hashSources(root);
    rmSync(join(root, STAMP), { force: true });
    const builder = await createBuilder({ configFile: join(root, 'vite.config.ts') });
    await builder.buildApp();
    mkdirSync(dirname(join(root, STAMP)), { recursive: true });
    writeFileSync(join(root, STAMP), `${hash}\n`);
  } finally {
    rmSync(LOCK, { force: true });
  }
}

/** Two builds at once would empty each other's folder. Waits while another one runs; a lock whose process is gone is taken over. */
async function takeLock(): Promise<void> {
  mkdirSync(dirname(LOCK), { recursive: true });
  for (;;) {
    try {
      return writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (!holderIsAlive()) rmSync(LOCK, { force: true });
    else await sleep(200);
  }
}

function holderIsAlive(): boolean {
  try {
    return process.kill(Number(readFileSync(LOCK, 'utf8')), 0);
  } catch {
    return false; // no such process, or the lock has just been given back
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build(process.argv.includes('--if-stale')).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
