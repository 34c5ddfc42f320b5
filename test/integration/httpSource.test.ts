import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test, vi } from 'vitest';
import { createClock } from '../../gateway/clock.ts';
import { readSourcesFile } from '../../gateway/hub/sourcesFile.ts';
import { createMemoryJournal } from '../../gateway/journal/createMemoryJournal.ts';
import type { Journal } from '../../gateway/journal/journal.ts';
import { mangle, seeded } from '../support/mangle.ts';
import { sampleText } from '../support/samples.ts';
import { writeSources } from '../unit/gateway/hub/openTestHub.ts';
import { serveTinyTown } from './testGateway.ts';
import { tinyTown } from './tinyTown.ts';

const token = 'a-token-of-the-shops';
const report = sampleText('http/report.geojson');

async function serve(change: object = {}, journal?: Journal) {
  const entry = {
    id: 'shops',
    kind: 'http',
    token: { clear: token },
    newUnit: { kind: 'vehicle', agencyId: 'ce' },
    requestsPerS: 1000,
    ...change,
  };
  const sources = await readSourcesFile(writeSources({ sources: [entry] }), tinyTown);
  const clock = createClock(Date.UTC(2026, 4, 13, 11, 21));
  const gateway = await serveTinyTown({ sources, clock, ...(journal ? { journal } : {}) });
  const post = async (body: string | Buffer, headers: Record<string, string> = {}, path = '/in/shops') => {
    const response = await fetch(`${gateway.url}${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/geo+json', ...headers },
      body: new Uint8Array(Buffer.from(body)),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, told: text.startsWith('{') ? (JSON.parse(text) as object) : null };
  };
  const health = () => gateway.vitals.read().sources.find(({ kind }) => kind === 'http')!;
  const incidents = (): number => [...gateway.journal.all('incident.updated')].length;
  return { gateway, post, health, incidents };
}

test('a feature becomes an incident, once, however often it is posted', async () => {
  const { post, incidents } = await serve();
  expect(await post(report)).toMatchObject({ status: 200, told: { accepted: 1, repeated: 0, refused: 0, refusals: [] } });
  expect(await post(report)).toMatchObject({ status: 200, told: { accepted: 1, repeated: 1 } });
  expect(incidents()).toBe(1);
});

test('what is refused names its field; what is good beside it is taken; a key makes any message one', async () => {
  const { post, health } = await serve();
  const key = { 'Idempotency-Key': 'morning' };
  expect(await post(sampleText('http/positions.geojson'), key)).toMatchObject({
    status: 422,
    told: { accepted: 1, refused: 1, refusals: [{ reason: 'badField', path: 'features[1].geometry.type' }] },
  });
  expect((await post(sampleText('http/positions.geojson'), key)).told).toMatchObject({ accepted: 0, repeated: 1 });
  // Mended under its old key, it is another message.
  expect(await post(report, key)).toMatchObject({ status: 200, told: { accepted: 1, repeated: 0 } });
  expect(await post('{"type":')).toMatchObject({ status: 400, told: { refusals: [{ reason: 'badJson' }] } });
  expect(await post(report.replace('"dog"', '"dragon"').replace('0001', '0009'))).toMatchObject({
    status: 422,
    told: { refusals: [{ reason: 'unknownType', path: 'typeId' }] },
  });
  expect(health().refused).toBe(3);
});

test('who may not, or does not speak JSON, or says too much, is turned away with the reason, and counted', async () => {
  const { gateway, post, health, incidents } = await serve({ maxBytes: 1000 });
  for (const wrong of ['', 'Bearer guess', `Basic ${token}`, `Bearer ${token}x`, `Bearer ${gateway.token}`])
    expect(await post(report, { Authorization: wrong })).toMatchObject({ status: 401, told: { refusals: [{ path: 'Authorization' }] } });
  expect((await post(report, { 'Content-Type': 'text/plain' })).status).toBe(415);
  expect((await post(report, { 'Content-Type': 'application/json; charset=gbk' })).status).toBe(415);
  expect((await post(report, { 'Content-Encoding': 'gzip' })).status).toBe(415);
  expect(await post(' '.repeat(1001))).toMatchObject({ status: 413, told: { refusals: [{ reason: 'tooLarge', path: 'Content-Length' }] } });
  expect((await post(report, { Origin: 'https://evil.example' })).status).toBe(403);
  expect((await post(report, {}, '/in/nobody')).status).toBe(404);
  const read = await fetch(`${gateway.url}/in/shops`);
  expect([read.status, read.headers.get('allow')]).toEqual([405, 'POST']);
  expect(incidents()).toBe(0);
  expect(health().refusedByReason).toEqual(
    expect.arrayContaining([
      { code: 'badToken', count: 5 },
      { code: 'badType', count: 3 },
      { code: 'tooLarge', count: 1 },
      { code: 'notPost', count: 1 },
    ]),
  );
  // Other paths stay for reading only.
  expect((await fetch(`${gateway.url}/town.json`, { method: 'POST' })).status).toBe(405);
});

test('a body without a length is cut at the limit; a sender that goes away in the middle is counted', async () => {
  const { gateway, health } = await serve({ maxBytes: 1000 });
  const head = `POST /in/shops HTTP/1.1\r\nHost: 127.0.0.1:${gateway.port}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n`;
  const endless = connect(gateway.port, '127.0.0.1');
  endless.on('error', () => undefined);
  endless.write(`${head}Transfer-Encoding: chunked\r\n\r\n${`400\r\n${' '.repeat(1024)}\r\n`.repeat(3)}`);
  const [answer] = (await once(endless, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
  await new Promise((resolve) => endless.once('close', resolve).resume());
  const gone = connect(gateway.port, '127.0.0.1');
  gone.write(`${head}Content-Length: 500\r\n\r\n{"type"`);
  await vi.waitFor(() => expect(gone.bytesWritten).toBeGreaterThan(100), { timeout: 15_000 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  gone.destroy();
  await vi.waitFor(() => expect(health().refusedByReason).toContainEqual({ code: 'cutOff', count: 1 }), { timeout: 15_000 });
});

test('more requests than the limit are told to wait', async () => {
  const { post } = await serve({ requestsPerS: 1 });
  const answers = [await post(report), await post(report), await post(report)];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
  expect(answers[2]!.headers.get('retry-after')).toBe('1');
});

test('2xx comes only after the journal has committed; one that fails is 503', async () => {
  const journal = createMemoryJournal();
  const held = { wait: null as Promise<void> | null };
  const flushed = (): Promise<void> => held.wait ?? Promise.resolve();
  const { post, incidents } = await serve({}, Object.create(journal, { flushed: { value: flushed } }) as Journal);
  let commit = (): void => undefined;
  held.wait = new Promise((resolve) => (commit = resolve));
  let isAnswered = false;
  const posted = post(report).finally(() => (isAnswered = true));
  await vi.waitFor(() => expect(incidents()).toBe(1), { timeout: 15_000 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(isAnswered).toBe(false);
  commit();
  expect((await posted).status).toBe(200);
  held.wait = Promise.reject(new Error('disk full'));
  held.wait.catch(() => undefined);
  expect(await post(report)).toMatchObject({ status: 503, told: { refusals: [{ reason: 'notKept' }] } });
  held.wait = null;
});

test('a token that can be guessed is one line at the start', async () => {
  await expect(serve({ token: { clear: 'short' } })).rejects.toThrow(/sources\[0\]\.token: a token has at least 16 characters/);
});

test('10,000 mangled posts over real connections: each is answered, every refusal counted, the gateway goes on', async () => {
  const { gateway, post, health, incidents } = await serve({ requestsPerS: 10_000 });
  const random = seeded(5);
  const good = [report, sampleText('http/positions.geojson'), sampleText('http/rows.json')].map((text) => Buffer.from(text));
  const head = `POST /in/shops HTTP/1.1\r\nHost: 127.0.0.1:${gateway.port}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n`;
  /** One connection, its requests one behind the other. */
  const converse = async (count: number): Promise<string[]> => {
    const socket = connect(gateway.port, '127.0.0.1');
    let heard = '';
    socket.setEncoding('latin1').on('data', (text: string) => (heard += text));
    for (let i = 0; i < count; i += 1) {
      const body = mangle(good, random);
      const last = i === count - 1 ? 'Connection: close\r\n' : '';
      if (!socket.write(Buffer.concat([Buffer.from(`${head}${last}Content-Length: ${body.length}\r\n\r\n`), body])))
        await once(socket, 'drain');
    }
    await once(socket, 'close');
    return heard.match(/HTTP\/1\.1 \d{3}/g)!.map((line) => line.slice(-3));
  };
  const statuses = (await Promise.all(Array.from({ length: 10 }, () => converse(1000)))).flat();
  expect(statuses).toHaveLength(10_000);
  expect([...new Set(statuses)].sort()).toEqual(['200', '400', '422']);
  const { refusedByReason, refused, lastRefusals } = health();
  expect(refusedByReason.reduce((sum, { count }) => sum + count, 0)).toBe(refused);
  expect(refused).toBeGreaterThan(5000);
  expect(lastRefusals.length).toBeLessThanOrEqual(20);
  const before = incidents();
  expect((await post(report.replace('0001', 'last'))).status).toBe(200);
  expect(incidents()).toBe(before + 1);
  expect(gateway.faults).toEqual([]);
});
