import { parseArgs } from 'node:util';

/** Flags of the gateway that `npm start` hands on as they are; the gateway checks their values. */
const GATEWAY_FLAGS = [
  'scene',
  'port',
  'at',
  'rate',
  'units',
  'relay',
  'relay-token',
  'scenes',
  'token',
  'sources',
  'clip',
  'data',
  'keep',
  'budget',
] as const;
const SHELLS = ['electron', 'browser', 'serve'] as const;
export type Shell = (typeof SHELLS)[number];

export interface StartOptions {
  /** null: Electron where it is, else a browser where there is a display, else serve. */
  shell: Shell | null;
  kiosk: boolean;
  /** Which displays the wall takes, see electron/app/flags.ts. */
  display: string | null;
  retryElectron: boolean;
  help: boolean;
  gatewayArgs: string[];
}

export const USAGE = `npm start -- [flags]
  --scene ID         scene to play, e.g. wuzhen/ordinary (default)
  --port N           port of the gateway, 0 for any free one (default 8610; any free one in Electron)
  --at HH:MM         time of day at which the scene starts
  --rate X           seconds of the scene a second
  --units N          at least so many units, e.g. to try a larger fleet
  --token T          token that walls must show (default: a new one each start)
  --scenes DIR       folder of scenes
  --clip FILE        play a stretch of a record instead of a scene
  --sources FILE     take events from these sources instead of playing a scene
  --data DIR         keep journal and tracks here and go on from them (default: a temporary directory)
  --keep KIND=DAYS,...  forget a kind after so many days; --budget SIZE warns when the directory nears it
  --relay WS_URL     follow another gateway instead of playing a scene; --relay-token T is the token it asks for
  --electron | --browser | --serve   insist on one way to show the wall (default: the first that this machine has)
  --kiosk            full screen, nothing else reachable
  --display D        primary (default), all, span, or 1, 2, ... from left to right (Electron only)
  --retry-electron   try again to fetch Electron's binary after a failure
  --help`;

export class FlagError extends Error {}

/** @throws FlagError with one line that names the flag. */
export function parseStartOptions(args: readonly string[]): StartOptions {
  const text = Object.fromEntries([...GATEWAY_FLAGS, 'display'].map((name) => [name, { type: 'string' as const }]));
  const flags = Object.fromEntries([...SHELLS, 'kiosk', 'retry-electron', 'help'].map((name) => [name, { type: 'boolean' as const }]));
  const values = readValues(args, { ...text, ...flags });
  const shells = SHELLS.filter((name) => values[name] === true);
  if (shells.length > 1) throw new FlagError(`choose one of ${shells.map((name) => `--${name}`).join(', ')}`);
  const display = typeof values['display'] === 'string' ? values['display'] : null;
  if (display !== null && !/^(primary|all|span|[1-9][0-9]?)$/.test(display)) {
    throw new FlagError(`--display: expected primary, all, span or a number from 1, got "${display}"`);
  }
  return {
    shell: shells[0] ?? null,
    kiosk: values['kiosk'] === true,
    display,
    retryElectron: values['retry-electron'] === true,
    help: values['help'] === true,
    gatewayArgs: GATEWAY_FLAGS.flatMap((name) => (typeof values[name] === 'string' ? [`--${name}`, values[name]] : [])),
  };
}

function readValues(
  args: readonly string[],
  options: Record<string, { type: 'string' | 'boolean' }>,
): Record<string, string | boolean | undefined> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false, strict: true }).values;
  } catch (error) {
    throw new FlagError((error as Error).message.split('. ')[0] ?? 'bad flag', { cause: error });
  }
}
