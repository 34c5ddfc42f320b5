import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const samples = fileURLToPath(new URL('../samples', import.meta.url));
const script = fileURLToPath(new URL('../../scripts/dryRun.ts', import.meta.url));

/** The samples are of one evening in May 2026; a dry run goes by the clock of the machine. */
function run(source: string, ...files: string[]): { code: number | null; out: string[] } {
  const args = [script, '--sources', 'sources.json', '--source', source, ...files];
  const done = spawnSync(process.execPath, args, { env: { ...process.env, INIT_CWD: samples }, encoding: 'utf8', timeout: 20_000 });
  expect(done.stderr).toBe('');
  return { code: done.status, out: done.stdout.trimEnd().split('\n') };
}

test('the samples of each field protocol go through the dry run with the sources file beside them', () => {
  const cars = run('cars', 'jt808/2013.hex');
  expect(cars.out.filter((line) => line.includes('accepted fix'))).toHaveLength(3);
  expect(cars.out.filter((line) => line.includes('accepted report'))).toHaveLength(1);
  expect([cars.code, cars.out.at(-1)]).toEqual([0, '6 messages: 4 accepted, 0 refused']);
  const refused = run('cars', 'jt808/refused.hex');
  expect([refused.code, refused.out.at(-1)]).toEqual([
    1,
    expect.stringMatching(/^10 messages: 0 accepted, 10 refused \(badChecksum 1, cutOff 1, /),
  ]);

  // What was live that evening is stale now, and says so.
  const phones = run('phones', 'cot/phones.xml');
  expect([phones.code, phones.out.at(-1)]).toEqual([1, '1 message: 0 accepted, 2 refused (stale 2)']);

  const fleet = run('fleet', '--from', 'town/car-9/pos', 'mqtt/position.json');
  expect([fleet.code, fleet.out.at(-1)]).toEqual([0, '1 message: 1 accepted, 0 refused']);

  const east = run('east', 'protocol/snap.json');
  expect([east.code, east.out.at(-1)]).toEqual([0, '1 message: 3 accepted, 0 refused']);

  const shops = run('shops', 'http/report.geojson', 'http/rows.json');
  expect([shops.code, shops.out.at(-1)]).toEqual([0, '2 messages: 2 accepted, 0 refused']);
}, 30_000);
