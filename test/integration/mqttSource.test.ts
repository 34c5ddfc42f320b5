import mqtt from 'mqtt';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createLiveClock } from '../../gateway/clock.ts';
import { readSourcesFile } from '../../gateway/hub/sourcesFile.ts';
import { createMemoryJournal } from '../../gateway/journal/createMemoryJournal.ts';
import type { Journal } from '../../gateway/journal/journal.ts';
import { startMosquitto } from '../support/brokers.ts';
import { brokerOfTests } from './brokerOfTests.ts';
import { writeSources } from '../unit/gateway/hub/openTestHub.ts';
import { serveTinyTown } from './testGateway.ts';
import type { TestGateway } from './testGateway.ts';
import { tinyTown } from './tinyTown.ts';

const centre = { lonDeg: 120.49, latDeg: 30.74 };
const unit = (id: string) => ({ fact: 'unit', id, kind: 'vehicle', name: { zh: id, en: id }, agencyId: 'ce' });
const report = (externalId: string) => ({
  fact: 'report',
  externalId,
  channelId: 'public',
  typeId: 'digging',
  place: { zh: '东路', en: 'East Road' },
  ...centre,
});

/** A journal that keeps nothing safe any more from a moment on. */
function createHeldJournal() {
  const journal = createMemoryJournal();
  const held = { isHeld: false };
  const flushed = (): Promise<void> => (held.isHeld ? new Promise<void>(() => undefined) : Promise.resolve());
  return { journal: Object.create(journal, { flushed: { value: flushed } }) as Journal, held };
}

describe('the source mqtt against a real Mosquitto', () => {
  const broker = brokerOfTests('mosquitto');

  const publisher = async (): Promise<mqtt.MqttClient> => {
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker().tcpPort}`, { protocolVersion: 5, reconnectPeriod: 50 });
    onTestFinished(() => void client.end(true));
    return client;
  };
  const open = async (topic: string, change: object = {}, journal?: Journal): Promise<TestGateway> => {
    const entry = {
      id: topic,
      kind: 'mqtt',
      url: `mqtt://127.0.0.1:${broker().tcpPort}`,
      topics: [`${topic}/#`],
      adapter: 'json',
      ...change,
    };
    const sources = await readSourcesFile(writeSources({ sources: [entry] }), tinyTown);
    const gateway = await serveTinyTown({ sources, clock: createLiveClock(), ...(journal ? { journal } : {}) });
    await live(gateway);
    return gateway;
  };
  const health = (gateway: TestGateway) => gateway.vitals.read().sources.find(({ kind }) => kind === 'mqtt')!;
  const live = (gateway: TestGateway): Promise<unknown> =>
    vi.waitFor(() => expect(health(gateway).state).toBe('live'), { timeout: 10_000 });
  const incidents = (gateway: TestGateway): number => [...gateway.journal.all('incident.updated')].length;

  test.each(['mqtt', 'ws'] as const)('what the broker kept and what comes now arrive over %s, mapped by topic', async (scheme) => {
    const topic = `town-${scheme}`;
    const client = await publisher();
    await client.publishAsync(`${topic}/car-9/state`, JSON.stringify({ plate: '浙F12345' }), { qos: 1, retain: true });
    const port = scheme === 'mqtt' ? broker().tcpPort : broker().wsPort;
    const rules = [
      {
        fact: 'unit',
        when: { from: `${topic}/+/state` },
        fields: { id: { level: 1 }, kind: { const: 'vehicle' }, name: 'plate', plate: 'plate', agencyId: { const: 'ce' } },
      },
      {
        fact: 'fix',
        when: { from: `${topic}/+/pos` },
        fields: { unitId: { level: 1 }, lonDeg: 'lng', latDeg: 'lat', speedMps: { path: 'v', unit: 'km/h' }, observedAtMs: { now: true } },
      },
    ];
    const gateway = await open(topic, { url: `${scheme}://127.0.0.1:${port}`, prefix: '', adapter: { id: 'json', rules } });
    await vi.waitFor(() => expect(gateway.journal.latest('unit.updated', 'car-9')?.plate).toBe('浙F12345'), { timeout: 15_000 });
    await client.publishAsync(`${topic}/car-9/pos`, JSON.stringify({ lng: 120.49, lat: 30.74, v: 36 }), { qos: 1 });
    await client.publishAsync(`${topic}/car-9/nonsense`, '{}', { qos: 0 });
    await vi.waitFor(() => expect(health(gateway)).toMatchObject({ accepted: 2, refusedByReason: [{ code: 'noRule', count: 1 }] }), {
      timeout: 15_000,
    });
    expect(health(gateway).lastRefusals[0]).toMatchObject({ from: `${topic}/car-9/nonsense`, sample: '{}' });
  });

  test('a message is acknowledged only after the journal has committed: killed before, it comes again', async () => {
    const { journal, held } = createHeldJournal();
    const client = await publisher();
    const first = await open('held', {}, journal);
    held.isHeld = true;
    for (const id of ['a', 'b', 'c']) await client.publishAsync('held/x', JSON.stringify(report(id)), { qos: 1 });
    await vi.waitFor(() => expect(incidents(first)).toBe(3), { timeout: 15_000 });
    // Nothing was committed: what the first process knew is gone with it.
    await first.close();
    const second = await open('held');
    await vi.waitFor(() => expect(incidents(second)).toBe(3), { timeout: 15_000 });
    // Those were committed and acknowledged: the third has nothing to do.
    await vi.waitFor(() => expect(health(second).accepted).toBe(3), { timeout: 15_000 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    await second.close();
    const third = await open('held');
    await client.publishAsync('held/x', JSON.stringify(report('d')), { qos: 1 });
    await vi.waitFor(() => expect(incidents(third)).toBe(1), { timeout: 15_000 });
  });

  test('what came while the gateway was away arrives in order with the next start, once', async () => {
    const client = await publisher();
    const journal = createMemoryJournal();
    const first = await open('away', {}, journal);
    await first.close();
    const ids = Array.from({ length: 200 }, (_, i) => `case-${i}`);
    for (const id of ids) client.publish('away/x', JSON.stringify({ ...report(id), note: { zh: id, en: id } }), { qos: 1 });
    await client.publishAsync('away/x', JSON.stringify(report('case-0')), { qos: 1 });
    const second = await open('away', {}, journal);
    await vi.waitFor(() => expect(health(second).accepted).toBe(201), { timeout: 5000 });
    expect([...journal.all('incident.updated')].map(({ note }) => note!.en)).toEqual(ids);
    expect(health(second).repeated).toBe(1);
  });

  test('a broker that dies, and one that freezes, are noticed within ten seconds and found again', async () => {
    const own = await startMosquitto();
    onTestFinished(() => own.dispose());
    const gateway = await open('dead', { url: `mqtt://127.0.0.1:${own.tcpPort}`, keepaliveS: 1 });
    await own.kill();
    await vi.waitFor(() => expect(health(gateway).state).toBe('connecting'), { timeout: 2000 });
    await own.start();
    await live(gateway);
    own.freeze();
    const frozenAtMs = performance.now();
    await vi.waitFor(() => expect(health(gateway).state).toBe('connecting'), { timeout: 5000, interval: 20 });
    // One and a half keep-alives; the default of 5 s makes 7.5 s of it.
    expect(performance.now() - frozenAtMs).toBeLessThan(4000);
    own.thaw();
    await live(gateway);
  }, 30_000);

  test('orders leave on the topic of the unit', async () => {
    const client = await publisher();
    const heard: [string, unknown][] = [];
    client.on('message', (topic, bytes) => heard.push([topic, JSON.parse(bytes.toString())]));
    await client.subscribeAsync('orders/#', { qos: 1 });
    const gateway = await open('orders-of', { orderTopic: 'orders/{unitId}', prefix: '' });
    await client.publishAsync('orders-of/x', JSON.stringify([unit('car-8'), report('m1')]), { qos: 1 });
    await vi.waitFor(() => expect(incidents(gateway)).toBe(1), { timeout: 15_000 });
    const [incident] = gateway.journal.all('incident.updated');
    const by = { deskId: 'd', name: { zh: '人', en: 'Person' }, simulated: false };
    expect(gateway.intake.command('incident.dispatch', { incidentId: incident!.id, unitIds: ['car-8'] }, by, null)).toBeNull();
    await vi.waitFor(() => expect(heard).toMatchObject([['orders/car-8', { kind: 'go', unitId: 'car-8', incidentId: 'm1' }]]), {
      timeout: 15_000,
    });
  });
});
