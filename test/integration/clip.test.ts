import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, afterAll, expect, onTestFinished, test } from 'vitest';
import { createGateway } from '../../gateway/createGateway.ts';
import { openClip } from '../../gateway/clip/clipFile.ts';
import type { ClipLine } from '../../gateway/clip/clipFile.ts';
import type { Gateway } from '../../gateway/http/openDoor.ts';
import type { Snap } from '../../protocol/frames/server.ts';
import { openWall } from './testWall.ts';

const TOKEN = 'a-test-token';
const directory = mkdtempSync(join(tmpdir(), 'wanglou-clip-'));
const file = join(directory, 'clip.ndjson');
let live: Gateway;
let head: { fromMs: number; toMs: number };
const lines: ClipLine[] = [];

/** Ten seconds of the ordinary day, at twenty times its speed, as a clip of a stretch of it. */
beforeAll(async () => {
  live = await createGateway({ port: 0, token: TOKEN, rate: 20 });
  await new Promise((done) => setTimeout(done, 6000));
  const ask = (query: string, headers = { Authorization: `Bearer ${TOKEN}` }) => fetch(`${live.url}/export/clip?${query}`, { headers });
  const fromMs = Date.UTC(2026, 4, 13, 11, 20, 10);
  const response = await ask(`from=${fromMs}&to=${fromMs + 60_000}&desk=wall-3`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="clip-wuzhen-20260513T1120.ndjson"');
  writeFileSync(file, await response.text());
  const clip = await openClip(file);
  head = clip.head;
  for await (const line of clip.lines) lines.push(line);
}, 30_000);
afterAll(async () => {
  await live.close();
  rmSync(directory, { recursive: true, force: true });
});

const play = async (path: string, rate = 1): Promise<Gateway> => {
  const gateway = await createGateway({ port: 0, token: TOKEN, clip: path, rate });
  onTestFinished(() => gateway.close());
  return gateway;
};
/** The same text for the same fact, in whatever order its fields came. */
const textOf = (fact: unknown): string =>
  JSON.stringify(fact, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort()) : value,
  );
const factsOf = (snaps: readonly Snap[]): Map<string, string> =>
  new Map(
    snaps.flatMap((snap) =>
      (['units', 'incidents', 'cameras', 'detections'] as const).flatMap((list) =>
        snap[list].map((fact): [string, string] => [`${list}/${fact.id}`, textOf(fact)]),
      ),
    ),
  );

test('a clip holds the state at its beginning, what happened, and where everybody was, in the order of time', () => {
  expect(head.toMs - head.fromMs).toBe(60_000);
  const first = lines.filter(({ atMs }) => atMs === head.fromMs);
  expect(first.filter((line) => 'message' in line && line.message.type === 'unit.updated').length).toBeGreaterThan(100);
  expect(lines.filter((line) => 'message' in line && line.atMs > head.fromMs).length).toBeGreaterThan(3);
  expect(lines.filter((line) => 'fixes' in line).length).toBeGreaterThan(2);
  expect(lines.map(({ atMs }) => atMs)).toEqual(lines.map(({ atMs }) => atMs).sort((a, b) => a - b));
});

test('any gateway of the town plays it: a wall sees at each moment what the first one saw', async () => {
  const copy = await play(file, 20);
  const wall = openWall(copy.feedUrl);
  const began = await wall.snapshot();
  const past = openWall(live.feedUrl, { hello: { replay: { atMs: head.fromMs, rate: 0 } } });
  expect(factsOf(began)).toEqual(factsOf(await past.snapshot()));
  expect((await wall.welcome()).scene).toMatchObject({ id: 'wuzhen/clip', title: { zh: '平日 · 片段' }, simulated: true });
  await wall.until('its end', () => (wall.of('hb').at(-1)?.serverTimeMs ?? 0) > head.toMs + 1000, 20_000);
  const end = openWall(copy.feedUrl);
  past.send({ frame: 'seek', atMs: head.toMs, rate: 0 });
  await past.until(
    'the end',
    () => past.of('welcome').length === 2 && past.of('snap').at(-1)?.last && past.frames.at(-1)?.frame !== 'welcome',
  );
  const from = past.frames.findLastIndex(({ frame }) => frame === 'welcome');
  expect(factsOf(await end.snapshot())).toEqual(factsOf(past.frames.slice(from).filter((frame) => frame.frame === 'snap')));
  expect(wall.of('pos').length).toBeGreaterThan(5);
  expect(await wall.command('mode.set', { mode: 'urgent' }, { reason: 'test' })).toMatchObject({
    status: 'forbidden',
    error: { code: 'replaying' },
  });
}, 60_000);

test.each([
  ['nothing', '', /line 1: no clip of version 1/],
  ['another file', '{"hello":1}\n', /line 1: no clip of version 1/],
  ['text', 'hello\n', /line 1: not JSON/],
])('%s is refused in one line before anything is served', async (name, text, why) => {
  const path = join(directory, `${name}.ndjson`);
  writeFileSync(path, text);
  await expect(createGateway({ port: 0, token: TOKEN, clip: path })).rejects.toThrow(why);
});

test('a clip of a town that is not here, and one that breaks off, say so', async () => {
  const first = JSON.stringify({
    format: 'wanglou-clip',
    version: 1,
    townId: 'nowhere',
    title: { zh: '-', en: '-' },
    simulated: true,
    fromMs: 1,
    toMs: 2,
  });
  const path = join(directory, 'nowhere.ndjson');
  writeFileSync(path, `${first}\n`);
  await expect(createGateway({ port: 0, token: TOKEN, clip: path })).rejects.toThrow('it is of the town nowhere');
  writeFileSync(path, `${first.replace('nowhere', 'wuzhen')}\n{"atMs":1,"type":"unit.updated","data":{"id":7}}\n`);
  await expect(createGateway({ port: 0, token: TOKEN, clip: path })).rejects.toThrow(/nowhere\.ndjson, line 2: unit\.updated: data\.\w+/);
});

test.each([
  ['from=1', 401, { Authorization: 'Bearer wrong' }],
  ['from=2026-05-13T11:20:00Z&to=2026-05-13T11:20:00Z', 400, undefined],
  ['from=2020-01-01&to=2020-01-01T01:00:00Z', 400, undefined],
  ['from=2026-05-13T11:20:00Z&to=2026-05-13T11:21:00Z&unit=a', 400, undefined],
])('?%s is answered with %d', async (query, status, headers) => {
  const response = await fetch(`${live.url}/export/clip?${query}`, { headers: headers ?? { Authorization: `Bearer ${TOKEN}` } });
  expect(response.status).toBe(status);
});
