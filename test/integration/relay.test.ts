import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { serveRelay } from '../../gateway/relay/serveRelay.ts';
import type { ServeRelayOptions } from '../../gateway/relay/serveRelay.ts';
import type { Gateway } from '../../gateway/http/openDoor.ts';
import { startStrangerBackend } from '../support/strangerBackend.ts';
import { serveTinyTown } from './testGateway.ts';
import { openWall } from './testWall.ts';
import { makeReport, tinyTown } from './tinyTown.ts';

async function openRelay(url: string, token: string | null, change: Partial<ServeRelayOptions> = {}): Promise<Gateway> {
  const relay = await serveRelay({
    town: tinyTown,
    upstream: { url, token },
    token: 'a-test-token',
    host: '127.0.0.1',
    port: 0,
    allowOrigins: [],
    rendererDirectory: '/nonexistent',
    ...change,
  });
  onTestFinished(() => relay.close());
  return relay;
}
/** A backend whose every word a test decides. */
async function openBackend(onHello: (socket: WebSocket, hello: Record<string, unknown>) => void) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => 'feed.v1.json' });
  await once(server, 'listening');
  server.on('connection', (socket) =>
    socket.once('message', (data: Buffer) => onHello(socket, JSON.parse(data.toString()) as Record<string, unknown>)),
  );
  onTestFinished(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  const address = server.address();
  return { url: `ws://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/feed`, server };
}

test('a stranger’s backend behind the relay: snapshot, events, a command, and the town from here', async () => {
  const backend = await startStrangerBackend('the-backends-own-token');
  onTestFinished(() => backend.close());
  const relay = await openRelay(backend.url, 'the-backends-own-token');
  expect(await (await fetch(`${relay.url}/town.json`)).json()).toEqual(tinyTown);
  const wall = openWall(relay.feedUrl, { protocols: ['feed.v1.bin', 'feed.v1.json'] });
  const [snap] = await wall.snapshot();
  expect(snap!.units.map((unit) => unit.id)).toContain('car-1');
  expect(await wall.command('incident.dispatch', { incidentId: 'case-1', unitIds: ['car-1'] })).toMatchObject({ status: 'applied' });
  await wall.event('incident.updated', (data) => data['state'] === 'dispatched');
  expect(backend.hellos).toMatchObject([{ token: 'the-backends-own-token' }]);
  expect(JSON.stringify(wall.frames)).not.toContain('own-token');
});

test('the relay holds its own door: token, second hello, limits; the backend hears nothing of it', async () => {
  const backend = await startStrangerBackend('the-backends-own-token');
  onTestFinished(() => backend.close());
  const relay = await openRelay(backend.url, 'the-backends-own-token');
  const thief = openWall(relay.feedUrl, { hello: { token: 'the-backends-own-token' } });
  expect(await thief.closed()).toBe(1008);
  expect(thief.of('err')).toMatchObject([{ code: 'badToken', fatal: true }]);
  expect(backend.hellos).toHaveLength(0);
  const wall = openWall(relay.feedUrl);
  await wall.welcome();
  wall.hello({ token: 'x' });
  wall.send('{"frame":"cmd","data":'.padEnd(70_000, 'x'));
  wall.send('not json');
  await wall.until('three refusals', () => wall.of('err').length === 3);
  expect(wall.of('err').map((err) => [err.code, err.fatal])).toEqual([
    ['badFrame', false],
    ['tooLarge', false],
    ['badJson', false],
  ]);
  expect(backend.hellos).toHaveLength(1);
});

test('two gateways in a row: resume passes through, events are neither lost nor repeated', async () => {
  const town = await serveTinyTown({ token: 'upstream-token' });
  const relay = await openRelay(town.feedUrl, 'upstream-token');
  const first = openWall(relay.feedUrl);
  await first.snapshot();
  town.intake.report(makeReport());
  await first.event('incident.updated');
  const resume = first.cursor();
  first.socket.terminate();
  town.intake.report(makeReport());
  const second = openWall(relay.feedUrl, { hello: { resume } });
  expect(await second.welcome()).toMatchObject({ resumed: true });
  await second.until('the rest', () => second.of('ev').at(-1)?.seq === town.journal.headSeq);
  expect(second.of('ev')[0]!.seq).toBe(resume.seq + 1);
});

test('a backend that is away, refuses us or talks nonsense is said with err and bye, never as the wall’s own fault', async () => {
  const refusing = await openBackend((socket) => {
    socket.send(JSON.stringify({ frame: 'err', code: 'badToken', path: 'token', message: 'no', fatal: true }));
    socket.close();
  });
  const babbling = await openBackend((socket) => socket.send('<html>'));
  const cases = [
    ['ws://127.0.0.1:1/feed', 'ECONNREFUSED'],
    [refusing.url, 'refused this gateway with badToken'],
    [babbling.url, 'not JSON'],
  ] as const;
  for (const [url, reason] of cases) {
    const wall = openWall((await openRelay(url, 'secret-upstream')).feedUrl);
    expect(await wall.closed()).toBe(1013);
    expect(wall.of('err')).toMatchObject([{ code: 'internal', fatal: true }]);
    expect(wall.of('err')[0]!.message).toContain(reason);
    expect(wall.of('bye')[0]!.retryDelayMs).toBeGreaterThan(0);
    expect(JSON.stringify(wall.frames)).not.toContain('secret-upstream');
  }
});

test('a backend that goes away later ends the walls with bye', async () => {
  const town = await serveTinyTown({ token: 'upstream-token' });
  const relay = await openRelay(town.feedUrl, 'upstream-token');
  const wall = openWall(relay.feedUrl);
  await wall.snapshot();
  await town.close();
  await wall.closed();
  expect(wall.of('bye').map((bye) => bye.reason)).toContain('the gateway stops');
});

test('a wall that does not read stops the backend, not the memory of the relay', async () => {
  let sent = 0;
  let socketOfBackend: WebSocket | null = null;
  const chunk = JSON.stringify({ frame: 'hb', serverTimeMs: 1, headSeq: 1, sentSeq: 1, pad: 'x'.repeat(100_000) });
  const backend = await openBackend((socket) => {
    socketOfBackend = socket;
    socket.send(JSON.stringify({ frame: 'welcome' }));
    const flood = (): void => {
      // As much as the sockets take: bufferedAmount grows only when the relay has stopped reading.
      while (socket.readyState === 1 && socket.bufferedAmount < 1 << 20 && sent < 3000) {
        socket.send(chunk);
        sent += 1;
      }
      if (sent < 3000 && socket.readyState === 1) setTimeout(flood, 5);
    };
    flood();
  });
  const relay = await openRelay(backend.url, null, { feed: { highWaterBytes: 1 << 18 } });
  const wall = openWall(relay.feedUrl, { strict: false });
  await wall.until('welcome', () => wall.frames.length > 0);
  wall.socket.pause();
  let before = -1;
  while (sent !== before) {
    before = sent;
    await new Promise((done) => setTimeout(done, 300));
  }
  // 3,000 chunks would be 300 MB; what lies between is the kernel's buffers.
  expect(sent).toBeLessThan(600);
  expect(socketOfBackend!.bufferedAmount).toBeGreaterThan(0);
  wall.socket.resume();
  await wall.until('the flood goes on', () => wall.of('hb').length > before + 20, 10_000);
}, 30_000);

test('a backend that stops reading ends its walls after a while: none is held for ever, not even one that has gone', async () => {
  const backend = await openBackend((socket) => {
    socket.send(JSON.stringify({ frame: 'welcome' }));
    socket.pause();
  });
  const relay = await openRelay(backend.url, null, { feed: { highWaterBytes: 1 << 16, stallMs: 300, framesPerS: 100_000 } });
  const wall = openWall(relay.feedUrl, { strict: false });
  await wall.until('welcome', () => wall.frames.length > 0);
  const data = Object.fromEntries(Array.from({ length: 14 }, (_, i) => [`k${i}`, 'x'.repeat(4000)]));
  for (let i = 0; i < 300; i++) wall.send({ frame: 'query', id: `q${i}`, kind: 'nearest', data });
  await wall.until('bye', () => wall.of('bye')[0]?.reason.includes('nothing taken'));
  wall.socket.terminate();
  const clients = async (): Promise<unknown> => ((await (await fetch(`${relay.url}/healthz`)).json()) as { clients: unknown }).clients;
  await expect.poll(clients, { timeout: 5000 }).toBe(0);
}, 20_000);
