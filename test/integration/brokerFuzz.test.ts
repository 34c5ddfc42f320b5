import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { connect as connectNats } from '@nats-io/transport-node';
import { jetstreamManager } from '@nats-io/jetstream';
import mqtt from 'mqtt';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createLiveClock } from '../../gateway/clock.ts';
import { readSourcesFile } from '../../gateway/hub/sourcesFile.ts';
import { startBusyMosquitto, startNats, whyNoBroker } from '../support/brokers.ts';
import { mangle, seeded } from '../support/mangle.ts';
import { writeSources } from '../unit/gateway/hub/openTestHub.ts';
import { serveTinyTown } from './testGateway.ts';
import { tinyTown } from './tinyTown.ts';

const MESSAGES = 10_000;
/** Every so many an untouched one; the first and the last are. */
const UNTOUCHED_EVERY = 50;
const HEAP_GROWTH_BYTES = 40e6;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const heapBytes = (): number => {
  collect();
  return process.memoryUsage().heapUsed;
};

/** The topic names the unit, so that it counts as much as the bytes. */
const rules = [
  {
    fact: 'unit',
    when: { from: 'fuzz/+/state' },
    fields: { id: { level: 1 }, kind: { const: 'vehicle' }, name: 'name', plate: 'plate', agencyId: { const: 'ce' } },
  },
  {
    fact: 'report',
    when: { from: 'fuzz/+/case' },
    fields: {
      externalId: { level: 1 },
      channelId: 'channel',
      typeId: 'type',
      place: 'name',
      lonDeg: 'at[0]',
      latDeg: { path: 'at[1]', unit: '1e-6deg' },
    },
  },
];
const state = { name: '巡 7', plate: '浙F12345' };
const hostile = '{"__proto__":{"polluted":1},"constructor":{"prototype":1},"name":"x","plate":"y"}';
const good = [
  JSON.stringify(state),
  JSON.stringify({ name: 'here', channel: 'public', type: 'dog', at: [120.49, '30740000'] }),
  hostile,
].map((text) => Buffer.from(text));

/** @returns a level as no sane sender writes it, without what a broker itself refuses. */
function oddLevel(random: () => number): string {
  const odd = [
    '',
    ' ',
    '__proto__',
    'constructor',
    '..',
    '%00',
    '$SYS',
    '长'.repeat(60),
    'x'.repeat(1000),
    '😀',
    '\u200f',
    '"',
    '{}',
    'null',
    '-0',
  ];
  return odd[Math.floor(random() * odd.length)]!;
}
const oddTopic = (random: () => number): string => {
  if (random() < 0.3) return `fuzz/car-${Math.floor(random() * 20)}/${random() < 0.5 ? 'state' : 'case'}`;
  if (random() < 0.6) return `fuzz/${oddLevel(random)}/${random() < 0.5 ? 'state' : 'case'}`;
  return ['fuzz', ...Array.from({ length: 1 + Math.floor(random() * 40) }, () => oddLevel(random))].join('/');
};
const isJson = (bytes: Buffer): boolean => {
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/^\uFEFF/, ''));
    return true;
  } catch {
    return false;
  }
};

/** Opens the source, plays 10,000 messages twice over, and holds what the gateway says of them against what was sent. */
async function play(
  entry: object,
  open: () => Promise<{ send(topic: string, bytes: Buffer, random: () => number): Promise<void>; end(): Promise<void> }>,
) {
  const source = { id: 'fuzz', prefix: '', adapter: { id: 'json', rules }, ...entry };
  const gateway = await serveTinyTown({
    sources: await readSourcesFile(writeSources({ sources: [source] }), tinyTown),
    clock: createLiveClock(),
  });
  const health = () => gateway.vitals.read().sources.find(({ id }) => id === 'fuzz')!;
  const live = (): Promise<unknown> => vi.waitFor(() => expect(health().state).toBe('live'), { timeout: 15_000 });
  await live();
  const sinceMs = health().sinceMs;
  const random = seeded(5_2026);
  const { send, end } = await open();
  const sent = { badJson: 0, mangled: 0, untouched: 0 };
  const half = async (): Promise<number> => {
    for (let i = 0; i <= MESSAGES / 2; i += 1) {
      if (i % UNTOUCHED_EVERY === 0) {
        await send(`fuzz/ok-${sent.untouched}/state`, good[0]!, random);
        sent.untouched += 1;
        continue;
      }
      const bytes = mangle(good, random);
      sent.mangled += 1;
      if (!isJson(bytes)) sent.badJson += 1;
      await send(oddTopic(random), bytes, random);
    }
    await vi.waitFor(() => expect(gateway.journal.latest('unit.updated', `ok-${sent.untouched - 1}`)).toBeDefined(), { timeout: 30_000 });
    return heapBytes();
  };
  const first = await half();
  const second = await half();
  await end();
  const { refusedByReason, refused, accepted, lastRefusals, state: now, sinceMs: since } = health();
  const count = (reason: string): number => refusedByReason.find(({ code }) => code === reason)?.count ?? 0;
  expect(sent.mangled).toBeGreaterThan(9700);
  for (let n = 0; n < sent.untouched; n += 1) expect(gateway.journal.latest('unit.updated', `ok-${n}`)?.plate).toBe(state.plate);
  // Each message is for one rule or none: it says one fact, or why not.
  expect(accepted + refused).toBe(sent.mangled + sent.untouched);
  expect(count('badJson')).toBe(sent.badJson);
  expect(refusedByReason.reduce((sum, one) => sum + one.count, 0)).toBe(refused);
  expect(refusedByReason.map(({ code }) => code)).toEqual(expect.arrayContaining(['badJson', 'noRule', 'noField', 'badField']));
  expect(lastRefusals).toHaveLength(20);
  for (const { code, from, message } of lastRefusals) expect([code, from.slice(0, 4), message === '']).toEqual([code, 'fuzz', false]);
  // One connection took it all.
  expect([now, since]).toEqual(['live', sinceMs]);
  expect(second - first).toBeLessThan(HEAP_GROWTH_BYTES);
  expect(gateway.faults).toEqual([]);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
}

test('10,000 mangled messages under odd topics through a real Mosquitto: each is counted, the good ones between are taken', async ({
  skip,
}) => {
  const why = whyNoBroker('mosquitto');
  skip(why !== null, why ?? '');
  const broker = await startBusyMosquitto();
  onTestFinished(() => broker.dispose());
  const url = `mqtt://127.0.0.1:${broker.tcpPort}`;
  await play({ kind: 'mqtt', url, topics: ['fuzz/#'] }, async () => {
    const client = await mqtt.connectAsync(url, { protocolVersion: 5 });
    let waiting: Promise<unknown>[] = [];
    return {
      async send(topic, payload, random) {
        const userProperties = { [oddLevel(random)]: oddLevel(random) };
        waiting.push(
          client.publishAsync(topic, payload, {
            qos: random() < 0.1 ? 0 : 1,
            properties: { userProperties, contentType: oddLevel(random) },
          }),
        );
        if (waiting.length < 200) return;
        await Promise.all(waiting);
        waiting = [];
      },
      async end() {
        await Promise.all(waiting);
        await client.endAsync();
      },
    };
  });
}, 60_000);

test('10,000 mangled messages and headers through a real nats-server: each is counted, the good ones between are taken', async ({
  skip,
}) => {
  const why = whyNoBroker('nats-server');
  skip(why !== null, why ?? '');
  const broker = await startNats();
  onTestFinished(() => broker.dispose());
  const connection = await connectNats({ servers: `127.0.0.1:${broker.tcpPort}` });
  await (await jetstreamManager(connection)).streams.add({ name: 'fuzz', subjects: ['fuzz.>'] });
  await connection.close();
  const heads = [
    'Nats-Msg-Id: ',
    'Nats-Msg-Id:',
    'nats-msg-id: a b',
    ': ',
    'Content Type: x\r\n',
    'Größe: 1',
    'A: b\r\nA: c',
    '__proto__: 1',
  ];
  const lines = heads.map((line) => Buffer.from(line));
  // A block without its frame ends this server (2.9) itself.
  const block = (inner: Buffer): Buffer => Buffer.concat([Buffer.from('NATS/1.0\r\n'), inner, Buffer.from('\r\n\r\n')]);
  await play({ kind: 'nats', url: `nats://127.0.0.1:${broker.tcpPort}`, stream: 'fuzz' }, async () => {
    // The client refuses to write what others may write: the protocol by hand.
    const socket = connectTcp(broker.tcpPort, '127.0.0.1');
    await once(socket, 'data');
    socket.on('data', (bytes: Buffer) => {
      if (bytes.includes('PING')) socket.write('PONG\r\n');
      if (bytes.includes('-ERR')) throw new Error(`the server refuses what is written: ${bytes.toString()}`);
    });
    socket.write('CONNECT {"verbose":false,"headers":true}\r\n');
    let named = 0;
    return {
      async send(topic, bytes, random) {
        // At most half of the server's longest line.
        const levels = topic
          .split('/')
          .slice(0, 16)
          .map((level) => level.replace(/[\s.*>]|^$/g, '_').slice(0, 40));
        const subject = levels.join('.');
        const isGood = subject.startsWith('fuzz.ok-');
        // Each name is one of its own: the server drops what it takes for a repetition.
        const odd = mangle(lines, random)
          .toString('latin1')
          .replaceAll('Nats-Msg-Id:', `Nats-Msg-Id: ${(named += 1)} `);
        const head = block(isGood ? Buffer.from(`Nats-Msg-Id: ${'long-'.repeat(40)}${subject}`) : Buffer.from(odd, 'latin1'));
        const frame =
          random() < 0.3 ? `PUB ${subject} ${bytes.length}\r\n` : `HPUB ${subject} ${head.length} ${head.length + bytes.length}\r\n`;
        const all = frame.startsWith('H') ? [Buffer.from(frame), head, bytes] : [Buffer.from(frame), bytes];
        if (!socket.write(Buffer.concat([...all, Buffer.from('\r\n')]))) await once(socket, 'drain');
      },
      async end() {
        socket.destroy();
        await once(socket, 'close');
      },
    };
  });
}, 60_000);
