import { expect, it } from 'vitest';
import type { PresentDesk } from '../../../../protocol/frames/server.ts';
import { createBench, SERVER_MS, welcome } from './fakes.ts';

const card = (id: string) => ({ kind: 'incident' as const, id });
const present = (change: object = {}): object => ({
  id: 'wall-9',
  name: { zh: '席', en: 'Desk' },
  role: 'operator',
  at: null,
  sinceMs: SERVER_MS,
  follows: false,
  ...change,
});

it('[P-12] tells where it looks after the welcome, the newest at most every 200 ms, and again on the next connection', () => {
  const bench = createBench();
  bench.feed.look(card('inc-1'), false);
  const socket = bench.live({ capabilities: ['presence'] });
  expect(socket.of('look')).toEqual([{ frame: 'look', at: card('inc-1'), follows: false }]);
  for (let i = 2; i < 50; i += 1) bench.feed.look(card(`inc-${i}`), false);
  expect(socket.of('look')).toHaveLength(1);
  bench.time.advance(250);
  expect(socket.of('look').map((frame) => frame['at'])).toEqual([card('inc-1'), card('inc-49')]);
  bench.feed.look(card('inc-49'), false);
  bench.time.advance(1000);
  expect(socket.of('look')).toHaveLength(2);
  socket.close();
  bench.time.advance(1000);
  bench.last().open();
  bench.last().say(welcome({ resumed: true, gap: null, capabilities: ['presence'] }));
  bench.time.advance(300);
  expect(bench.last().of('look')).toEqual([{ frame: 'look', at: card('inc-49'), follows: false }]);
});

it('[P-12] says nothing to a server that did not ask, nor in a replay', () => {
  const old = createBench();
  old.feed.look(card('inc-1'), false);
  const socket = old.live();
  old.time.advance(1000);
  expect(socket.of('look')).toEqual([]);
  const past = createBench();
  past.feed.look(card('inc-1'), false);
  const replaying = past.live({ capabilities: ['presence'], replay: { fromMs: SERVER_MS - 1000, toMs: SERVER_MS } });
  past.time.advance(1000);
  expect(replaying.of('look')).toEqual([]);
});

it('[P-12] tells its listeners who is where, refuses what is none, and knows nobody once the connection is lost', () => {
  const bench = createBench();
  const told: PresentDesk[][] = [];
  bench.feed.listen({ desks: (desks) => void told.push([...desks]) });
  const socket = bench.live({ capabilities: ['presence'] });
  socket.say({ frame: 'desks', desks: [present({ at: card('inc-1') })] });
  socket.say({ frame: 'desks', desks: [present({ role: 'mayor' })] });
  socket.say({ frame: 'desks', desks: [present({ at: { kind: 'incident' } })] });
  socket.say({ frame: 'desks', desks: Array.from({ length: 65 }, () => present()) });
  expect(told).toMatchObject([[{ id: 'wall-9', at: card('inc-1') }]]);
  expect(bench.feed.counters.refused).toBe(3);
  socket.close();
  expect(told.at(-1)).toEqual([]);
});
