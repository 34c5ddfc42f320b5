import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Electron's npm package holds no binary: its install.js fetches one. `require('electron')` outside Electron would start that download
 * behind our back, so nothing here imports it; the files are looked at instead.
 */
export interface ElectronPlace {
  /** Folder of the npm package `electron`. */
  packageFolder: string;
  /** Folder for what the repository remembers between runs (ignored by git). */
  memoryFolder: string;
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
}

export const electronPlace = (root: string): ElectronPlace => ({
  packageFolder: join(root, 'node_modules/electron'),
  memoryFolder: join(root, '.wanglou'),
  platform: process.platform,
  env: process.env,
});

const EXECUTABLES: Partial<Record<NodeJS.Platform, string>> = { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' };

/** ELECTRON_EXEC_PATH (a file), then ELECTRON_OVERRIDE_DIST_PATH (a folder, Electron's own name for it), then the npm package. */
export function findElectron({ packageFolder, platform, env }: ElectronPlace): string | null {
  const name = EXECUTABLES[platform] ?? 'electron';
  const folder = env['ELECTRON_OVERRIDE_DIST_PATH'];
  const candidates = [env['ELECTRON_EXEC_PATH'], folder ? join(folder, name) : undefined, join(packageFolder, 'dist', name)];
  return candidates.find((file) => file !== undefined && file !== '' && existsSync(file)) ?? null;
}

export type Installed = { path: string } | { path: null; reason: string };

/**
 * Runs Electron's install.js, once a version: a failure is remembered, so that the next start on an offline machine does not wait again.
 * @param retry Forget an earlier failure. @param limitMs The child is killed after this long.
 */
export async function installElectron(
  place: ElectronPlace,
  options: { retry: boolean; limitMs: number; signal?: AbortSignal; say: (line: string) => void },
): Promise<Installed> {
  const manifest = join(place.packageFolder, 'package.json');
  const script = join(place.packageFolder, 'install.js');
  if (!existsSync(manifest) || !existsSync(script)) return { path: null, reason: 'the npm package electron is not installed' };
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const memory = join(place.memoryFolder, `electron-${version}-${place.platform}.failed`);
  if (options.retry) rmSync(memory, { force: true });
  if (existsSync(memory)) {
    return {
      path: null,
      reason: `its binary could not be fetched earlier: ${readFileSync(memory, 'utf8').trim()}; --retry-electron tries again`,
    };
  }
  options.say(`fetching the binary of Electron ${version} (once; at most ${Math.round(options.limitMs / 1000)} s) ...`);
  const failure = await runInstall(script, options.limitMs, options.signal);
  const path = findElectron(place);
  if (path !== null) return { path };
  const reason = failure ?? 'install.js ended well but left no binary';
  if (options.signal?.aborted !== true) {
    mkdirSync(dirname(memory), { recursive: true });
    writeFileSync(memory, `${reason}\n`);
  }
  return { path: null, reason: `its binary could not be fetched: ${reason}` };
}

/** @returns null when it ended well, or one line that says why not. */
function runInstall(script: string, limitMs: number, signal?: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'ignore', 'pipe'] });
    let output = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, limitMs);
    const stop = () => child.kill('SIGKILL');
    signal?.addEventListener('abort', stop, { once: true });
    child.stderr.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-20_000)));
    const settle = (reason: string | null) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      resolve(reason);
    };
    child.once('error', (error) => settle(error.message));
    child.once('exit', (code) => {
      if (code === 0) settle(null);
      else
        settle(
          late ? `no answer within ${Math.round(limitMs / 1000)} s` : firstReason(output) || `install.js ended with code ${code ?? 'none'}`,
        );
    });
  });
}

/** The line of a stack trace that names the error. */
function firstReason(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  return (lines.find((line) => /error/i.test(line) && !line.startsWith('at ')) ?? lines.find((line) => line !== '') ?? '').slice(0, 200);
}
