import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { startStrangerBackend } from '../support/strangerBackend.ts';
import { openWall } from './testWall.ts';

const main = fileURLToPath(new URL('../../gateway/main.ts', import.meta.url));

const bench = fileURLToPath(new URL('../bench/main.ts', import.meta.url));
const soak = fileURLToPath(new URL('../soak/main.ts', import.meta.url));

async function run(args: string[], script = main): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}
const oneLine = (text: string): string => {
  expect(text.trimEnd().split('\n')).toHaveLength(1);
  return text.trimEnd();
};

test.each([
  [['--colour'], "bench: Unknown option '--colour'"],
  [['toString'], 'bench: no "toString"; there are wall, start, heap'],
  [['--minutes', 'ten'], '--minutes: expected a number above 0, got "ten"'],
])('the bench ends with code 2 and one line for %j', { timeout: 20_000 }, async (args, line) => {
  const { code, stdout, stderr } = await run(args, bench);
  expect(oneLine(stderr)).toContain(line);
  expect([code, stdout]).toEqual([2, '']);
});

test.each([
  [['nothing'], 'soak: no "nothing"; there are '],
  [['kills', '--kills', '0'], 'soak: --kills: expected a whole number above 0, got "0"'],
])('the soak ends with code 2 and one line for %j', { timeout: 20_000 }, async (args, line) => {
  const { code, stdout, stderr } = await run(args, soak);
  expect(oneLine(stderr)).toContain(line);
  expect([code, stdout]).toEqual([2, '']);
});

test.each([
  [['--colour', 'red'], "Unknown option '--colour'"],
  [['--port', '70000'], '--port 70000: expected a whole number from 0 to 65535'],
  [['--rate', '0'], '--rate 0: expected a number from 0.01 to 1000'],
  [['--at', '25:00'], '--at 25:00: expected a local time'],
  [['--scene', '../../etc/passwd'], '--scene ../../etc/passwd: expected TOWN/SCENARIO'],
  [['--scene', 'wuzhen/nowhere'], 'no such scene'],
  [['--host', '203.0.113.7', '--port', '0'], '--host 203.0.113.7: this machine has no such address'],
  [['--relay', 'http://example'], '--relay http://example: expected an address like wss://'],
  [['--relay', 'wss://example', '--data', 'kept'], '--data and --relay: with a relay the backend keeps everything'],
])(
  '%j ends with code 2 and one line',
  async (args, line) => {
    const { code, stdout, stderr } = await run(args);
    expect(oneLine(stderr)).toContain(line);
    expect([code, stdout]).toEqual([2, '']);
  },
  20_000,
);

test('a port that is taken is named, with the way out, and code 2', async () => {
  const squatter = createServer().listen(0, '127.0.0.1');
  await once(squatter, 'listening');
  onTestFinished(() => void squatter.close());
  const { port } = squatter.address() as { port: number };
  const { code, stderr } = await run(['--port', String(port)]);
  expect(oneLine(stderr)).toContain(`port ${port} on 127.0.0.1 is taken: choose another with --port N`);
  expect(code).toBe(2);
}, 20_000);

test('prints one line with the address, serves the default scene, stops cleanly at SIGTERM', async () => {
  const child = spawn(process.execPath, [main, '--port', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [text] = (await once(child.stdout, 'data')) as [Buffer];
  const match = /^wanglou gateway: (http:\/\/127\.0\.0\.1:\d+)\/#token=([\w-]{32}) {2}scene wuzhen\/ordinary\n$/.exec(text.toString());
  expect(match).not.toBeNull();
  const [, url, token] = match!;
  const wall = openWall(`${url!.replace('http', 'ws')}/feed`, { hello: { token: token! } });
  expect(await wall.welcome()).toMatchObject({ scene: { id: 'wuzhen/ordinary', townId: 'wuzhen', simulated: true }, clockRate: 1 });
  const parts = await wall.snapshot();
  expect(parts.flatMap((part) => part.units).filter((unit) => unit.kind === 'vehicle').length).toBeGreaterThanOrEqual(26);
  expect(parts.flatMap((part) => part.channels)).toHaveLength(9);
  await wall.until('positions', () => wall.of('pos').length > 0);
  expect(wall.state.invalid).toEqual([]);
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await gone).toEqual([0, null]);
  expect(wall.of('bye')).toHaveLength(1);
}, 30_000);

test('a token of any signs reaches the wall whole through the address', async () => {
  const given = 'a+b&c=d%41#e?f';
  const child = spawn(process.execPath, [main, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, WANGLOU_TOKEN: given },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [text] = (await once(child.stdout, 'data')) as [Buffer];
  const url = new URL(/http\S+/.exec(text.toString())![0]);
  // As the page reads it.
  expect(new URLSearchParams(url.hash.slice(1)).get('token')).toBe(given);
}, 30_000);

test('as a child it tells its parent where it listens, and ends when the parent is gone', async () => {
  const child = fork(main, ['--port', '0', '--token', 'given-token'], { silent: true });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [ready] = (await once(child, 'message')) as [{ kind: string; url: string; feedUrl: string; token: string; port: number }];
  expect(ready).toMatchObject({ kind: 'ready', token: 'given-token', url: `http://127.0.0.1:${ready.port}` });
  expect(ready.feedUrl).toBe(`ws://127.0.0.1:${ready.port}/feed`);
  const gone = once(child, 'exit');
  child.disconnect();
  expect(await gone).toEqual([0, null]);
}, 30_000);

test('a relay serves the town without a day and takes the backend’s word for the rest', async () => {
  const backend = await startStrangerBackend('their-token');
  onTestFinished(() => backend.close());
  const args = ['--port', '0', '--token', 'given-token', '--scene', 'wuzhen', '--relay', backend.url];
  const child = fork(main, args, { silent: true, env: { ...process.env, WANGLOU_RELAY_TOKEN: 'their-token' } });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [ready] = (await once(child, 'message')) as [{ url: string; feedUrl: string }];
  expect(await (await fetch(`${ready.url}/town.json`)).json()).toMatchObject({ scene: { id: 'wuzhen' } });
  const wall = openWall(ready.feedUrl, { hello: { token: 'given-token' } });
  const [snap] = await wall.snapshot();
  expect(snap!.units.map((unit) => unit.id)).toContain('car-1');
  const gone = once(child, 'exit');
  child.disconnect();
  expect(await gone).toEqual([0, null]);
}, 30_000);
