import { expect, test } from 'vitest';
import { vitalsQuery } from '../../protocol/queries/vitals.ts';
import type { Journal } from '../../gateway/journal/journal.ts';
import { createMemoryJournal } from '../../gateway/journal/createMemoryJournal.ts';
import { serveTinyTown } from './testGateway.ts';
import { openWall } from './testWall.ts';
import { makeFix, makeReport } from './tinyTown.ts';

const figure = (text: string, name: string): number =>
  Number(new RegExp(`^${name.replace(/[{}"]/g, '\\$&')} (\\S+)$`, 'm').exec(text)?.[1]);

test('vitals tell walls, positions, refusals and journal as they are', async () => {
  const gateway = await serveTinyTown();
  const wall = openWall(gateway.feedUrl, { hello: { desk: { id: 'desk-7', name: { zh: '七', en: 'Seven' } } } });
  await wall.snapshot();
  gateway.intake.report(makeReport());
  await wall.event('incident.updated');
  const nowMs = gateway.intake.clock.nowMs();
  gateway.intake.fixes([makeFix('car-1', nowMs), makeFix('car-2', nowMs), makeFix('nobody', nowMs), makeFix('car-3', nowMs + 60_000)]);
  wall.send({ frame: 'ack', seq: 1e9 });
  wall.send('{"frame":"cmd"}');
  await wall.until('two errors', () => wall.of('err').length === 2);
  wall.send({ frame: 'query', id: 'v', kind: 'vitals', data: {} });
  const { items } = await wall.until('part', () => wall.of('part')[0]);
  const vitals = vitalsQuery.item.parse(items[0]);
  expect(vitals).toMatchObject({
    healthy: true,
    reasons: [],
    positions: { units: 2, accepted: 2 },
    journal: { headSeq: gateway.journal.headSeq, committedSeq: gateway.journal.committedSeq },
  });
  expect(vitals.positions.refused).toEqual(
    expect.arrayContaining([
      { code: 'unknownUnit', count: 1 },
      { code: 'future', count: 1 },
    ]),
  );
  expect(vitals.feed.walls).toMatchObject([{ deskId: 'desk-7', binary: false, skippedTicks: 0 }]);
  expect(vitals.feed.refused).toEqual([{ code: 'badField', count: 2 }]);
  // Newest first, and nothing of the frame itself: it could hold the token.
  expect(vitals.feed.lastRefusals.map(({ from, code, sample }) => [from, code, sample])).toEqual([
    ['desk-7', 'badField', ''],
    ['desk-7', 'badField', ''],
  ]);
  expect(vitals.sources).toMatchObject([{ id: 'tiny/test', kind: 'scene', state: 'live' }]);
  expect(JSON.stringify(vitals)).not.toContain(gateway.token);
});

test('only the last twenty refusals are kept, all are counted', async () => {
  const gateway = await serveTinyTown();
  const wall = openWall(gateway.feedUrl);
  await wall.snapshot();
  for (let i = 0; i < 30; i++) wall.send({ frame: 'ack', seq: 1e6 + i });
  await wall.until('thirty errors', () => wall.of('err').length === 30);
  const { refused, lastRefusals } = gateway.vitals.read().feed;
  expect(refused).toEqual([{ code: 'badField', count: 30 }]);
  expect(lastRefusals).toHaveLength(20);
  expect(lastRefusals[0]!.message).toContain('1000029');
  expect(lastRefusals.at(-1)!.message).toContain('1000010');
});

test('/healthz turns 503 with the reasons: journal stuck, budget used up, source away', async () => {
  const memory = createMemoryJournal();
  const change = { stuck: false, full: false };
  const journal: Journal = Object.create(memory, {
    stats: {
      value: () => ({
        ...memory.stats(),
        pending: change.stuck ? 3 : 0,
        budgetBytes: 1e9,
        directoryBytes: change.full ? 2e9 : 5e8,
      }),
    },
  }) as Journal;
  const gateway = await serveTinyTown({ journal, healthLimits: { commitStuckMs: 50, sourceDownMs: 60_000 } });
  const ask = async (): Promise<[number, string[]]> => {
    const response = await fetch(`${gateway.url}/healthz`);
    return [response.status, ((await response.json()) as { reasons: string[] }).reasons];
  };
  expect(await ask()).toEqual([200, []]);
  change.stuck = true;
  await expect.poll(ask).toEqual([503, [expect.stringMatching(/^the journal is not writable: 3 events wait/)]]);
  change.stuck = false;
  change.full = true;
  expect(await ask()).toEqual([503, ['the size budget is used up: 2000 MB of 1000 MB']]);
  change.full = false;
  const [scene] = gateway.vitals.read().sources;
  const away = { ...scene!, adapter: '', messages: 0, bytes: 0, acceptedByKind: {}, refusedByReason: {}, lastRefusals: [], orders: 0 };
  const source = (state: 'connecting' | 'live', forMs: number) => ({
    ...away,
    connects: 0,
    id: 'mqtt-town',
    state,
    reason: state === 'live' ? null : 'connection refused',
    sinceMs: gateway.intake.clock.nowMs() - forMs,
  });
  gateway.vitals.hand('sources', () => [source('connecting', 30_000)]);
  expect(await ask()).toEqual([200, []]);
  gateway.vitals.hand('sources', () => [source('connecting', 75_000)]);
  expect(await ask()).toEqual([503, ['source mqtt-town is connecting for 75 s: connection refused']]);
  gateway.vitals.hand('sources', () => [source('live', 75_000)]);
  expect(await ask()).toEqual([200, []]);
});

test('/metrics tells the same figures to Prometheus', async () => {
  const gateway = await serveTinyTown();
  const wall = openWall(gateway.feedUrl);
  await wall.snapshot();
  gateway.intake.report(makeReport());
  await wall.event('incident.updated');
  gateway.intake.fixes([makeFix('car-1', gateway.intake.clock.nowMs()), makeFix('nobody', gateway.intake.clock.nowMs())]);
  const scrape = async (): Promise<string> => {
    const response = await fetch(`${gateway.url}/metrics`);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    return response.text();
  };
  const text = await scrape();
  expect(figure(text, 'wanglou_healthy')).toBe(1);
  expect(figure(text, 'wanglou_feed_walls')).toBe(1);
  expect(figure(text, 'wanglou_fixes_accepted_total')).toBe(1);
  expect(figure(text, 'wanglou_fixes_refused_total{reason="unknownUnit"}')).toBe(1);
  expect(figure(text, 'wanglou_journal_head_seq')).toBe(gateway.journal.headSeq);
  expect(figure(text, 'wanglou_source_up{source="tiny/test",kind="scene"}')).toBe(1);
  // A counter that is filled anew with each scrape must not grow by itself.
  expect(figure(await scrape(), 'wanglou_fixes_accepted_total')).toBe(1);
  await expect.poll(async () => figure(await scrape(), 'wanglou_event_loop_delay_seconds_count')).toBeGreaterThan(2);
  expect(text).not.toContain(gateway.token);
});

test('/metrics needs the token as soon as somebody else may be asking', async () => {
  const gateway = await serveTinyTown({ allowOrigins: ['https://wall.example'] });
  const ask = async (headers: Record<string, string>): Promise<number> => (await fetch(`${gateway.url}/metrics`, { headers })).status;
  expect(await ask({})).toBe(200);
  for (const proxied of [{ 'X-Forwarded-For': '10.1.2.3' }, { Forwarded: 'for=10.1.2.3' }, { Via: '1.1 proxy' }]) {
    expect(await ask(proxied)).toBe(401);
    expect(await ask({ ...proxied, Authorization: 'Bearer not-the-token' })).toBe(401);
    expect(await ask({ ...proxied, Authorization: `Bearer ${gateway.token}` })).toBe(200);
  }
});

test('a task of the source that throws is said, counted and told; the rest goes on', async () => {
  const gateway = await serveTinyTown();
  const { clock } = gateway.intake;
  let turns = 0;
  const goesOn = new Promise<void>((done) => {
    const stop = clock.every(5, () => {
      turns += 1;
      if (turns < 3) throw new Error('a broken scene');
      stop();
      done();
    });
  });
  await goesOn;
  expect(gateway.faults).toMatchObject([{ message: 'a broken scene' }]);
  expect(gateway.vitals.read()).toMatchObject({ healthy: true, warnings: ['2 tasks failed since the start; the last: a broken scene'] });
});
