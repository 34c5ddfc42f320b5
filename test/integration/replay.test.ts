import { expect, test } from 'vitest';
import { v7 as uuidv7 } from 'uuid';
import type { ServerFrame, Snap } from '../../protocol/frames/server.ts';
import { createHandClock } from './handClock.ts';
import { serveTinyTown } from './testGateway.ts';
import type { TestGateway } from './testGateway.ts';
import { openWall } from './testWall.ts';
import type { TestWall } from './testWall.ts';
import { makeFix, makeReport } from './tinyTown.ts';

const START_MS = Date.UTC(2026, 4, 13, 2, 0, 0);
const SECOND = 1000;
const UNITS = ['car-1', 'car-2', 'car-3'];

/** What a wall shows, without what belongs to the telling: one text per fact. */
function factsOf(snaps: readonly Snap[]): Map<string, string> {
  const facts = new Map<string, string>();
  for (const snap of snaps) {
    for (const list of ['units', 'incidents', 'cameras', 'channels', 'detections', 'calls', 'alarms'] as const)
      for (const fact of snap[list] ?? []) facts.set(`${list}/${fact.id}`, JSON.stringify(fact));
    for (const single of ['mode', 'weather'] as const) if (snap[single]) facts.set(single, JSON.stringify(snap[single]));
  }
  return facts;
}
const listOf: Record<string, string> = {
  'unit.updated': 'units',
  'incident.updated': 'incidents',
  'camera.updated': 'cameras',
  'channel.updated': 'channels',
  'detection.updated': 'detections',
  'call.updated': 'calls',
  'alarm.updated': 'alarms',
};

/** A small seeded generator, so that a failure can be played again. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 0x1_0000_0000;
  };
}

/** Where units are by the position frames, newest last. */
function placesOf(frames: readonly ServerFrame[]): Record<string, unknown> {
  const places: Record<string, unknown> = {};
  for (const frame of frames) {
    if (frame.frame !== 'pos' || !('ids' in frame)) continue;
    for (const [i, id] of frame.ids.entries()) places[id] = [frame.lonDeg[i], frame.latDeg[i], frame.headingDeg[i], frame.observedAtMs[i]];
  }
  return places;
}

/** Ten minutes of a town: incidents reported, accepted, dispatched, driven to and closed, in an order that a seed decides. */
async function live(): Promise<{
  gateway: TestGateway;
  clock: ReturnType<typeof createHandClock>;
  then: Map<number, Shown>;
}> {
  const clock = createHandClock(START_MS);
  const gateway = await serveTinyTown({ clock });
  const random = createRandom(7);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const ids: string[] = [];
  const then = new Map<number, Shown>();
  const places: Record<string, unknown> = {};
  const person = { deskId: 'd', name: { zh: '席', en: 'Desk' }, simulated: true };
  for (let second = 0; second < 600; second++) {
    clock.advance(SECOND);
    const fixes = UNITS.map((id, n) => makeFix(id, clock.nowMs(), n * 1000 + second * 5));
    gateway.intake.fixes(fixes);
    for (const { id, lonDeg, latDeg, headingDeg, observedAtMs } of fixes)
      places[id] = [Math.round(lonDeg * 1e7) / 1e7, latDeg, headingDeg, observedAtMs];
    if (random() < 0.2) ids.push(gateway.intake.report(makeReport({ typeId: pick(['dog', 'digging']) })));
    if (ids.length > 0 && random() < 0.5) {
      const incidentId = pick(ids);
      const unitId = pick(UNITS);
      const deeds = [
        () => gateway.intake.command('incident.accept', { incidentId }, person, null),
        () => gateway.intake.command('incident.dispatch', { incidentId, unitIds: [unitId] }, person, null),
        () => gateway.intake.progress({ unitId, incidentId, step: pick(['setOut', 'arrived', 'handled'] as const) }),
        () => gateway.intake.command('incident.close', { incidentId, outcome: 'handled' }, person, 'done'),
      ];
      pick(deeds)();
    }
    if (random() < 0.25) then.set(clock.nowMs(), { facts: await now(gateway), places: { ...places } });
  }
  return { gateway, clock, then };
}
interface Shown {
  facts: Map<string, string>;
  places: Record<string, unknown>;
}
/** What a live wall is shown now. */
async function now(gateway: TestGateway): Promise<Map<string, string>> {
  const wall = openWall(gateway.feedUrl, { hello: { role: 'viewer', desk: { id: 'looker', name: { zh: '看', en: 'Looker' } } } });
  const facts = factsOf(await wall.snapshot());
  wall.socket.terminate();
  return facts;
}
const replayFrom = (gateway: TestGateway, atMs: number, rate: number, ack = true): TestWall =>
  openWall(gateway.feedUrl, { hello: { replay: { atMs, rate } }, ack });
/** The snapshot of the newest epoch, whole. */
async function lastSnapshot(wall: TestWall, welcomes: number): Promise<Snap[]> {
  await wall.until(
    'snapshot',
    () => wall.of('welcome').length >= welcomes && wall.frames.at(-1)!.frame !== 'welcome' && wall.of('snap').at(-1)?.last,
  );
  const from = wall.frames.findLastIndex((frame) => frame.frame === 'welcome' && !frame.resumed);
  return wall.frames.slice(from).filter((frame) => frame.frame === 'snap');
}

test('[P-11] the feed of now refuses to seek, and goes on', async () => {
  const gateway = await serveTinyTown();
  const wall = openWall(gateway.feedUrl);
  await wall.snapshot();
  wall.send({ frame: 'seek', atMs: null, rate: 2 });
  const err = await wall.until('refusal', () => wall.of('err')[0]);
  expect(err).toMatchObject({ code: 'notAllowed', path: 'frame', fatal: false });
  wall.send({ frame: 'ping', clientTimeMs: 1 });
  await wall.until('pong', () => wall.of('pong')[0]);
});

test('[P-11] the state at 100 and more random instants is the one that was live then', async () => {
  const { gateway, then } = await live();
  expect(then.size).toBeGreaterThan(100);
  const wall = replayFrom(gateway, START_MS, 0);
  await wall.snapshot();
  expect((await wall.welcome()).replay).toMatchObject({ toMs: START_MS + 600 * SECOND });
  let welcomes = 1;
  const random = createRandom(11);
  const shuffled = [...then].map((entry) => [random(), entry] as const).sort(([a], [b]) => a - b);
  for (const [, [atMs, { facts, places }]] of shuffled) {
    const heard = wall.frames.length;
    wall.send({ frame: 'seek', atMs, rate: 0 });
    const snaps = await lastSnapshot(wall, ++welcomes);
    await wall.until('positions', () => Object.keys(placesOf(wall.frames.slice(heard))).length === UNITS.length);
    expect(placesOf(wall.frames.slice(heard))).toEqual(places);
    expect(wall.of('welcome').at(-1)).toMatchObject({ serverTimeMs: atMs, clockRate: 0, resumed: false });
    expect(factsOf(snaps)).toEqual(facts);
  }
  expect(wall.state.invalid).toEqual([]);
  expect(gateway.faults).toEqual([]);
}, 60_000);

test('[P-11] what is played leads from the snapshot to the state that was live, event by event', async () => {
  const { gateway, then } = await live();
  const wall = replayFrom(gateway, START_MS + 60 * SECOND, 120);
  const facts = factsOf(await wall.snapshot());
  await wall.until('two minutes', () => (wall.of('hb').at(-1)?.serverTimeMs ?? 0) > START_MS + 200 * SECOND);
  wall.send({ frame: 'seek', atMs: null, rate: 0 });
  const stopped = await wall.until('pause', () => wall.of('welcome')[1]);
  expect(stopped).toMatchObject({ resumed: true, clockRate: 0, epoch: wall.of('welcome')[0]!.epoch });
  await new Promise((done) => setTimeout(done, 500)); // what was due when it stopped is still told
  const instants = [...then.keys()].filter((atMs) => atMs < stopped.serverTimeMs);
  expect(instants.length).toBeGreaterThan(10);
  const events = [...wall.of('ev')];
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, n) => n + 1));
  for (const atMs of instants.filter((ms) => ms > START_MS + 60 * SECOND)) {
    while (events[0] && Date.parse(events[0].ce.time) <= atMs) {
      const { type, data } = events.shift()!.ce;
      facts.set(listOf[type] ? `${listOf[type]}/${String(data.id)}` : type.split('.')[0]!, JSON.stringify(data));
    }
    expect(facts).toEqual(then.get(atMs)!.facts);
  }
  expect(wall.of('pos').length).toBeGreaterThan(3);
}, 60_000);

test('[P-11] the record ends with a pause, not in the present', async () => {
  const { gateway, clock } = await live();
  const endMs = clock.nowMs();
  const wall = replayFrom(gateway, endMs - 20 * SECOND, 60);
  const stop = await wall.until('the end', () => wall.of('welcome')[1]);
  expect(stop).toMatchObject({ resumed: true, clockRate: 0, serverTimeMs: endMs });
  gateway.intake.report(makeReport());
  const heard = wall.of('ev').length;
  wall.send({ frame: 'ping', clientTimeMs: 1 });
  await wall.until('pong', () => wall.of('pong')[0]);
  expect(wall.of('ev')).toHaveLength(heard);
  // The record has grown: it can be played on.
  clock.advance(5 * SECOND);
  wall.send({ frame: 'seek', atMs: null, rate: 10 });
  await wall.until('the new incident', () => wall.of('ev').length > heard);
}, 30_000);

test('[P-11] commands are refused, bookmarks go to the record of now and come back', async () => {
  const { gateway, then } = await live();
  const wall = replayFrom(gateway, [...then.keys()][20]!, 0);
  const snaps = await wall.snapshot();
  const incidentId = snaps[0]!.incidents[0]!.id;
  expect(await wall.command('incident.accept', { incidentId })).toMatchObject({ status: 'forbidden', error: { code: 'replaying' } });
  const added = await wall.command('bookmark.add', { atMs: START_MS + 1000, text: '此处出动偏慢', incidentId }, { expiresAtMs: START_MS });
  expect(added).toMatchObject({ status: 'applied', seq: null });
  const told = await wall.event('bookmark.updated');
  expect(told.ce.data).toMatchObject({ text: '此处出动偏慢', incidentId, state: 'kept' });
  expect([...gateway.journal.all('bookmark.updated')]).toHaveLength(1);
  wall.send({ frame: 'seek', atMs: START_MS + 5000, rate: 0 });
  expect((await lastSnapshot(wall, 2))[0]!.bookmarks).toHaveLength(1);
  expect(gateway.desk.counters.refused).toBe(0);
}, 30_000);

test('[P-11] questions are answered as of the replayed moment', async () => {
  const { gateway } = await live();
  const wall = replayFrom(gateway, START_MS + 300 * SECOND, 0);
  const [snap] = await wall.snapshot();
  const ask = async (kind: string, data: object) => {
    const id = uuidv7();
    wall.send({ frame: 'query', id, kind, data });
    return (await wall.until(kind, () => wall.of('part').find((part) => part.id === id))).items;
  };
  const track = await ask('track', { unitId: 'car-1', fromMs: START_MS, toMs: START_MS + 600 * SECOND, limit: 5000 });
  expect(track.at(-1)!.observedAtMs).toBeLessThanOrEqual(START_MS + 300 * SECOND);
  expect(track.length).toBeGreaterThan(20);
  const open = snap!.incidents.find((incident) => incident.state !== 'closed')!;
  for (const candidate of await ask('nearest', { incidentId: open.id, limit: 3 })) {
    const unit = snap!.units.find(({ id }) => id === candidate.unitId)!;
    // Free, or on a less severe matter, and then that is said.
    if (unit.status !== 'available') expect(candidate).toMatchObject({ reasons: expect.arrayContaining(['busyLessSevere']) as unknown });
  }
  expect(await ask('record', {})).toEqual([{ fromMs: START_MS, toMs: START_MS + 600 * SECOND }]);
  expect(await gateway.journal.accessLog(9)).toMatchObject([
    { action: 'track', deskId: 'wall-1', detail: { unitId: 'car-1' } },
    { action: 'replay', deskId: 'wall-1' },
  ]);
}, 30_000);

test('[P-11] a wall that takes nothing is held up alone, and one that leaves leaves nothing behind', async () => {
  const { gateway } = await live();
  const lazy = openWall(gateway.feedUrl, { hello: { replay: { atMs: START_MS, rate: 120 }, window: 10 }, ack: false });
  const keen = replayFrom(gateway, START_MS, 120);
  await keen.until('a hundred events', () => keen.of('ev').length > 100);
  expect(lazy.of('ev')).toHaveLength(10);
  lazy.send({ frame: 'ack', seq: 10 });
  await lazy.until('the next ten', () => lazy.of('ev').length === 20);
  const others = Array.from({ length: 6 }, () => replayFrom(gateway, START_MS, 1));
  await Promise.all(others.map((wall) => wall.snapshot()));
  const ninth = replayFrom(gateway, START_MS, 1);
  expect(await ninth.until('refusal', () => ninth.of('err')[0])).toMatchObject({ code: 'notAllowed', path: 'replay', fatal: true });
  for (const wall of [lazy, keen, ...others]) wall.socket.terminate();
  await Promise.all([lazy, keen, ...others].map((wall) => wall.closed()));
  const again = replayFrom(gateway, START_MS, 1);
  await again.snapshot();
  expect(gateway.faults).toEqual([]);
}, 30_000);
