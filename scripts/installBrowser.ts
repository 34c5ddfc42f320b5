import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findBrowser } from './findBrowser.ts';

const BY_HAND = 'install Chromium, Chrome or Edge (Debian: apt-get install chromium), or set CHROMIUM_PATH to the executable of one';
const APT_LIMIT_MS = 300_000;

export interface Installer {
  find(): string | null;
  /** Value of CHROMIUM_PATH, which rules out any other browser. */
  chosen: string | undefined;
  /** Whether this user may install Debian packages. */
  mayInstall: boolean;
  /** Runs apt-get. @returns null when it ended well, else its output. */
  aptGet(args: readonly string[]): string | null;
}

const thisMachine = (): Installer => ({
  find: findBrowser,
  chosen: process.env['CHROMIUM_PATH'],
  mayInstall: process.getuid?.() === 0 && existsSync('/usr/bin/apt-get'),
  aptGet(args) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const done = spawnSync('/usr/bin/apt-get', args, { env, encoding: 'utf8', timeout: APT_LIMIT_MS });
    return done.status === 0 ? null : `${done.stdout}${done.stderr}`;
  },
});

/**
 * Finds a browser for the tests, and installs Debian's where there is none and this user may.
 * @returns null when there is one, or what a person must do.
 */
export function ensureBrowser(say: (line: string) => void, installer: Installer = thisMachine()): string | null {
  const { find, chosen, mayInstall, aptGet } = installer;
  if (find() !== null) return null;
  if (chosen) return `CHROMIUM_PATH names no executable: ${chosen}`;
  if (!mayInstall) return `no browser for the tests: ${BY_HAND}`;
  say('no browser here: installing chromium with apt-get (once, about 300 MB) ...');
  for (const args of [
    ['update', '-q'],
    ['install', '-y', '-q', '--no-install-recommends', 'chromium'],
  ]) {
    const failure = aptGet(args);
    if (failure !== null) return `${failure.trimEnd()}\nwanglou: apt-get ${args[0]} failed: ${BY_HAND}`;
  }
  return find() === null ? `apt-get installed chromium, but it is not in PATH: ${BY_HAND}` : null;
}
