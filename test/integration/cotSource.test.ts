import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createClock } from '../../gateway/clock.ts';
import { readSourcesFile } from '../../gateway/hub/sourcesFile.ts';
import { freePort } from '../support/freePort.ts';
import { mangle, seeded } from '../support/mangle.ts';
import { sampleText } from '../support/samples.ts';
import { writeSources } from '../unit/gateway/hub/openTestHub.ts';
import { serveTinyTown } from './testGateway.ts';
import { tinyTown } from './tinyTown.ts';

const phones = sampleText('cot/phones.xml');
const tlsFile = (name: string): string => fileURLToPath(new URL(`../samples/tls/${name}`, import.meta.url));
const pem = (name: string): string => readFileSync(tlsFile(name), 'utf8');
const ping =
  '<event version="2.0" uid="p" type="t-x-c-t" time="2026-05-13T11:20:00Z" stale="2026-05-13T11:26:00Z"><point lat="0" lon="0"/></event>';

async function serve(change: object = {}) {
  const port = await freePort();
  const adapter = { id: 'cot', automatic: { agencyId: 'ps', agencyByGroup: { Cyan: 'ce' } } };
  const entry = { id: 'phones', kind: 'cot', port, prefix: '', eventsPerS: 1000, adapter, ...change };
  const sources = await readSourcesFile(writeSources({ sources: [entry] }), tinyTown);
  const gateway = await serveTinyTown({ sources, clock: createClock(Date.UTC(2026, 4, 13, 11, 21)) });
  const health = () => gateway.vitals.read().sources.find(({ kind }) => kind === 'cot')!;
  const refused = (reason: string): number => health().refusedByReason.find(({ code }) => code === reason)?.count ?? 0;
  await vi.waitFor(() => expect(health().state).toBe('live'), { timeout: 15_000 });
  const dial = async (): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  };
  return { gateway, health, refused, dial, port };
}

test('phones over TCP appear as officers, their pings are answered, a stream cut anywhere is one stream', async () => {
  const { dial, gateway, health } = await serve();
  const phone = await dial();
  for (let i = 0; i < phones.length; i += 300) phone.write(phones.slice(i, i + 300));
  await vi.waitFor(() => expect(health().accepted).toBe(4), { timeout: 15_000 });
  expect(gateway.journal.latest('unit.updated', 'ANDROID-0001')).toMatchObject({
    kind: 'officer',
    agencyId: 'ce',
    name: { zh: '巡 7 & 8' },
  });
  phone.write(ping);
  const [pong] = (await once(phone, 'data')) as [Buffer];
  expect(pong.toString()).toMatch(/^<event version="2.0" uid="takPong" type="t-x-c-t-r" .* time="2026-05-13T11:21:0/);
  expect(health().refused).toBe(0);
});

const tls = { certFile: tlsFile('server.pem'), keyFile: tlsFile('server.key.pem') };

test('over TLS; with clientCaFile only phones whose certificate it signed are heard', async () => {
  const { port, health, refused, dial } = await serve({ tls: { ...tls, clientCaFile: tlsFile('ca.pem') } });
  const client = { host: '127.0.0.1', port, ca: pem('ca.pem') };
  const known = connectTls({ ...client, cert: pem('client.pem'), key: pem('client.key.pem') });
  onTestFinished(() => void known.destroy());
  await once(known, 'secureConnect');
  known.write(phones);
  await vi.waitFor(() => expect(health().accepted).toBe(4), { timeout: 15_000 });
  const stranger = connectTls(client);
  const turnedAway = new Promise((resolve) => stranger.once('close', resolve));
  stranger.on('error', () => undefined).write(phones);
  await turnedAway;
  expect(refused('noTls')).toBe(1);
  const clear = await dial();
  clear.write(phones);
  await once(clear.resume(), 'close');
  expect([refused('noTls'), health().accepted]).toEqual([2, 4]);
});

test('a certificate that is none is one line at the start', async () => {
  const broken = { ...tls, keyFile: tlsFile('ca.pem') };
  await expect(serve({ tls: broken })).rejects.toThrow(/sources\[0\]\.tls: /);
  await expect(serve({ tls: { ...tls, certFile: 'gone.pem' } })).rejects.toThrow(/certFile: gone\.pem cannot be read \(ENOENT\)/);
});

test('a flood, an event without end, and a connection that ends within one', async () => {
  const { dial, refused } = await serve({ eventsPerS: 5, maxBytes: 1024 });
  const phone = await dial();
  phone.write(ping.repeat(100));
  await vi.waitFor(() => expect(refused('tooFast')).toBeGreaterThan(80), { timeout: 15_000 });
  phone.write('<event ' + 'x'.repeat(5000));
  await vi.waitFor(() => expect(refused('tooLong')).toBe(1), { timeout: 15_000 });
  const other = await dial();
  other.end('<event uid="');
  await vi.waitFor(() => expect(refused('cutOff')).toBe(1), { timeout: 15_000 });
});

test('10,000 mangled events over real connections: every refusal counted, the gateway goes on, no connection stays', async () => {
  const { dial, health, gateway } = await serve();
  const sockets = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
  const before = sockets();
  const random = seeded(11);
  const good = [phones, sampleText('cot/emergency.xml'), ping].map((text) => Buffer.from(text));
  for (let round = 0; round < 20; round += 1) {
    const socket = await dial();
    socket.resume().end(Buffer.concat(Array.from({ length: 500 }, () => mangle(good, random))));
    await once(socket, 'close');
  }
  const { refusedByReason, refused, lastRefusals } = health();
  expect(refusedByReason.reduce((sum, { count }) => sum + count, 0)).toBe(refused);
  expect(refused).toBeGreaterThan(3000);
  expect(lastRefusals.length).toBeLessThanOrEqual(20);
  await vi.waitFor(() => expect(sockets()).toBe(before), { timeout: 15_000 });
  const phone = await dial();
  phone.write(ping);
  await once(phone, 'data');
  expect(gateway.faults).toEqual([]);
});
