import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findBrowser } from './findBrowser.ts';

const BY_HAND = 'install Chromium, Chrome or Edge (Debian: apt-get install chromium), or set CHROMIUM_PATH to the executable of one';

/**
 * Finds a browser for the tests, and installs Debian's where there is none and this user may.
 * @returns null when there is one, or the line that says what a person must do.
 */
export function ensureBrowser(say: (line: string) => void): string | null {
  if (findBrowser() !== null) return null;
  if (process.env['CHROMIUM_PATH']) return `CHROMIUM_PATH names no executable: ${process.env['CHROMIUM_PATH']}`;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return `no browser for the tests: ${BY_HAND}`;
  say('no browser here: installing chromium with apt-get (once, about 300 MB) ...');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [
    ['update', '-q'],
    ['install', '-y', '-q', '--no-install-recommends', 'chromium'],
  ]) {
    const done = spawnSync('apt-get', args, { env, encoding: 'utf8', timeout: 300_000 });
    if (done.status !== 0) {
      process.stderr.write(`${done.stdout}${done.stderr}`);
      return `apt-get ${args[0]} failed: ${BY_HAND}`;
    }
  }
  return findBrowser() === null ? `apt-get installed chromium, but it is not in PATH: ${BY_HAND}` : null;
}
