import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { MAX_FIXES } from '../protocol/frames/position.ts';
import { AppError } from './appError.ts';
import { readBudget, readKeep } from './journal/retentionOptions.ts';
import type { KeepDays } from './journal/retentionOptions.ts';

export interface GatewayOptions {
  /** `<town>/<scenario>`; with a relay the town alone is enough. */
  scene: string;
  port: number;
  host: string;
  /** Null makes a random one. */
  token: string | null;
  /** Server seconds per real second. */
  rate: number;
  /** Local time of day to start at instead of the scenario's, minutes after midnight. */
  atMin: number | null;
  /** At least as many units, copies of the scenario's patrols, to measure with a larger fleet; null plays the scenario's own. */
  units: number | null;
  allowOrigins: string[];
  /** A backend that speaks the protocol, instead of a played scene. */
  relay: { url: string; token: string | null } | null;
  /** Where events come from: a sources file; null takes the scene's own sources.json, and plays the scene where there is none. */
  sources: string | null;
  /** A clip of a record to play instead of a scene. */
  clip: string | null;
  /** Where journal and tracks live from run to run; null takes a temporary directory that goes with the process. */
  data: string | null;
  /** How long each kind is kept, in days; what is not named here is kept for ever, tracks a year. */
  keepDays: KeepDays;
  /** What the data directory may take before somebody is warned; the warning comes at 80 %. */
  budgetBytes: number;
  scenesDirectory: string;
  rendererDirectory: string;
}

export const usage = `usage: npm run gateway -- [options]
  --scene TOWN/SCENARIO   scene to play                  (wuzhen/ordinary)
  --port N                0 takes a free one             (8610)
  --host ADDRESS          address to bind                (127.0.0.1)
  --token TEXT            8 characters or more; also WANGLOU_TOKEN (random)
  --rate X                server seconds per second      (1)
  --at HH:MM              local time of day to start at  (the scenario's)
  --units N               at least so many units         (the scenario's)
  --allow-origin ORIGIN   let another page in; repeatable
  --relay WS-URL          forward every wall to this backend instead of playing a scene
  --relay-token TEXT      token of that backend; also WANGLOU_RELAY_TOKEN
  --sources FILE.json     take events from these sources (sources.json of the scene; none: the scene is played)
  --clip FILE             play a stretch of a record (GET /export/clip) instead of a scene
  --data DIR              keep journal and tracks here; a restart goes on where it stopped (a temporary directory)
  --keep KIND=DAYS,...    forget events of a kind, tracks or access after so many days (events never, tracks=365)
  --budget SIZE           warn when the data directory nears this size, e.g. 50GB (20GB)
  --scenes DIR, --renderer DIR, --help`;

const bad = (message: string): AppError => new AppError('badOption', message);

/** The repository root, found from gateway/ and from dist/gateway/ alike. */
function findRoot(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, 'scenes'))) {
    const parent = dirname(directory);
    if (parent === directory) return process.cwd();
    directory = parent;
  }
  return directory;
}

export function defaultOptions(): GatewayOptions {
  const root = findRoot();
  return {
    scene: 'wuzhen/ordinary',
    port: 8610,
    host: '127.0.0.1',
    token: null,
    rate: 1,
    atMin: null,
    units: null,
    allowOrigins: [],
    relay: null,
    sources: null,
    clip: null,
    data: null,
    keepDays: {},
    budgetBytes: 20e9,
    scenesDirectory: join(root, 'scenes'),
    rendererDirectory: join(root, 'dist', 'renderer'),
  };
}

function toPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw bad(`--port ${text}: expected a whole number from 0 to 65535`);
  return port;
}
function toRate(text: string): number {
  const rate = Number(text);
  if (text.trim() === '' || !(rate >= 0.01 && rate <= 1000)) throw bad(`--rate ${text}: expected a number from 0.01 to 1000`);
  return rate;
}
function toUnits(text: string): number {
  const units = Number(text);
  if (!/^\d+$/.test(text) || units < 1 || units > MAX_FIXES) throw bad(`--units ${text}: expected a whole number from 1 to ${MAX_FIXES}`);
  return units;
}
function toMinutes(text: string): number {
  const match = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (!match) throw bad(`--at ${text}: expected a local time like 19:20`);
  return Number(match[1]) * 60 + Number(match[2]);
}
function toToken(text: string, flag: string, minLength: number): string {
  if (!/^[\x21-\x7e]+$/.test(text) || text.length < minLength || text.length > 512) {
    throw bad(`${flag}: expected ${minLength} to 512 printable characters without spaces`);
  }
  return text;
}
function toOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || text !== `${url.protocol}//${url.host}`)
    throw bad(`--allow-origin ${text}: expected an origin like https://wall.example:8443`);
  return text;
}
function toFeedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || (url.protocol !== 'ws:' && url.protocol !== 'wss:'))
    throw bad(`--relay ${text}: expected an address like wss://host:port/path`);
  if (url.username || url.password || url.search || url.hash)
    throw bad('--relay: a token belongs into --relay-token, never into the address');
  return text;
}

/** @throws {AppError} one line that names the flag. @returns null when only help was asked for. */
export function parseOptions(args: readonly string[], env: Readonly<Record<string, string | undefined>> = {}): GatewayOptions | null {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        scene: { type: 'string' },
        port: { type: 'string' },
        host: { type: 'string' },
        token: { type: 'string' },
        rate: { type: 'string' },
        at: { type: 'string' },
        units: { type: 'string' },
        'allow-origin': { type: 'string', multiple: true },
        relay: { type: 'string' },
        'relay-token': { type: 'string' },
        sources: { type: 'string' },
        clip: { type: 'string' },
        data: { type: 'string' },
        keep: { type: 'string', multiple: true },
        budget: { type: 'string' },
        scenes: { type: 'string' },
        renderer: { type: 'string' },
        help: { type: 'boolean' },
      },
    }));
  } catch (error) {
    // Node explains how to quote a positional; the first sentence is what the user needs.
    throw bad((error as Error).message.split(/\.?(?: |\n)(?=To |Did )/)[0]!);
  }
  if (values.help) return null;
  const options = defaultOptions();
  const token = values.token ?? env['WANGLOU_TOKEN'];
  const relayToken = values['relay-token'] ?? env['WANGLOU_RELAY_TOKEN'];
  if (values['relay-token'] !== undefined && values.relay === undefined) throw bad('--relay-token needs --relay');
  if (values.scene !== undefined) {
    const form = values.relay === undefined ? /^[\w-]+\/[\w-]+$/ : /^[\w-]+(\/[\w-]+)?$/;
    if (!form.test(values.scene)) throw bad(`--scene ${values.scene}: expected TOWN/SCENARIO like wuzhen/ordinary`);
    options.scene = values.scene;
  }
  if (values.host !== undefined) {
    if (!/^[\w.:-]+$/.test(values.host)) throw bad(`--host ${values.host}: expected an address to bind, like 127.0.0.1`);
    options.host = values.host;
  }
  if (values.port !== undefined) options.port = toPort(values.port);
  if (token !== undefined) options.token = toToken(token, values.token === undefined ? 'WANGLOU_TOKEN' : '--token', 8);
  if (values.rate !== undefined) options.rate = toRate(values.rate);
  if (values.at !== undefined) options.atMin = toMinutes(values.at);
  if (values.units !== undefined) options.units = toUnits(values.units);
  options.allowOrigins = (values['allow-origin'] ?? []).map(toOrigin);
  if (values.relay !== undefined) {
    options.relay = { url: toFeedUrl(values.relay), token: relayToken === undefined ? null : toToken(relayToken, '--relay-token', 1) };
  }
  if (values.sources !== undefined) {
    if (values.sources === '') throw bad('--sources: expected a file');
    if (values.relay !== undefined) throw bad('--sources and --relay: with a relay the backend has all the sources; give one of them');
    options.sources = values.sources;
  }
  if (values.clip !== undefined) {
    if (values.clip === '') throw bad('--clip: expected a file');
    const other = (['relay', 'sources', 'data', 'at', 'units'] as const).find((name) => values[name] !== undefined);
    if (other) throw bad(`--clip and --${other}: a clip is played as it was recorded, by itself; give one of them`);
    options.clip = values.clip;
  }
  if (values.data !== undefined) {
    if (values.data === '') throw bad('--data: expected a directory');
    if (values.relay !== undefined)
      throw bad('--data and --relay: with a relay the backend keeps everything, nothing is kept here; give one of them');
    options.data = values.data;
  }
  options.keepDays = readKeep(values.keep ?? []);
  if (values.budget !== undefined) options.budgetBytes = readBudget(values.budget);
  if (values.scenes !== undefined) options.scenesDirectory = values.scenes;
  if (values.renderer !== undefined) options.rendererDirectory = values.renderer;
  return options;
}
