import { createServer } from 'node:https';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createClock, createLiveClock } from '../../gateway/clock.ts';
import { readSourcesFile } from '../../gateway/hub/sourcesFile.ts';
import { createMemoryJournal } from '../../gateway/journal/createMemoryJournal.ts';
import type { Journal } from '../../gateway/journal/journal.ts';
import type { ServeOptions } from '../../gateway/serveTown.ts';
import { openFaultProxy } from '../support/faultProxy.ts';
import { freePort } from '../support/freePort.ts';
import { mangle, seeded } from '../support/mangle.ts';
import { writeSources } from '../unit/gateway/hub/openTestHub.ts';
import { serveTinyTown } from './testGateway.ts';
import type { TestGateway } from './testGateway.ts';
import { openWall } from './testWall.ts';
import { makeFix, makeReport, makeUnit, tinyTown } from './tinyTown.ts';

const WAIT = { timeout: 15_000, interval: 20 };
const tlsFile = (name: string): string => fileURLToPath(new URL(`../samples/tls/${name}`, import.meta.url));
const town = (name: string) => ({ zh: name, en: name });
const entry = (url: string, change: object = {}) => ({
  id: 'east',
  kind: 'protocol',
  url,
  token: { clear: 'a-test-token' },
  adapter: { id: 'feed', name: town('East') },
  ...change,
});

async function serve(rows: object[], change: Partial<ServeOptions> = {}): Promise<TestGateway> {
  const sources = await readSourcesFile(writeSources({ sources: rows }), tinyTown);
  return serveTinyTown({ sources, clock: createLiveClock(), ...change });
}
const health = (gateway: TestGateway, id = 'east') => gateway.vitals.read().sources.find((source) => source.id === id)!;
const refused = (gateway: TestGateway, reason: string): number =>
  health(gateway).refusedByReason.find(({ code }) => code === reason)?.count ?? 0;
const live = (gateway: TestGateway, id = 'east') => vi.waitFor(() => expect(health(gateway, id).state).toBe('live'), WAIT);
const incidents = (journal: Journal) => [...journal.all('incident.updated')];
/** A source of the test’s own beside which the tiny town's three cars stand: they are the gateway's own. */
const mirrored = (journal: Journal) => incidents(journal).filter(({ origin }) => origin);

test('units, cameras, positions and incidents of a neighbour are shown here; only the neighbour decides on them', async () => {
  const up = await serveTinyTown({ clock: createLiveClock() });
  up.intake.camera({
    id: 'cam-1',
    kind: 'street',
    name: town('Bridge'),
    unitId: null,
    lonDeg: 120.49,
    latDeg: 30.74,
    headingDeg: null,
    online: true,
    stream: { protocol: 'synthetic', url: '' },
    simulated: true,
  });
  const before = up.intake.report(makeReport());
  const down = await serve([entry(up.feedUrl)]);
  await live(down);
  expect(down.journal.latest('unit.updated', 'east:car-1')).toMatchObject({
    agencyId: 'ce',
    origin: { sourceId: 'east', name: town('East') },
  });
  expect(down.journal.latest('camera.updated', 'east:cam-1')).toMatchObject({ online: true, origin: { sourceId: 'east' } });
  const after = up.intake.report(makeReport({ typeId: 'dog' }));
  await vi.waitFor(() => expect(mirrored(down.journal).map(({ id }) => id)).toEqual([`east:${before}`, `east:${after}`]), WAIT);

  const observedAtMs = Date.now() - 40;
  up.intake.fixes([makeFix('car-1', observedAtMs)]);
  const wall = openWall(down.feedUrl);
  const fix = await wall.until('the fix', () => wall.of('pos').find((pos) => 'ids' in pos && pos.ids.includes('east:car-1')));
  expect('ids' in fix && fix.observedAtMs[fix.ids.indexOf('east:car-1')]).toBe(observedAtMs);

  // Neither what is counted nor what is numbered here is touched by them.
  expect([...down.journal.all('channel.updated')].map(({ today, pending }) => [today, pending])).toEqual([
    [0, 0],
    [0, 0],
  ]);
  const own = down.intake.report(makeReport());
  expect(down.journal.latest('incident.updated', own)!.number).toMatch(/-0001$/);

  const incidentId = `east:${before}`;
  for (const [type, data] of [
    ['incident.accept', { incidentId }],
    ['incident.dispatch', { incidentId, unitIds: ['car-2'] }],
    ['incident.close', { incidentId, outcome: 'handled' }],
    ['incident.dispatch', { incidentId: own, unitIds: ['east:car-1'] }],
  ] as const) {
    const res = await wall.command(type, data, { rev: 0 });
    expect([res.status, res.error?.code]).toEqual(
      type === 'incident.dispatch' && data.incidentId === own ? ['conflict', 'conflict'] : ['forbidden', 'notOurs'],
    );
  }
  const sent = await wall.command('incident.dispatch', { incidentId: own, unitIds: ['east:car-1'] });
  expect([sent.status, sent.error?.code, sent.error?.message]).toEqual(['forbidden', 'notOurs', 'car-1 is of East: only they can send it']);
  wall.send({ frame: 'query', id: 'q', kind: 'nearest', data: { incidentId: own, limit: 5 } });
  const part = await wall.until('nearest', () => wall.of('part').find(({ id }) => id === 'q'));
  expect(part.items).toEqual([]);

  // The neighbour's desk decides, and it is seen here.
  const theirs = openWall(up.feedUrl);
  await theirs.snapshot();
  expect((await theirs.command('incident.dispatch', { incidentId: before, unitIds: ['car-1'] })).status).toBe('applied');
  await vi.waitFor(() => {
    expect(down.journal.latest('incident.updated', incidentId)).toMatchObject({
      state: 'dispatched',
      assignments: [{ unitId: 'east:car-1' }],
    });
    expect(down.journal.latest('unit.updated', 'east:car-1')).toMatchObject({ status: 'dispatched', incidentId });
  }, WAIT);
  expect([wall.state.invalid, down.faults, health(down).refused]).toEqual([[], [], 0]);
});

test('[P-02] a cut connection is resumed without loss or doubles', async () => {
  const up = await serveTinyTown({ clock: createLiveClock() });
  const proxy = await openFaultProxy(() => up.port);
  onTestFinished(() => proxy.close());
  const url = up.feedUrl.replace(String(up.port), String(proxy.port));
  const journal = createMemoryJournal();
  const down = await serve([entry(url)], { journal });
  await live(down);
  for (let round = 0; round < 5; round += 1) {
    for (let n = 0; n < 40; n += 1) up.intake.report(makeReport());
    proxy.cut();
    for (let n = 0; n < 20; n += 1) up.intake.report(makeReport());
    await vi.waitFor(() => expect(mirrored(journal)).toHaveLength((round + 1) * 60), WAIT);
  }
  expect(mirrored(journal).map(({ id }) => id)).toEqual(incidents(up.journal).map(({ id }) => `east:${id}`));
  expect(mirrored(journal).every(({ rev }) => rev === 1)).toBe(true);
  expect([refused(down, 'gap'), health(down).refused]).toEqual([0, 0]);
}, 30_000);

test('after a gap the snapshot reconciles: what is gone upstream is closed or offline here, what stays is not doubled', async () => {
  const port = await freePort();
  const journal = createMemoryJournal();
  const first = await serveTinyTown({ clock: createLiveClock(), port });
  const gone = first.intake.report(makeReport());
  first.intake.unit(makeUnit('car-9'));
  const down = await serve([entry(first.feedUrl)], { journal });
  await live(down);
  const wall = openWall(down.feedUrl);
  await wall.snapshot();
  await first.close();
  await vi.waitFor(() => expect(health(down).state).toBe('connecting'), WAIT);
  const second = await serveTinyTown({ clock: createLiveClock(), port });
  const there = second.intake.report(makeReport());
  await vi.waitFor(() => expect(journal.latest('incident.updated', `east:${there}`)).toBeDefined(), WAIT);
  expect(journal.latest('incident.updated', `east:${gone}`)).toMatchObject({ state: 'closed' });
  expect(journal.latest('unit.updated', 'east:car-9')).toBeUndefined();
  expect((await wall.event('unit.updated', ({ id, status }) => id === 'east:car-9' && status === 'offline')).seq).toBeGreaterThan(0);
  expect([...journal.all('unit.updated')].map(({ id }) => id).sort()).toEqual(
    ['car-1', 'car-2', 'car-3', 'east:car-1', 'east:car-2', 'east:car-3'].sort(),
  );
  expect(refused(down, 'gap')).toBe(1);
});

test('a source that is no longer in the file leaves nothing open behind', async () => {
  const up = await serveTinyTown({ clock: createLiveClock() });
  const incidentId = up.intake.report(makeReport());
  const journal = createMemoryJournal();
  const down = await serve([entry(up.feedUrl)], { journal });
  await live(down);
  await down.close();
  await serveTinyTown({ journal, clock: createLiveClock() });
  expect(journal.latest('incident.updated', `east:${incidentId}`)!.state).toBe('closed');
  expect([...journal.all('unit.updated')].some(({ origin }) => origin)).toBe(false);
  expect([...journal.notes('source/east/cursor')]).toEqual([]);
});

test('two gateways that take from each other do not echo, and one does not take from itself', async () => {
  const [portA, portB] = [await freePort(), await freePort()];
  const a = await serve([entry(`ws://127.0.0.1:${portB}/feed`, { id: 'b' })], { port: portA });
  const b = await serve([entry(`ws://127.0.0.1:${portA}/feed`, { id: 'a' })], { port: portB });
  await live(a, 'b');
  await live(b, 'a');
  const ofA = a.intake.report(makeReport());
  const ofB = b.intake.report(makeReport());
  a.intake.fixes([makeFix('car-1', Date.now())]);
  await vi.waitFor(() => {
    expect(b.journal.latest('incident.updated', `a:${ofA}`)).toBeDefined();
    expect(a.journal.latest('incident.updated', `b:${ofB}`)).toBeDefined();
  }, WAIT);
  const heads = [a.journal.headSeq, b.journal.headSeq];
  await new Promise((resolve) => setTimeout(resolve, 1200));
  expect([a.journal.headSeq, b.journal.headSeq]).toEqual(heads);
  for (const { journal } of [a, b]) {
    expect([...journal.all('unit.updated')]).toHaveLength(6);
    expect(incidents(journal)).toHaveLength(2);
  }
  expect([health(a, 'b').refused, health(b, 'a').refused]).toEqual([0, 0]);

  const port = await freePort();
  const self = await serve([entry(`ws://127.0.0.1:${port}/feed`)], { port });
  await vi.waitFor(() => expect(health(self).reason).toBe('this is the gateway itself'), WAIT);
});

test('a clock that is wrong upstream is measured, a scene at speed and a wrong token are said', async () => {
  const slow = await serveTinyTown({ clock: createClock(Date.now() - 3_600_000) });
  const observedAtMs = Date.now();
  slow.intake.fixes([makeFix('car-1', observedAtMs - 3_600_000)]);
  const incidentId = slow.intake.report(makeReport());
  const down = await serve([entry(slow.feedUrl)]);
  await vi.waitFor(() => expect(down.vitals.read().positions.accepted).toBe(1), WAIT);
  const reportedAtMs = down.journal.latest('incident.updated', `east:${incidentId}`)!.reportedAtMs;
  expect(Math.abs(reportedAtMs - observedAtMs)).toBeLessThan(2000);

  const fast = await serveTinyTown({ clock: createClock(Date.now(), 10) });
  const other = await serve([entry(fast.feedUrl)]);
  await vi.waitFor(() => expect(health(other).reason).toMatch(/its clock runs at 10 times/), WAIT);
  const stranger = await serve([entry(slow.feedUrl, { token: { clear: 'not-the-token' } })]);
  await vi.waitFor(() => expect(health(stranger).reason).toMatch(/it refused this gateway: badToken/), WAIT);
  expect(health(stranger).state).toBe('connecting');
});

test('[P-06] upstream that is there and says nothing is noticed within ten seconds', async () => {
  const up = await serveTinyTown({ clock: createLiveClock() });
  const proxy = await openFaultProxy(() => up.port);
  onTestFinished(() => proxy.close());
  const down = await serve([entry(up.feedUrl.replace(String(up.port), String(proxy.port)))]);
  await live(down);
  proxy.mode = 'hole';
  const sinceMs = performance.now();
  await vi.waitFor(
    () => expect(health(down)).toMatchObject({ state: 'connecting', reason: expect.stringMatching(/silent for/) as string }),
    WAIT,
  );
  expect(performance.now() - sinceMs).toBeLessThan(10_000);
  proxy.cut();
  proxy.mode = 'pass';
  const incidentId = up.intake.report(makeReport());
  await vi.waitFor(() => expect(down.journal.latest('incident.updated', `east:${incidentId}`)).toBeDefined(), WAIT);
}, 40_000);

test('over TLS with a certificate of a town’s own authority; without its file nothing is told', async () => {
  const up = await serveTinyTown({ clock: createLiveClock() });
  const server = createServer({ cert: readFileSync(tlsFile('server.pem')), key: readFileSync(tlsFile('server.key.pem')) });
  const doors = new WebSocketServer({ server, handleProtocols: () => 'feed.v1.json' });
  doors.on('connection', (inside) => {
    const behind = new WebSocket(up.feedUrl, ['feed.v1.json']);
    const waiting: Buffer[] = [];
    inside.on('message', (data: Buffer) => (behind.readyState === WebSocket.OPEN ? behind.send(data.toString()) : waiting.push(data)));
    behind.on('open', () => waiting.forEach((data) => behind.send(data.toString())));
    behind.on('message', (data: Buffer) => inside.send(data.toString()));
    inside.on('close', () => behind.terminate());
    behind.on('error', () => inside.terminate());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const one of doors.clients) one.terminate();
    server.close();
  });
  const url = `wss://127.0.0.1:${(server.address() as AddressInfo).port}/feed`;
  const down = await serve([entry(url, { tls: { caFile: tlsFile('ca.pem') } })]);
  await live(down);
  expect(down.journal.latest('unit.updated', 'east:car-1')).toBeDefined();
  const stranger = await serve([entry(url)]);
  await vi.waitFor(() => expect(health(stranger).reason).toMatch(/certificate/), WAIT);
});

test('[P-09] 10,000 mangled frames from upstream: every refusal counted with a reason, unknown types passed over, the rest taken', async () => {
  const random = seeded(17);
  const chance = vi.spyOn(Math, 'random').mockReturnValue(0);
  onTestFinished(() => chance.mockRestore());
  const source = await serveTinyTown({ clock: createLiveClock() });
  source.intake.report(makeReport());
  source.intake.fixes([makeFix('car-1', Date.now())]);
  const wall = openWall(source.feedUrl);
  const [snap] = await wall.snapshot();
  const welcome = await wall.welcome();
  const pos = await wall.until('pos', () => wall.of('pos')[0]);
  const ce = (type: string, data: { id: string }) => ({
    specversion: '1.0',
    id: '1',
    source: 'x',
    type,
    subject: data.id,
    time: new Date().toISOString(),
    data,
  });
  const good = [
    snap,
    pos,
    { frame: 'ev', seq: 1, ce: ce('unit.updated', snap!.units[0]!) },
    { frame: 'hb', serverTimeMs: Date.now(), headSeq: 1, sentSeq: 0 },
  ].map((frame) => Buffer.from(JSON.stringify(frame)));
  const held = { left: 10_000, done: false };
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'feed.v1.json' });
  await once(server, 'listening');
  onTestFinished(() => {
    for (const one of server.clients) one.terminate();
    server.close();
  });
  server.on('connection', (socket) => {
    const say = (frame: object): void => socket.send(JSON.stringify(frame));
    socket.once('message', () => {
      say({ ...welcome, epoch: 'mangler', resumed: false, gap: { reason: 'noCursor', missed: null }, serverTimeMs: Date.now() });
      say({ ...snap, seq: 0 });
      const pour = (): void => {
        for (let n = 0; n < 100 && held.left > 0 && socket.readyState === WebSocket.OPEN; n += 1) {
          held.left -= 1;
          socket.send(mangle(good, random).toString('utf8'));
        }
        if (socket.readyState !== WebSocket.OPEN) return;
        if (held.left > 0) return void setImmediate(pour);
        say({ ...snap, frame: 'news' });
        // A whole one among the mangled may have been the first event.
        say({ frame: 'ev', seq: 1, ce: ce('unit.updated', snap!.units[0]!) });
        say({ frame: 'ev', seq: 2, ce: ce('drone.swarm', { id: 'd' }) });
        say({ frame: 'ev', seq: 3, ce: ce('unit.updated', { ...snap!.units[0]!, id: 'last' }) });
        held.done = true;
      };
      pour();
    });
  });
  const down = await serve([entry(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/feed`)]);
  await vi.waitFor(() => expect(held.done).toBe(true), { ...WAIT, timeout: 20_000 });
  await vi.waitFor(() => expect(down.journal.latest('unit.updated', 'east:last')).toBeDefined(), WAIT);
  const { refusedByReason, refused: all, lastRefusals } = health(down);
  expect(refusedByReason.reduce((sum, { count }) => sum + count, 0)).toBe(all);
  expect(all).toBeGreaterThan(3000);
  expect(refusedByReason.map(({ code }) => code)).toEqual(expect.arrayContaining(['badJson', 'unknownFrame', 'unknownMessage']));
  expect(lastRefusals.length).toBeLessThanOrEqual(20);
  expect(down.faults).toEqual([]);
}, 40_000);

test.each([
  [{ url: 'http://east' }, /sources\[0\]\.url: expected an address like wss:/],
  [{ url: 'wss://east/?token=x' }, /sources\[0\]\.url: a token belongs into its own field/],
  [{ token: 'open' }, /sources\[0\]\.token: /],
  [{ datum: 'gcj02' }, /sources\[0\]\.datum: feed is always wgs84/],
  [{ adapter: { id: 'feed', take: ['people'] } }, /sources\[0\]\.adapter\.take\[0\]: /],
])('an entry with %j is one line at the start', async (change, line) => {
  await expect(serve([entry('wss://east', change)])).rejects.toThrow(line);
});
