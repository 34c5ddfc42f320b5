import { expect, onTestFinished, test } from 'vitest';
import { serveRelay } from '../../gateway/relay/serveRelay.ts';
import { serveTinyTown } from './testGateway.ts';
import { openWall } from './testWall.ts';
import type { TestWall } from './testWall.ts';
import { tinyTown } from './tinyTown.ts';

const as = (id: string, role: 'viewer' | 'operator' | 'leader' = 'operator') => ({
  hello: { desk: { id, name: { zh: `席 ${id}`, en: `Desk ${id}` } }, role },
});
const look = (wall: TestWall, id: string | null) => wall.send({ frame: 'look', at: id === null ? null : { kind: 'incident', id } });
const told = (wall: TestWall) => wall.of('desks').at(-1)?.desks ?? [];
const where = (wall: TestWall) =>
  told(wall)
    .map((desk) => `${desk.id}@${desk.at?.id ?? '-'}`)
    .sort()
    .join(' ');
const sees = (wall: TestWall, picture: string) => wall.until(`${picture}, not ${where(wall)}`, () => where(wall) === picture);

test('[P-12] two desks see where the other is; a killed socket is gone; nothing of it is in the journal', async () => {
  const gateway = await serveTinyTown();
  const one = openWall(gateway.feedUrl, as('one', 'leader'));
  const two = openWall(gateway.feedUrl, as('two'));
  await Promise.all([one.snapshot(), two.snapshot()]);
  const head = gateway.journal.headSeq;
  look(one, 'inc-1');
  await sees(two, 'one@inc-1 two@-');
  expect(told(two).find((desk) => desk.id === 'one')).toMatchObject({ role: 'leader', name: { en: 'Desk one' }, follows: false });
  look(two, 'inc-1');
  await sees(one, 'one@inc-1 two@inc-1');
  // A tab that was duplicated carries the id of the desk: they are one, and the last look counts.
  const twin = openWall(gateway.feedUrl, as('two'));
  await twin.snapshot();
  look(twin, 'inc-2');
  await sees(one, 'one@inc-1 two@inc-2');
  twin.socket.terminate();
  await sees(one, 'one@inc-1 two@inc-1');
  two.socket.terminate();
  await sees(one, 'one@inc-1');
  expect(gateway.journal.headSeq).toBe(head);
  expect([...one.state.invalid, ...two.state.invalid]).toEqual([]);
  expect(gateway.faults).toEqual([]);
});

test('[P-12] a storm of looks costs few frames, the newest wins, and too many are refused by name', async () => {
  const gateway = await serveTinyTown();
  const quiet = openWall(gateway.feedUrl, as('quiet'));
  const busy = openWall(gateway.feedUrl, as('busy'));
  await Promise.all([quiet.snapshot(), busy.snapshot()]);
  await sees(quiet, 'busy@- quiet@-');
  const before = quiet.of('desks').length;
  for (let i = 0; i < 100; i += 1) look(busy, `inc-${i}`);
  await busy.until('refusals', () => busy.of('err').length >= 75);
  expect(new Set(busy.of('err').map((err) => `${err.code} ${err.fatal}`))).toEqual(new Set(['tooFast false']));
  await new Promise((done) => setTimeout(done, 500));
  look(busy, 'inc-last');
  await sees(quiet, 'busy@inc-last quiet@-');
  expect(quiet.of('desks').length - before).toBeLessThanOrEqual(4);
});

test('[P-12] through a relay desks of both doors see each other; who replays is not there', async () => {
  const gateway = await serveTinyTown({ token: 'upstream-token' });
  const relay = await serveRelay({
    town: tinyTown,
    upstream: { url: gateway.feedUrl, token: 'upstream-token' },
    token: 'a-test-token',
    host: '127.0.0.1',
    port: 0,
    allowOrigins: [],
    rendererDirectory: '/nonexistent',
  });
  onTestFinished(() => relay.close());
  const far = openWall(relay.feedUrl, as('far', 'leader'));
  const near = openWall(gateway.feedUrl, { hello: { ...as('near').hello, token: 'upstream-token' } });
  await Promise.all([far.snapshot(), near.snapshot()]);
  look(far, 'inc-7');
  await sees(near, 'far@inc-7 near@-');
  await sees(far, 'far@inc-7 near@-');
  const past = openWall(gateway.feedUrl, {
    hello: { ...as('past').hello, token: 'upstream-token', replay: { atMs: Date.now(), rate: 0 } },
  });
  await past.welcome();
  look(past, 'inc-8');
  past.send({ frame: 'ping', clientTimeMs: 1 });
  await past.until('pong', () => past.of('pong')[0]);
  await new Promise((done) => setTimeout(done, 300));
  expect(where(near)).toBe('far@inc-7 near@-');
  expect(past.of('desks')).toEqual([]);
  expect(past.of('err')).toEqual([]);
  far.socket.terminate();
  await sees(near, 'near@-');
});
