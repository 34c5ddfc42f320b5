import type { DisplayChoice } from './displays.ts';

export interface ShellFlags {
  kiosk: boolean;
  display: DisplayChoice;
  /** Handed to the gateway as they are; it checks their values. */
  gatewayArgs: string[];
  /** Problems to print; the wall starts all the same, except for `fatal`. */
  fatal: string | null;
}

const GATEWAY_FLAGS = new Set([
  '--scene',
  '--port',
  '--at',
  '--rate',
  '--units',
  '--relay',
  '--relay-token',
  '--scenes',
  '--token',
  '--sources',
  '--clip',
  '--data',
  '--keep',
  '--budget',
]);

/**
 * Reads the wall's own flags out of a command line that also carries Chromium's and Node's (`--no-sandbox`, `--remote-debugging-port=0`,
 * `--inspect`, ...): those are not ours to judge. `npm start` refuses flags that nobody knows before they come here.
 */
export function parseShellFlags(args: readonly string[]): ShellFlags {
  const flags: ShellFlags = { kiosk: false, display: 'primary', gatewayArgs: [], fatal: null };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    const equals = arg.indexOf('=');
    const name = equals < 0 ? arg : arg.slice(0, equals);
    if (name === '--kiosk') flags.kiosk = true;
    if (!GATEWAY_FLAGS.has(name) && name !== '--display') continue;
    const value = equals < 0 ? args[++i] : arg.slice(equals + 1);
    if (value === undefined || value === '') {
      flags.fatal ??= `${name} needs a value`;
      continue;
    }
    if (name !== '--display') {
      flags.gatewayArgs.push(name, value);
      continue;
    }
    const choice = readDisplay(value);
    if (choice === null) flags.fatal ??= `--display: expected primary, all, span or a number from 1, got "${value}"`;
    else flags.display = choice;
  }
  return flags;
}

function readDisplay(value: string): DisplayChoice | null {
  if (value === 'primary' || value === 'all' || value === 'span') return value;
  return /^[1-9][0-9]?$/.test(value) ? Number(value) : null;
}
