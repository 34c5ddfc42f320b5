import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The servers that the tests of the sources `mqtt` and `nats` start for themselves. Debian's packages have their names. */
export const BROKERS = ['mosquitto', 'nats-server'] as const;
export type Broker = (typeof BROKERS)[number];

const APT_LIMIT_MS = 180_000;

/** Debian puts servers into /usr/sbin, which is in the path of root alone. */
export function findBroker(name: Broker): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/usr/local/bin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

export interface BrokerInstaller {
  find(name: Broker): string | null;
  /** Whether this user may install Debian packages. */
  mayInstall: boolean;
  /** Runs apt-get. @returns null when it ended well, else its output. */
  aptGet(args: readonly string[]): string | null;
}

const thisMachine = (): BrokerInstaller => ({
  find: findBroker,
  mayInstall: process.getuid?.() === 0 && existsSync('/usr/bin/apt-get'),
  aptGet(args) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const done = spawnSync('/usr/bin/apt-get', args, { env, encoding: 'utf8', timeout: APT_LIMIT_MS });
    return done.status === 0 ? null : `${done.stdout}${done.stderr}`;
  },
});

/**
 * Installs Debian's brokers where they are missing and this user may. Tests that need one which is still missing skip and say so.
 * @returns null when all are there, or why not.
 */
export function ensureBrokers(say: (line: string) => void, { find, mayInstall, aptGet }: BrokerInstaller = thisMachine()): string | null {
  const missing = BROKERS.filter((name) => find(name) === null);
  if (missing.length === 0) return null;
  const byHand = `their tests are skipped (Debian: apt-get install ${missing.join(' ')})`;
  if (!mayInstall) return `no ${missing.join(', no ')} here: ${byHand}`;
  say(`installing ${missing.join(' and ')} with apt-get for the tests of the sources (once, about 10 MB) ...`);
  for (const args of [
    ['update', '-q'],
    ['install', '-y', '-q', '--no-install-recommends', ...missing],
  ]) {
    const failure = aptGet(args);
    if (failure !== null) return `${failure.trimEnd()}\nwanglou: apt-get ${args[0]} failed: ${byHand}`;
  }
  const absent = BROKERS.filter((name) => find(name) === null);
  return absent.length === 0 ? null : `apt-get ended well, but there is no ${absent.join(', no ')}: ${byHand}`;
}
