import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { openFaultProxy } from '../support/faultProxy.ts';
import { serveTinyTown } from './testGateway.ts';
import { openWall } from './testWall.ts';
import { makeFix, makeReport } from './tinyTown.ts';

test('[P-06] heartbeats carry the head and what was sent; ping is answered', async () => {
  const gateway = await serveTinyTown({ feed: { heartbeatMs: 100 } });
  const wall = openWall(gateway.feedUrl, { hello: { window: 1 }, ack: false });
  const { heartbeatMs } = await wall.welcome();
  expect(heartbeatMs).toBe(100);
  gateway.intake.report(makeReport());
  const { headSeq } = gateway.journal;
  await wall.until('a heartbeat that shows the tail', () =>
    wall.of('hb').find((hb) => hb.headSeq === headSeq && hb.sentSeq === headSeq - 1),
  );
  wall.send({ frame: 'ping', clientTimeMs: 42 });
  const pong = await wall.until('pong', () => wall.of('pong')[0]);
  expect(pong.clientTimeMs).toBe(42);
  expect(Math.abs(pong.serverTimeMs - gateway.intake.clock.nowMs())).toBeLessThan(1000);
});
test('[P-06] a wall is never long without the time of the server, positions or not', async () => {
  const gateway = await serveTinyTown({ feed: { freshMs: 100, positionPeriodMs: 20 } });
  const wall = openWall(gateway.feedUrl);
  await wall.snapshot();
  await sleep(1000);
  // At least every 200 ms where 100 are asked for and timers are late; without `freshMs` none would come in a second.
  expect(wall.of('hb').length).toBeGreaterThanOrEqual(4);
  const quiet = wall.of('hb').length;
  for (let i = 0; i < 20; i++) {
    gateway.intake.fixes([makeFix('car-1', gateway.intake.clock.nowMs(), i)]);
    await sleep(40);
  }
  expect(wall.of('pos').length).toBeGreaterThan(10);
  expect(wall.of('hb').length - quiet).toBeLessThanOrEqual(3);
});
test('[P-06] a silent client is cut with bye, one that pings stays', async () => {
  const gateway = await serveTinyTown({ feed: { silenceMs: 400 } });
  const silent = openWall(gateway.feedUrl);
  const lively = openWall(gateway.feedUrl);
  await Promise.all([silent.welcome(), lively.welcome()]);
  const pings = setInterval(() => lively.send({ frame: 'ping', clientTimeMs: 1 }), 100);
  await silent.closed();
  clearInterval(pings);
  expect(silent.of('bye')).toMatchObject([{ retryDelayMs: 1000 }]);
  expect(lively.state.closeCode).toBeNull();
});
test('[P-06] a client that pings but never acknowledges is cut once its window has been full for long', async () => {
  const gateway = await serveTinyTown({ feed: { stallMs: 300 } });
  const wall = openWall(gateway.feedUrl, { hello: { window: 2 }, ack: false });
  await wall.welcome();
  const pings = setInterval(() => wall.send({ frame: 'ping', clientTimeMs: 1 }), 50);
  for (let i = 0; i < 5; i++) gateway.intake.report(makeReport());
  await wall.closed();
  clearInterval(pings);
  expect(wall.of('bye')).toHaveLength(1);
});
test('[P-06] a full window that was acknowledged is no reason to cut, however quiet it is then', async () => {
  const gateway = await serveTinyTown({ feed: { stallMs: 200 } });
  const wall = openWall(gateway.feedUrl, { hello: { window: 2 }, ack: false });
  await wall.snapshot();
  gateway.intake.report(makeReport());
  await wall.until('a full window', () => wall.of('ev').length === 2);
  wall.send({ frame: 'ack', seq: wall.of('ev')[1]!.seq });
  await sleep(1500);
  expect(wall.of('bye')).toHaveLength(0);
  expect(wall.state.closeCode).toBeNull();
});
test('[P-06] a gateway that stops says bye with a delay', async () => {
  const gateway = await serveTinyTown();
  const wall = openWall(gateway.feedUrl);
  await wall.welcome();
  await gateway.close();
  expect(wall.of('bye')).toMatchObject([{ retryDelayMs: 1000, reason: 'the gateway stops' }]);
  expect(await wall.closed()).toBe(1001);
});

test('[P-06] a network that carries nothing is noticed on both ends within ten seconds, a wall that says nothing is not taken for one', async () => {
  const gateway = await serveTinyTown();
  const proxy = await openFaultProxy(() => gateway.port);
  onTestFinished(() => proxy.close());
  const quiet = openWall(gateway.feedUrl, { ack: false });
  const lost = openWall(`ws://127.0.0.1:${proxy.port}/feed`);
  await Promise.all([quiet.snapshot(), lost.snapshot()]);
  proxy.mode = 'hole';
  const sinceMs = performance.now();
  const walls = (): string[] => gateway.vitals.read().feed.walls.map(({ deskId }) => deskId);
  while (gateway.vitals.read().feed.cutSilent === 0 && performance.now() - sinceMs < 15_000) await sleep(50);
  expect(performance.now() - sinceMs).toBeLessThan(10_500);
  expect(walls()).toHaveLength(1);
  expect(quiet.state.closeCode).toBeNull();
}, 30_000);
