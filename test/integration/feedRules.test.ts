import { describe, expect, test } from 'vitest';
import { v7 as uuidv7 } from 'uuid';
import { createMemoryJournal } from '../../gateway/journal/createMemoryJournal.ts';
import { serveTinyTown } from './testGateway.ts';
import { openWall } from './testWall.ts';
import { makeFix, makeReport, makeUnit } from './tinyTown.ts';

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

describe('[P-01] hello first', () => {
  test('[P-01] another frame before hello ends the connection with helloExpected', async () => {
    const gateway = await serveTinyTown();
    const wall = openWall(gateway.feedUrl, { greet: false });
    await wall.until('open', () => wall.socket.readyState === 1);
    wall.send({ frame: 'ping', clientTimeMs: 1 });
    expect(await wall.closed()).toBe(1008);
    expect(wall.of('err')).toMatchObject([{ code: 'helloExpected', fatal: true }]);
    expect(wall.of('welcome')).toHaveLength(0);
  });
  test('[P-01] silence ends with helloTimeout', async () => {
    const gateway = await serveTinyTown({ feed: { helloDeadlineMs: 100 } });
    const wall = openWall(gateway.feedUrl, { greet: false });
    expect(await wall.closed()).toBe(1008);
    expect(wall.of('err')).toMatchObject([{ code: 'helloTimeout', fatal: true }]);
  });
  test('[P-01] a wrong or missing token is refused, one in the Authorization header is taken', async () => {
    const gateway = await serveTinyTown();
    for (const token of ['a-test-tokem', 'a-test-token ', '', null]) {
      const wall = openWall(gateway.feedUrl, { hello: { token } });
      await wall.closed();
      expect(wall.of('err')).toMatchObject([{ code: 'badToken', fatal: true }]);
    }
    const program = openWall(gateway.feedUrl, { hello: { token: null }, ws: { headers: { Authorization: 'Bearer a-test-token' } } });
    expect(await program.welcome()).toMatchObject({ v: 1, resumed: false });
  });
  test('[P-01] pages of a foreign origin are refused, our own and listed ones come in', async () => {
    const gateway = await serveTinyTown({ allowOrigins: ['https://wall.example:8443'] });
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1', 'https://wall.example']) {
      const wall = openWall(gateway.feedUrl, { ws: { origin } });
      expect(await wall.until('refusal', () => wall.state.httpStatus)).toBe(403);
    }
    for (const origin of [gateway.url, 'app://wall', 'https://wall.example:8443']) {
      expect(await openWall(gateway.feedUrl, { ws: { origin } }).welcome()).toMatchObject({ frame: 'welcome' });
    }
  });
  test('a name that was rebound to loopback is refused at the upgrade', async () => {
    const gateway = await serveTinyTown();
    const wall = openWall(gateway.feedUrl, { ws: { headers: { Host: `evil.example:${gateway.port}` } } });
    expect(await wall.until('refusal', () => wall.state.httpStatus)).toBe(421);
  });
});

describe('[P-02] resume or snapshot', () => {
  test('[P-02] a known cursor gets exactly the events after it', async () => {
    const gateway = await serveTinyTown();
    const first = openWall(gateway.feedUrl);
    await first.snapshot();
    gateway.intake.report(makeReport());
    await first.event('incident.updated');
    const resume = first.cursor();
    first.socket.terminate();
    for (let i = 0; i < 5; i++) gateway.intake.report(makeReport());
    const second = openWall(gateway.feedUrl, { hello: { resume } });
    expect(await second.welcome()).toMatchObject({ resumed: true, gap: null, headSeq: gateway.journal.headSeq });
    await second.until('all events', () => second.of('ev').at(-1)?.seq === gateway.journal.headSeq);
    expect(second.of('ev').map((ev) => ev.seq)).toEqual(
      Array.from({ length: gateway.journal.headSeq - resume.seq }, (_, i) => resume.seq + 1 + i),
    );
    expect(second.of('snap')).toHaveLength(0);
  });
  test('[P-02] no cursor, another epoch, a cursor ahead of the log and one that is too old get a snapshot and the reason', async () => {
    const gateway = await serveTinyTown({ journal: createMemoryJournal({ retention: 8 }) });
    for (let i = 0; i < 20; i++) gateway.intake.report(makeReport());
    const { epoch, headSeq } = gateway.journal;
    const cases = [
      { resume: null, gap: { reason: 'noCursor', missed: null } },
      { resume: { epoch: 'another', seq: headSeq }, gap: { reason: 'otherEpoch', missed: null } },
      { resume: { epoch, seq: headSeq + 1 }, gap: { reason: 'otherEpoch', missed: null } },
      { resume: { epoch, seq: headSeq - 9 }, gap: { reason: 'tooOld', missed: 9 } },
    ] as const;
    for (const { resume, gap } of cases) {
      const wall = openWall(gateway.feedUrl, { hello: { resume } });
      expect(await wall.welcome()).toMatchObject({ resumed: false, gap });
      const [snap] = await wall.snapshot();
      expect(snap).toMatchObject({ seq: headSeq, part: 0, last: true });
      expect(snap!.incidents).toHaveLength(20);
      expect(snap!.units).toHaveLength(3);
      expect(snap!.mode).toMatchObject({ mode: 'routine' });
      expect(wall.state.invalid).toEqual([]);
    }
    const edge = openWall(gateway.feedUrl, { hello: { resume: { epoch, seq: headSeq - 8 } } });
    expect(await edge.welcome()).toMatchObject({ resumed: true });
  });
  test('[P-02] a snapshot larger than a frame comes in parts below 1 MiB that add up', async () => {
    const gateway = await serveTinyTown();
    const note = { zh: '长'.repeat(2000), en: 'long '.repeat(800) };
    for (let i = 0; i < 300; i++) gateway.intake.report(makeReport({ note }));
    const sizes: number[] = [];
    const wall = openWall(gateway.feedUrl);
    wall.socket.on('message', (data: Buffer) => sizes.push(data.length));
    const parts = await wall.snapshot();
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.map((part) => part.part)).toEqual(parts.map((_, i) => i));
    expect(new Set(parts.flatMap((part) => part.incidents.map((incident) => incident.id))).size).toBe(300);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1 << 20);
    expect(wall.state.invalid).toEqual([]);
  });
});

describe('[P-03] one log, a cursor for each client, a window', () => {
  test('[P-03] events stop at the window until they are acknowledged, for this client alone', async () => {
    const gateway = await serveTinyTown();
    const slow = openWall(gateway.feedUrl, { hello: { window: 4 }, ack: false });
    const quick = openWall(gateway.feedUrl, { hello: { window: 4 } });
    await Promise.all([slow.snapshot(), quick.snapshot()]);
    for (let i = 0; i < 10; i++) gateway.intake.report(makeReport());
    const head = gateway.journal.headSeq;
    await quick.until('everything', () => quick.of('ev').at(-1)?.seq === head);
    await sleep(50);
    expect(slow.of('ev')).toHaveLength(4);
    slow.send({ frame: 'ack', seq: slow.of('ev')[1]!.seq });
    await slow.until('two more', () => slow.of('ev').length === 6);
    await sleep(50);
    expect(slow.of('ev')).toHaveLength(6);
    expect(slow.of('err')).toHaveLength(0);
  });
  test('[P-03] two walls hear the same events in the same order', async () => {
    const gateway = await serveTinyTown();
    const walls = [openWall(gateway.feedUrl), openWall(gateway.feedUrl, { protocols: ['feed.v1.bin'], hello: { window: 3 } })];
    await Promise.all(walls.map((wall) => wall.snapshot()));
    for (let i = 0; i < 50; i++) {
      gateway.intake.report(makeReport({ typeId: i % 2 ? 'dog' : 'digging' }));
      if (i % 10 === 0) await sleep(1);
    }
    const head = gateway.journal.headSeq;
    const [one, two] = await Promise.all(
      walls.map((wall) => wall.until('everything', () => wall.of('ev').at(-1)?.seq === head && wall.of('ev'))),
    );
    expect(two).toEqual(one);
    expect(one!.length).toBeGreaterThanOrEqual(100);
  });
  test('[P-03] [P-04] positions for a client that does not read are skipped and counted, the newest wins, nobody else waits', async () => {
    const gateway = await serveTinyTown({ feed: { positionPeriodMs: 10, highWaterBytes: 20_000 } });
    for (let i = 0; i < 2000; i++) gateway.intake.unit(makeUnit(`many-${i}`));
    const slow = openWall(gateway.feedUrl, { strict: false });
    const quick = openWall(gateway.feedUrl, { strict: false });
    await Promise.all([slow.snapshot(), quick.snapshot()]);
    slow.socket.pause();
    let tick = 0;
    const health = async (): Promise<{ feed: { skippedTicks: number } }> => (await fetch(`${gateway.url}/healthz`)).json() as never;
    // The kernel's buffers of a loopback connection hold some MiB before the gateway's own begin to fill.
    while ((await health()).feed.skippedTicks < 5) {
      tick += 1;
      gateway.intake.fixes(Array.from({ length: 2000 }, (_, i) => makeFix(`many-${i}`, gateway.intake.clock.nowMs(), tick)));
      await sleep(5);
      expect(tick).toBeLessThan(3000);
    }
    gateway.intake.fixes([makeFix('many-7', gateway.intake.clock.nowMs(), 1234)]);
    const atTheLastFix = (wall: typeof slow): boolean =>
      wall
        .of('pos')
        .some(
          (pos) =>
            'ids' in pos && pos.ids.some((id, i) => id === 'many-7' && Math.abs(pos.lonDeg[i]! - makeFix('', 0, 1234).lonDeg) < 1e-6),
        );
    await quick.until('newest', () => atTheLastFix(quick));
    const heardWhilePaused = slow.of('pos').length;
    slow.socket.resume();
    await slow.until('newest', () => atTheLastFix(slow), 10_000);
    expect(slow.of('pos').length).toBeGreaterThan(heardWhilePaused);
    expect(slow.of('pos').length).toBeLessThan(quick.of('pos').length);
  }, 30_000);
  test('positions arrive as columns in JSON and as one binary frame, and only for units that moved', async () => {
    const gateway = await serveTinyTown({ feed: { positionPeriodMs: 20 } });
    const json = openWall(gateway.feedUrl);
    const binary = openWall(gateway.feedUrl, { protocols: ['feed.v1.json', 'feed.v1.bin'] });
    const [{ units }] = [(await binary.snapshot())[0]!];
    await json.snapshot();
    const atMs = gateway.intake.clock.nowMs();
    gateway.intake.fixes([makeFix('car-1', atMs, 100), makeFix('car-2', atMs, 200)]);
    const pos = await json.until('pos', () => json.of('pos')[0]);
    expect(pos).toMatchObject({ ids: ['car-1', 'car-2'], headingDeg: [90, 90], speedMps: [5, 5] });
    const columns = await binary.until('binary pos', () => binary.binary[0]);
    const handles = ['car-1', 'car-2'].map((id) => units.find((unit) => unit.id === id)!.handle);
    expect(columns.map((fix) => fix.handle)).toEqual(handles);
    expect(Math.abs(columns[1]!.lonDeg - makeFix('', 0, 200).lonDeg)).toBeLessThan(1e-7);
    expect(binary.of('pos')).toHaveLength(0);
    gateway.intake.fixes([makeFix('car-2', atMs + 10, 210)]);
    expect(await json.until('second pos', () => json.of('pos')[1])).toMatchObject({ ids: ['car-2'] });
    expect(json.state.invalid).toEqual([]);
  });
});

describe('[P-05] commands', () => {
  test('[P-05] a command is applied once however often it is sent, also over a new connection, and told to all by ev alone', async () => {
    const gateway = await serveTinyTown();
    const incidentId = gateway.intake.report(makeReport());
    const [wall, other] = [openWall(gateway.feedUrl), openWall(gateway.feedUrl, { hello: { role: 'viewer' } })];
    await Promise.all([wall.snapshot(), other.snapshot()]);
    const id = uuidv7();
    const first = await wall.command('incident.accept', { incidentId }, { id, rev: 1 });
    expect(first).toMatchObject({ status: 'applied', error: null });
    const heard = await Promise.all([wall, other].map((w) => w.event('incident.updated')));
    expect(heard.map((ev) => [ev.seq, ev.ce.data['state']])).toEqual([
      [first.seq, 'accepted'],
      [first.seq, 'accepted'],
    ]);
    wall.socket.terminate();
    const again = openWall(gateway.feedUrl, { hello: { resume: wall.cursor() } });
    await again.welcome();
    expect(await again.command('incident.accept', { incidentId }, { id, rev: 1 })).toMatchObject({ status: 'duplicate', seq: first.seq });
    await sleep(50);
    expect(other.of('ev').filter((ev) => ev.ce.type === 'incident.updated')).toHaveLength(1);
  });
  test('[P-05] of two that press at once one is told of the conflict', async () => {
    const gateway = await serveTinyTown();
    const incidentId = gateway.intake.report(makeReport());
    const walls = [openWall(gateway.feedUrl), openWall(gateway.feedUrl)];
    await Promise.all(walls.map((wall) => wall.snapshot()));
    const answers = await Promise.all(
      walls.map((wall, i) => wall.command('incident.dispatch', { incidentId, unitIds: [`car-${i + 1}`] }, { rev: 1 })),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual(['applied', 'conflict']);
    expect(gateway.orders).toHaveLength(1);
  });
  test('[P-05] an expired command does nothing, a viewer may not command, an unknown type and bad data are answered', async () => {
    const gateway = await serveTinyTown();
    const incidentId = gateway.intake.report(makeReport());
    const head = gateway.journal.headSeq;
    const leader = openWall(gateway.feedUrl);
    const viewer = openWall(gateway.feedUrl, { hello: { role: 'viewer' } });
    await Promise.all([leader.welcome(), viewer.welcome()]);
    expect(await leader.command('incident.accept', { incidentId }, { expiresAtMs: Date.now() - 10_000 })).toMatchObject({
      status: 'expired',
    });
    expect(await viewer.command('incident.accept', { incidentId })).toMatchObject({ status: 'forbidden', seq: null });
    expect(await leader.command('incident.explode', {})).toMatchObject({ status: 'rejected', error: { code: 'unknownCommand' } });
    expect(await leader.command('incident.dispatch', { incidentId, unitIds: ['car-1', 7] })).toMatchObject({
      status: 'rejected',
      error: { code: 'badField', path: 'data.unitIds[1]' },
    });
    expect(gateway.journal.headSeq).toBe(head);
  });
  test('queries: nearest by road, track, and what cannot be answered', async () => {
    const gateway = await serveTinyTown();
    const incidentId = gateway.intake.report(makeReport());
    const atMs = gateway.intake.clock.nowMs();
    gateway.intake.fixes([makeFix('car-1', atMs, 900), makeFix('car-2', atMs, 300), makeFix('car-3', atMs, 600)]);
    const wall = openWall(gateway.feedUrl);
    await wall.snapshot();
    wall.send({ frame: 'query', id: 'q1', kind: 'nearest', data: { incidentId, limit: 2 } });
    const part = await wall.until('part', () => wall.of('part')[0]);
    expect(part).toMatchObject({
      id: 'q1',
      n: 0,
      last: true,
      items: [
        { unitId: 'car-2', etaS: 30 },
        { unitId: 'car-3', etaS: 60 },
      ],
    });
    wall.send({ frame: 'query', id: 'q2', kind: 'track', data: { unitId: 'car-1', fromMs: 0, toMs: atMs + 1000, limit: 10 } });
    expect((await wall.until('part', () => wall.of('part')[1])).items).toHaveLength(1);
    wall.send({ frame: 'query', id: 'q3', kind: 'horoscope', data: {} });
    expect(await wall.until('part', () => wall.of('part')[2])).toMatchObject({ id: 'q3', last: true, items: [] });
    expect(wall.of('err')).toMatchObject([{ code: 'unknownQuery', path: 'kind', fatal: false }]);
    expect(wall.state.invalid).toEqual([]);
  });
});

test('[P-07] fixes of the future, of the past, of nobody and of nowhere are refused and counted', async () => {
  const gateway = await serveTinyTown({ feed: { positionPeriodMs: 20 } });
  const wall = openWall(gateway.feedUrl);
  await wall.snapshot();
  const atMs = gateway.intake.clock.nowMs();
  gateway.intake.fixes([
    makeFix('car-1', atMs, 10),
    makeFix('car-1', atMs - 1, 99),
    makeFix('car-2', atMs + 6000, 99),
    makeFix('nobody', atMs, 99),
    { ...makeFix('car-3', atMs), latDeg: NaN },
  ]);
  expect(await wall.until('pos', () => wall.of('pos')[0])).toMatchObject({ ids: ['car-1'] });
  const health = (await (await fetch(`${gateway.url}/healthz`)).json()) as { fixes: unknown };
  expect(health.fixes).toMatchObject({ accepted: 1, refused: { old: 1, future: 1, unknownUnit: 1, badField: 1 } });
});

describe('[P-08] limits', () => {
  const nested = (depth: number): object => (depth === 0 ? {} : { a: nested(depth - 1) });
  const cmd = (data: object): object => ({ frame: 'cmd', id: uuidv7(), type: 'x', rev: null, expiresAtMs: 1, data, reason: null });
  test.each([
    ['a frame over 64 KiB', JSON.stringify({ frame: 'ping', clientTimeMs: 1, list: Array<number>(40_000).fill(1) }), 'tooLarge', null],
    ['a string over 4,096 units', JSON.stringify(cmd({ note: 'x'.repeat(4097) })), 'tooLarge', 'data.note'],
    ['nesting over 16', JSON.stringify(cmd(nested(16))), 'tooDeep', `data${'.a'.repeat(15)}`],
    ['a field out of range', JSON.stringify({ frame: 'ack', seq: -1 }), 'badField', 'seq'],
    ['an ack of what was never sent', JSON.stringify({ frame: 'ack', seq: 1e9 }), 'badField', 'seq'],
  ])('[P-08] %s is refused with the path, and the connection goes on', async (_what, text, code, path) => {
    const gateway = await serveTinyTown();
    const wall = openWall(gateway.feedUrl);
    const { limits } = await wall.welcome();
    expect(limits).toEqual({ maxDownBytes: 1 << 20, maxUpBytes: 64 << 10, maxFixes: 5000, maxDepth: 16, maxStringLength: 4096 });
    wall.send(text);
    expect(await wall.until('err', () => wall.of('err')[0])).toMatchObject({ code, path, fatal: false });
    wall.send({ frame: 'ping', clientTimeMs: 1 });
    await wall.until('pong', () => wall.of('pong')[0]);
  });
  test('[P-08] a flood of commands is refused as tooFast and answered', async () => {
    const gateway = await serveTinyTown({ feed: { commandsPerS: 5 } });
    const incidentId = gateway.intake.report(makeReport());
    const wall = openWall(gateway.feedUrl);
    await wall.welcome();
    const answers = await Promise.all(Array.from({ length: 30 }, () => wall.command('incident.accept', { incidentId })));
    expect(answers.filter((answer) => answer.error?.code === 'tooFast').length).toBeGreaterThanOrEqual(15);
    expect(answers[0]).toMatchObject({ status: 'applied' });
  });
  test('[P-08] a flood of queries is refused as tooFast, and every one has its last part', async () => {
    const gateway = await serveTinyTown({ feed: { queriesPerS: 5 } });
    const incidentId = gateway.intake.report(makeReport());
    const wall = openWall(gateway.feedUrl);
    await wall.snapshot();
    for (let i = 0; i < 30; i++) wall.send({ frame: 'query', id: `q${i}`, kind: 'nearest', data: { incidentId, limit: 1 } });
    await wall.until('all parts', () => wall.of('part').length === 30);
    expect(
      wall
        .of('part')
        .filter((part) => part.last)
        .map((part) => part.id),
    ).toEqual(Array.from({ length: 30 }, (_, i) => `q${i}`));
    expect(wall.of('err').filter((err) => err.code === 'tooFast' && !err.fatal).length).toBeGreaterThanOrEqual(15);
  });
  test('[P-08] one who asks and does not read is not answered into memory', async () => {
    const gateway = await serveTinyTown({ feed: { highWaterBytes: 1 << 16, queriesPerS: 1e6, framesPerS: 1e6 } });
    for (let i = 0; i < 1000; i++) gateway.intake.fixes([makeFix('car-1', gateway.intake.clock.nowMs() - 6_000_000 + i * 6000, i)]);
    const wall = openWall(gateway.feedUrl);
    await wall.snapshot();
    wall.socket.pause();
    const data = { unitId: 'car-1', fromMs: 0, toMs: 4e12, limit: 20_000 };
    for (let i = 0; i < 1000; i++) wall.send({ frame: 'query', id: `q${i}`, kind: 'track', data });
    const refused = async (): Promise<number> => {
      const { feed } = (await (await fetch(`${gateway.url}/healthz`)).json()) as { feed: { refusedFrames: { tooFast?: number } } };
      return feed.refusedFrames.tooFast ?? 0;
    };
    // What lies in the sockets of the system is some megabytes; a thousand answers would be a hundred.
    await expect.poll(refused, { timeout: 5000 }).toBeGreaterThan(500);
  });
});

describe('[P-10] versions', () => {
  test('[P-10] a subprotocol that we do not speak and another version are refused', async () => {
    const gateway = await serveTinyTown();
    const wall = openWall(gateway.feedUrl, { protocols: ['feed.v9.json'] });
    expect(await wall.until('refusal', () => wall.state.httpStatus)).toBe(400);
    const old = openWall(gateway.feedUrl, { hello: { v: 2 as 1 } });
    await old.closed();
    expect(old.of('err')).toMatchObject([{ code: 'badVersion', path: 'v', fatal: true }]);
  });
  test('[P-10] binary is chosen where both are offered', async () => {
    const gateway = await serveTinyTown();
    const wall = openWall(gateway.feedUrl, { protocols: ['feed.v1.json', 'feed.v1.bin'] });
    expect((await wall.welcome()).capabilities).toContain('binaryPositions');
    expect(wall.socket.protocol).toBe('feed.v1.bin');
  });
});
