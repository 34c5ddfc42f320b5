import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figure } from '../bench/table.ts';
import { startGateway } from '../support/startGateway.ts';
import { replayRounds } from './replayRounds.ts';

const TOKEN = 'soak-token-of-the-wall';
/** Server seconds per second: ten minutes are an hour. */
const RATE = 6;
const SHOWN = 20;

/** An hour of the town is watched live; a thousand moments of it are asked of the record afterwards. */
export async function replaySoak(instants: number, minutes: number): Promise<Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'wanglou-replay-'));
  const gateway = await startGateway(['--data', join(directory, 'data'), '--token', TOKEN, '--rate', String(RATE)]);
  try {
    const result = await replayRounds({
      feedUrl: `ws://127.0.0.1:${gateway.port}/feed`,
      token: TOKEN,
      liveMs: minutes * 60_000,
      instants,
      random: Math.random,
    });
    for (const line of [...result.differentFacts, ...result.differentPlaces].slice(0, SHOWN)) console.log(`  differs at ${line}`);
    const what = `${result.instants} random instants of ${(result.spanMs / 60_000).toFixed(0)} min of server time, SHA-256 of live and of replay`;
    const seeks = result.seekMs.sort((a, b) => a - b);
    return [
      { name: 'instants compared', value: result.instants, unit: '', budget: null, how: `of ${instants} asked for` },
      {
        name: 'instants whose facts differ',
        value: result.differentFacts.length,
        unit: '',
        budget: 0,
        how: `${what}; ${result.events} events`,
      },
      {
        name: 'instants whose positions differ',
        value: result.differentPlaces.length,
        unit: '',
        budget: 0,
        how: `the same; ${result.units} units`,
      },
      {
        name: 'seek to the whole picture, p95',
        value: seeks[Math.floor((seeks.length - 1) * 0.95)] ?? NaN,
        unit: 'ms',
        budget: null,
        how: 'snapshot and all positions',
      },
    ];
  } finally {
    await gateway.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
