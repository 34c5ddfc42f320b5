import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { takeLock } from './buildLock.ts';
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
  await takeLock(LOCK);
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build(process.argv.includes('--if-stale')).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
