import { connect } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/nats-core';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createLiveClock } from '../../gateway/clock.ts';
import { readSourcesFile } from '../../gateway/hub/sourcesFile.ts';
import { createMemoryJournal } from '../../gateway/journal/createMemoryJournal.ts';
import type { Journal } from '../../gateway/journal/journal.ts';
import { startNats } from '../support/brokers.ts';
import { writeSources } from '../unit/gateway/hub/openTestHub.ts';
import { brokerOfTests } from './brokerOfTests.ts';
import { serveTinyTown } from './testGateway.ts';
import type { TestGateway } from './testGateway.ts';
import { tinyTown } from './tinyTown.ts';

const report = (externalId: string) => ({
  fact: 'report',
  externalId,
  channelId: 'public',
  typeId: 'digging',
  place: { zh: '东路', en: 'East Road' },
  lonDeg: 120.49,
  latDeg: 30.74,
  note: { zh: externalId, en: externalId },
});

describe('the source nats against a real nats-server with JetStream', () => {
  const broker = brokerOfTests('nats-server');

  interface Producer {
    connection: NatsConnection;
    stream: JetStreamClient;
    manager: JetStreamManager;
  }
  /** A stream of its own for each test. */
  const produce = async (name: string, port = broker().tcpPort): Promise<Producer> => {
    const connection = await connect({ servers: `127.0.0.1:${port}`, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
    onTestFinished(() => connection.close());
    const manager = await jetstreamManager(connection);
    await manager.streams.add({ name, subjects: [`${name}.>`] });
    return { connection, stream: jetstream(connection), manager };
  };
  const open = async (name: string, change: object = {}, journal?: Journal): Promise<TestGateway> => {
    const entry = { id: name, kind: 'nats', url: `nats://127.0.0.1:${broker().tcpPort}`, stream: name, adapter: 'json', ...change };
    const sources = await readSourcesFile(writeSources({ sources: [entry] }), tinyTown);
    const gateway = await serveTinyTown({ sources, clock: createLiveClock(), ...(journal ? { journal } : {}) });
    await live(gateway);
    return gateway;
  };
  const health = (gateway: TestGateway) => gateway.vitals.read().sources.find(({ kind }) => kind === 'nats')!;
  const live = (gateway: TestGateway): Promise<unknown> =>
    vi.waitFor(() => expect(health(gateway).state).toBe('live'), { timeout: 10_000 });
  const notes = (journal: Journal): string[] => [...journal.all('incident.updated')].map(({ note }) => note!.en);

  test.each(['nats', 'ws'] as const)('what the stream kept and what comes now arrive in order over %s', async (scheme) => {
    const { stream, connection } = await produce(`town-${scheme}`);
    await stream.publish(`town-${scheme}.case`, JSON.stringify(report('kept')));
    const port = scheme === 'nats' ? broker().tcpPort : broker().wsPort;
    const gateway = await open(`town-${scheme}`, { url: `${scheme}://127.0.0.1:${port}`, live: [`pos.${scheme}.*`], prefix: '' });
    await stream.publish(`town-${scheme}.case`, JSON.stringify(report('now')));
    connection.publish(
      `pos.${scheme}.car-1`,
      JSON.stringify({ fact: 'fix', unitId: 'car-1', lonDeg: 120.5, latDeg: 30.7, observedAtMs: Date.now() }),
    );
    await vi.waitFor(() => expect(notes(gateway.journal)).toEqual(['kept', 'now']), { timeout: 15_000 });
    await vi.waitFor(() => expect(gateway.vitals.read().positions.accepted).toBe(1), { timeout: 15_000 });
  });

  test('both transports in one process do not meet: the library has one setting for all', async () => {
    await produce('both');
    const entry = (id: string, url: string) => ({ id, kind: 'nats', url, stream: 'both', adapter: 'json' });
    const urls = [`nats://127.0.0.1:${broker().tcpPort}`, `ws://127.0.0.1:${broker().wsPort}`];
    const sources = await readSourcesFile(writeSources({ sources: [0, 1, 2, 3].map((i) => entry(`s${i}`, urls[i % 2]!)) }), tinyTown);
    const gateway = await serveTinyTown({ sources, clock: createLiveClock() });
    await vi.waitFor(
      () => expect(gateway.vitals.read().sources.filter(({ kind, state }) => kind === 'nats' && state === 'live')).toHaveLength(4),
      { timeout: 15_000 },
    );
  });

  test('after a restart it goes on after the last message that the journal has, each once', async () => {
    const { stream } = await produce('resume');
    const journal = createMemoryJournal();
    const first = await open('resume', {}, journal);
    for (const id of ['a', 'b']) await stream.publish('resume.x', JSON.stringify(report(id)));
    await vi.waitFor(() => expect(notes(journal)).toEqual(['a', 'b']), { timeout: 15_000 });
    await first.close();
    for (const id of ['c', 'd']) await stream.publish('resume.x', JSON.stringify(report(id)));
    const second = await open('resume', {}, journal);
    await vi.waitFor(() => expect(notes(journal)).toEqual(['a', 'b', 'c', 'd']), { timeout: 15_000 });
    expect(health(second)).toMatchObject({ accepted: 2, repeated: 0 });
  });

  test('what the stream no longer has is a gap that is counted and told; a stream made anew begins from its first message', async () => {
    const { stream, manager } = await produce('gap');
    const journal = createMemoryJournal();
    const first = await open('gap', {}, journal);
    await stream.publish('gap.x', JSON.stringify(report('a')));
    await vi.waitFor(() => expect(notes(journal)).toEqual(['a']), { timeout: 15_000 });
    await first.close();
    for (const id of ['b', 'c', 'd']) await stream.publish('gap.x', JSON.stringify(report(id)));
    await manager.streams.purge('gap', { seq: 4 });
    const second = await open('gap', {}, journal);
    await vi.waitFor(() => expect(notes(journal)).toEqual(['a', 'd']), { timeout: 15_000 });
    expect(health(second).lastRefusals[0]).toMatchObject({
      code: 'gap',
      from: 'gap',
      message: 'up to 2 messages after 1 are no longer kept by the stream',
    });
    await second.close();
    await manager.streams.delete('gap');
    await manager.streams.add({ name: 'gap', subjects: ['gap.>'] });
    await stream.publish('gap.x', JSON.stringify(report('e')));
    const third = await open('gap', {}, journal);
    await vi.waitFor(() => expect(notes(journal)).toEqual(['a', 'd', 'e']), { timeout: 15_000 });
    expect(health(third).lastRefusals[0]!.message).toContain('made anew');
  });

  test('a server that lost the end of its stream, and numbers it again, is read on by time: nothing twice, nothing passed over', async () => {
    const { stream } = await produce('lost');
    const journal = createMemoryJournal();
    const first = await open('lost', {}, journal);
    for (const id of ['a', 'b']) await stream.publish('lost.x', JSON.stringify(report(id)));
    await vi.waitFor(() => expect(notes(journal)).toEqual(['a', 'b']), { timeout: 15_000 });
    await first.close();
    /** As if the last message taken had had another number before the server lost it. */
    const renumber = (seq: number): void => {
      const key = 'source/lost/cursor';
      journal.note(key, JSON.stringify({ ...(JSON.parse(journal.noted(key)!) as object), seq }));
    };
    renumber(9);
    await stream.publish('lost.x', JSON.stringify(report('c')));
    const second = await open('lost', {}, journal);
    await vi.waitFor(() => expect(notes(journal)).toEqual(['a', 'b', 'c']), { timeout: 15_000 });
    expect(health(second)).toMatchObject({ accepted: 1, repeated: 0 });
    expect(health(second).lastRefusals[0]).toMatchObject({ code: 'gap', from: 'lost' });
    expect(health(second).lastRefusals[0]!.message).toContain('has lost the end of the stream, up to 9, which this gateway has');
    await second.close();
    // Enough came since to reach the old number: it is another message.
    renumber(5);
    for (const id of ['d', 'e', 'f']) await stream.publish('lost.x', JSON.stringify(report(id)));
    const third = await open('lost', {}, journal);
    await vi.waitFor(() => expect(notes(journal)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']), { timeout: 15_000 });
    expect(health(third)).toMatchObject({ accepted: 3, repeated: 0, refusedByReason: [{ code: 'gap', count: 1 }] });
  });

  test('a server that dies, and one that freezes, are noticed within ten seconds and found again', async () => {
    const own = await startNats();
    onTestFinished(() => own.dispose());
    await produce('dead', own.tcpPort);
    const gateway = await open('dead', { url: `ws://127.0.0.1:${own.wsPort}` });
    await own.kill();
    await vi.waitFor(() => expect(health(gateway).state).toBe('connecting'), { timeout: 2000 });
    await own.start();
    await live(gateway);
    own.freeze();
    const frozenAtMs = performance.now();
    await vi.waitFor(() => expect(health(gateway).state).toBe('connecting'), { timeout: 10_000, interval: 20 });
    expect(performance.now() - frozenAtMs).toBeLessThan(9000);
    own.thaw();
    await live(gateway);
    const again = await produce('dead', own.tcpPort);
    await again.stream.publish('dead.x', JSON.stringify(report('after')));
    await vi.waitFor(() => expect(notes(gateway.journal)).toContain('after'), { timeout: 5000 });
  }, 40_000);

  test('orders leave on the subject of the unit', async () => {
    const { stream, connection } = await produce('orders');
    const heard: [string, unknown][] = [];
    connection.subscribe('field.>', {
      callback: (_error, { subject, data }) => void heard.push([subject, JSON.parse(new TextDecoder().decode(data))]),
    });
    const gateway = await open('orders', { orderSubject: 'field.{unitId}', prefix: '' });
    const unit = { fact: 'unit', id: 'car-8', kind: 'vehicle', name: { zh: '八', en: 'Eight' }, agencyId: 'ce' };
    await stream.publish('orders.x', JSON.stringify([unit, report('m1')]));
    await vi.waitFor(() => expect(notes(gateway.journal)).toEqual(['m1']), { timeout: 15_000 });
    const [incident] = gateway.journal.all('incident.updated');
    const by = { deskId: 'd', name: { zh: '人', en: 'Person' }, simulated: false };
    expect(gateway.intake.command('incident.dispatch', { incidentId: incident!.id, unitIds: ['car-8'] }, by, null)).toBeNull();
    await vi.waitFor(() => expect(heard).toMatchObject([['field.car-8', { kind: 'go', unitId: 'car-8', incidentId: 'm1' }]]), {
      timeout: 15_000,
    });
  });

  test('a source that has nothing to hear ends the start with file, field and reason', async () => {
    const entry = { id: 'deaf', kind: 'nats', url: 'nats://127.0.0.1:1', adapter: 'json' };
    const sources = await readSourcesFile(writeSources({ sources: [entry] }), tinyTown);
    await expect(serveTinyTown({ sources })).rejects.toThrow(/sources\.json: sources\[0\]\.stream or live: expected one of them/);
  });
});
