import { describe, expect, it } from 'vitest';
import { createBench, ev, hb, SERVER_MS, snap, unit, welcome } from './fakes.ts';

const PAST_MS = SERVER_MS - 3_600_000;
const span = { fromMs: SERVER_MS - 7_200_000, toMs: SERVER_MS };
const replaying = (change: object = {}) => welcome({ epoch: 'r1', serverTimeMs: PAST_MS, clockRate: 30, replay: span, ...change });

function live() {
  const bench = createBench();
  bench.last().open();
  bench.last().say(welcome());
  bench.last().say(snap(40, { units: [unit('a', 1)] }));
  return bench;
}
function past() {
  const bench = live();
  bench.feed.replay({ atMs: PAST_MS, rate: 30 });
  bench.time.advance(0);
  bench.last().open();
  bench.last().say(replaying());
  bench.last().say(snap(0, { units: [unit('b', 1)] }));
  return bench;
}

describe('[P-11] the past over the same feed', () => {
  it('asks for it with a new hello at once, without a cursor, and counts no reconnect', () => {
    const bench = live();
    bench.feed.replay({ atMs: PAST_MS, rate: 30 });
    bench.time.advance(0);
    expect(bench.sockets).toHaveLength(2);
    bench.last().open();
    expect(bench.last().sent[0]).toMatchObject({ frame: 'hello', resume: null, replay: { atMs: PAST_MS, rate: 30 } });
    expect(bench.feed.counters.reconnects).toBe(0);
  });

  it('shows another journal with another clock, and its events', () => {
    const bench = past();
    expect(bench.feed.cursor()).toEqual({ epoch: 'r1', seq: 0 });
    expect([...bench.feed.tracks.slots.keys()]).toEqual(['b']);
    bench.time.advance(1000);
    expect(bench.feed.nowMs() - PAST_MS).toBeGreaterThan(25_000);
    bench.last().say(ev(1));
    expect(bench.heard.at(-1)).toBe('1:public@1');
  });

  it('goes elsewhere on the same connection, and its welcome is no second one of the feed of now', () => {
    const bench = past();
    bench.feed.replay({ atMs: PAST_MS + 60_000, rate: 0 });
    expect(bench.last().of('seek')).toEqual([{ frame: 'seek', atMs: PAST_MS + 60_000, rate: 0 }]);
    bench.last().say(replaying({ epoch: 'r2', serverTimeMs: PAST_MS + 60_000, clockRate: 0 }));
    bench.last().say(snap(0, { units: [unit('c', 1)] }));
    expect(bench.feed.counters.refused).toBe(0);
    expect(bench.feed.cursor()).toEqual({ epoch: 'r2', seq: 0 });
    bench.time.advance(1500);
    bench.last().say(hb(0, PAST_MS + 60_000));
    expect(bench.feed.nowMs()).toBe(PAST_MS + 60_000);
    bench.feed.replay({ atMs: null, rate: 5 });
    bench.last().say(replaying({ epoch: 'r2', serverTimeMs: PAST_MS + 60_000, clockRate: 5, resumed: true, gap: null }));
    expect(bench.feed.counters.refused).toBe(0);
    expect(bench.feed.clock()?.rate).toBe(5);
  });

  it('begins again where it was when the connection is lost', () => {
    const bench = past();
    bench.time.advance(1000);
    bench.last().close();
    bench.time.advance(5000);
    bench.last().open();
    const { replay } = bench.last().sent[0] as unknown as { replay: { atMs: number; rate: number } };
    expect(replay.rate).toBe(30);
    expect(replay.atMs - PAST_MS).toBeGreaterThan(25_000);
    expect(replay.atMs - PAST_MS).toBeLessThan(60_000);
  });

  it('comes back to now with a snapshot, not with the cursor of the past', () => {
    const bench = past();
    bench.feed.replay(null);
    bench.time.advance(0);
    bench.last().open();
    expect(bench.last().sent[0]).toMatchObject({ frame: 'hello', resume: null });
    expect(bench.last().sent[0]).not.toHaveProperty('replay');
    bench.last().say(welcome());
    bench.last().say(snap(41, { units: [unit('a', 1)] }));
    expect(bench.feed.cursor()).toEqual({ epoch: 'e1', seq: 41 });
    expect(bench.feed.status().kind).toBe('live');
  });

  it('comes back to now when the server plays no more replays, and says why', () => {
    const bench = live();
    const said: string[] = [];
    bench.feed.listen({ replayRefused: (message) => void said.push(message) });
    bench.feed.replay({ atMs: PAST_MS, rate: 1 });
    bench.time.advance(0);
    bench.last().open();
    bench.last().say({ frame: 'err', code: 'notAllowed', path: 'replay', message: 'as many replays run as may', fatal: true });
    bench.time.advance(0);
    bench.last().open();
    expect(said).toEqual(['as many replays run as may']);
    expect(bench.last().sent[0]).not.toHaveProperty('replay');
  });

  it('does not tell the past what was asked of the present', async () => {
    const bench = live();
    const answer = bench.feed.send('incident.accept', { incidentId: 'i' });
    expect(bench.last().of('cmd')).toHaveLength(1);
    bench.feed.replay({ atMs: PAST_MS, rate: 1 });
    bench.time.advance(0);
    bench.last().open();
    bench.last().say(replaying());
    expect(bench.last().of('cmd')).toHaveLength(0);
    bench.time.advance(30_000);
    expect((await answer).status).toBe('unanswered');
  });
});
