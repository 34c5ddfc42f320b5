import { isAbsolute } from 'node:path';
import { expect, test } from 'vitest';
import { parseOptions } from '../../../gateway/gatewayOptions.ts';
import { startTimeMs } from '../../../gateway/startTime.ts';

test('without flags: the ordinary day of Wuzhen on port 8610 of loopback', () => {
  const options = parseOptions([])!;
  expect(options).toMatchObject({
    scene: 'wuzhen/ordinary',
    port: 8610,
    host: '127.0.0.1',
    token: null,
    rate: 1,
    atMin: null,
    units: null,
    relay: null,
    sources: null,
    data: null,
    keepDays: {},
  });
  expect(isAbsolute(options.scenesDirectory)).toBe(true);
});

test('every flag lands where it belongs; the environment gives what should not stand in a process list', () => {
  const args =
    '--scene a/b --port 0 --host ::1 --rate 60 --at 19:20 --units 200 --allow-origin app://wall --allow-origin https://x.example:8443 --sources F.json --data D --keep weather.updated=30,tracks=90 --keep access=7 --budget 50GB --scenes S --renderer R';
  expect(parseOptions(args.split(' '), { WANGLOU_TOKEN: 'from-the-env' })).toEqual({
    scene: 'a/b',
    port: 0,
    host: '::1',
    token: 'from-the-env',
    rate: 60,
    clip: null,
    atMin: 1160,
    units: 200,
    allowOrigins: ['app://wall', 'https://x.example:8443'],
    relay: null,
    sources: 'F.json',
    data: 'D',
    keepDays: { 'weather.updated': 30, tracks: 90, access: 7 },
    budgetBytes: 50e9,
    scenesDirectory: 'S',
    rendererDirectory: 'R',
  });
  expect(
    parseOptions(['--relay', 'wss://h:1/feed', '--scene', 'wuzhen', '--token', 'the-flag-wins'], {
      WANGLOU_TOKEN: 'from-the-env',
      WANGLOU_RELAY_TOKEN: 'up',
    }),
  ).toMatchObject({
    relay: { url: 'wss://h:1/feed', token: 'up' },
    scene: 'wuzhen',
    token: 'the-flag-wins',
  });
  expect(parseOptions(['--help'])).toBeNull();
});

test.each([
  ['--scene wuzhen', '--scene wuzhen'],
  ['--port -1', 'port'],
  ['--sources F --relay ws://h', '--sources and --relay'],
  ['--port 80x', '--port 80x'],
  ['--rate fast', '--rate fast'],
  ['--rate 1e9', '--rate 1e9'],
  ['--at 7', '--at 7'],
  ['--units 0', '--units 0'],
  ['--units 5001', '--units 5001'],
  ['--token short', '--token'],
  ['--host a/b', '--host a/b'],
  ['--allow-origin *', '--allow-origin *'],
  ['--allow-origin https://a.example/', '--allow-origin https://a.example/'],
  ['--relay ws://h/feed?token=x', '--relay-token'],
  ['--relay ws://user:pass@h/feed', '--relay-token'],
  ['--relay-token x', '--relay-token needs --relay'],
  ['--data=', '--data'],
  ['--keep weather=30', 'no kind "weather"'],
  ['--keep tracks=0', '--keep tracks=0'],
  ['--keep tracks=1=2', '--keep tracks=1=2'],
  ['--keep tracks', '--keep tracks'],
  ['--budget 5MB', '--budget 5MB'],
  ['--budget 50', '--budget 50'],
  ['surprise', 'surprise'],
])('%s is refused in one line that names the flag', (args, named) => {
  let message = '';
  try {
    parseOptions(args.split(' '));
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message).toContain(named);
  expect(message).not.toContain('\n');
});

test('--at moves the start within the local day of the scenario', () => {
  const startAtMs = Date.parse('2026-05-13T19:20:00+08:00');
  expect(startTimeMs(startAtMs, 480, null)).toBe(startAtMs);
  expect(startTimeMs(startAtMs, 480, 0)).toBe(Date.parse('2026-05-13T00:00:00+08:00'));
  expect(startTimeMs(startAtMs, 480, 23 * 60 + 59)).toBe(Date.parse('2026-05-13T23:59:00+08:00'));
});
