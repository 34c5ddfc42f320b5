import { describe, expect, it } from 'vitest';
import { createBackOff } from '../../../../renderer/feed/backOff.ts';
import type { FeedStatus } from '../../../../renderer/feed/feedTypes.ts';
import { createBench, ev, hb, SERVER_MS, unit, welcome } from './fakes.ts';

/** Random numbers from a seed (mulberry32), so that a failure can be repeated. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe('[P-06] liveness', () => {
  it('abandons a socket after 2.5 heartbeats of silence, without waiting for its close', () => {
    const bench = createBench();
    const socket = bench.live();
    bench.time.advance(4900);
    expect(socket.abandoned).toBe(false);
    bench.time.advance(200);
    expect(socket.abandoned).toBe(true);
    bench.time.advance(250);
    expect(bench.sockets).toHaveLength(2);
  });

  it('takes any frame as a sign of life', () => {
    const bench = createBench();
    const socket = bench.live();
    for (let i = 0; i < 10; i++) {
      bench.time.advance(4000);
      socket.say({ frame: 'somethingNew' });
    }
    expect(socket.abandoned).toBe(false);
  });

  it('does not take its own busy page for a silent server: first it reads what came meanwhile', () => {
    const bench = createBench();
    const socket = bench.live();
    const seen: string[] = [];
    bench.feed.listen({ status: (status) => void seen.push(status.kind) });
    bench.time.block(20_000);
    bench.time.advance(500);
    expect(socket.abandoned).toBe(false);
    socket.say(hb(0));
    bench.time.advance(1500);
    expect([socket.abandoned, seen]).toEqual([false, []]);
    bench.time.block(20_000);
    bench.time.advance(1200);
    expect([socket.abandoned, seen]).toEqual([true, ['stale']]);
  });

  it('gives up a socket that opens and never welcomes, and one that never opens', () => {
    const bench = createBench();
    const opened = bench.last();
    opened.open();
    bench.time.advance(8500);
    expect(opened.abandoned).toBe(true);
    const silent = bench.last();
    expect(silent).not.toBe(opened);
    bench.time.advance(8200);
    expect(silent.abandoned).toBe(true);
  });

  it('draws each delay evenly from zero to a bound that doubles from 0.25 s to 15 s', () => {
    const random = seeded(7);
    for (let attempt = 0; attempt < 10; attempt++) {
      const bound = Math.min(15_000, 250 * 2 ** attempt);
      const delays = Array.from({ length: 2000 }, () => {
        const backOff = createBackOff(random);
        for (let i = 0; i < attempt; i++) backOff.nextDelayMs();
        return backOff.nextDelayMs();
      });
      expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...delays)).toBeLessThan(bound);
      expect(delays.reduce((sum, delay) => sum + delay, 0) / delays.length / bound).toBeCloseTo(0.5, 1);
    }
  });

  it('starts from the first bound again after 10 healthy seconds, not before', () => {
    const delays: number[] = [];
    const bench = createBench({ random: () => 0.999_999 });
    const cutAfter = (healthyMs: number): void => {
      const socket = bench.last();
      socket.open();
      socket.say(welcome());
      for (let passed = 0; passed < healthyMs; passed += 1000) {
        socket.say(hb(0));
        bench.time.advance(1000);
      }
      const before = bench.sockets.length;
      socket.close();
      const cutAtMs = bench.time.nowMs();
      while (bench.sockets.length === before) bench.time.advance(1);
      delays.push(bench.time.nowMs() - cutAtMs);
    };
    for (const healthyMs of [1000, 1000, 9000, 10_000, 1000]) cutAfter(healthyMs);
    expect(delays).toEqual([250, 500, 1000, 250, 500]);
  });

  it('never gives up', () => {
    const bench = createBench({ random: () => 1 - 1e-9 });
    for (let i = 0; i < 100; i++) {
      bench.last().close();
      const before = bench.sockets.length;
      for (let waitedMs = 0; bench.sockets.length === before && waitedMs <= 15_000; waitedMs += 10) bench.time.advance(10);
      expect(bench.sockets).toHaveLength(before + 1);
    }
  });

  it('waits as long as a bye asks, and a minute at most', () => {
    const bench = createBench({ random: () => 0 });
    bench.live().say({ frame: 'bye', retryDelayMs: 4000, reason: 'restart' });
    expect(bench.last().abandoned).toBe(true);
    bench.time.advance(3999);
    expect(bench.sockets).toHaveLength(1);
    bench.time.advance(1);
    expect(bench.sockets).toHaveLength(2);
    bench.live().say({ frame: 'bye', retryDelayMs: 9_000_000, reason: 'restart' });
    bench.time.advance(60_001);
    expect(bench.sockets).toHaveLength(3);
  });

  it('survives an address that is none', () => {
    const bench = createBench({
      openSocket: () => {
        throw new SyntaxError('no address');
      },
    });
    bench.time.advance(10_000);
    expect(bench.feed.status()).toMatchObject({ kind: 'connecting', reason: 'badAddress' });
    expect(bench.feed.counters.reconnects).toBeGreaterThan(3);
  });

  it('lets go of everything when disposed', () => {
    const bench = createBench();
    const socket = bench.live();
    bench.feed.dispose();
    expect(socket.abandoned).toBe(true);
    expect(bench.time.waiting()).toBe(0);
    expect(bench.feed.status().kind).toBe('closed');
    bench.time.advance(60_000);
    expect(bench.sockets).toHaveLength(1);
  });
});

describe('what the wall is told about the feed', () => {
  const watch = () => {
    const bench = createBench();
    const seen: FeedStatus[] = [];
    bench.feed.listen({ status: (status) => void seen.push(status) });
    return { bench, seen };
  };

  it('is live with a picture and stale after two seconds of silence, since something was heard last', () => {
    const { bench, seen } = watch();
    expect(bench.feed.status().kind).toBe('connecting');
    const socket = bench.live();
    bench.time.advance(1000);
    socket.say(hb(0, SERVER_MS + 1000));
    bench.time.advance(3500);
    expect(seen.map((status) => status.kind)).toEqual(['live', 'stale']);
    expect(seen[1]).toMatchObject({ reason: 'silent' });
    expect(seen[1]?.sinceMs).toBeCloseTo(SERVER_MS + 1000, -2);
    socket.say(hb(0, SERVER_MS + 4500));
    expect(bench.feed.status().kind).toBe('live');
  });

  it('stays live over a cut that is mended within two seconds', () => {
    const { bench, seen } = watch();
    bench.live().close();
    bench.time.advance(300);
    bench.last().open();
    bench.last().say(welcome({ resumed: true, gap: null }));
    bench.last().say(ev(1));
    bench.time.advance(1000);
    expect(seen.map((status) => status.kind)).toEqual(['live']);
  });

  it('says why and since when the gateway is gone, and returns by itself', () => {
    const { bench, seen } = watch();
    bench.live().close();
    bench.time.advance(30_000);
    expect(bench.feed.status()).toMatchObject({ kind: 'stale' });
    expect(bench.feed.status().sinceMs).toBeCloseTo(SERVER_MS, -2);
    bench.last().open();
    bench.last().say(welcome({ resumed: true, gap: null }));
    expect(bench.feed.status().kind).toBe('live');
    expect(seen.map((status) => status.kind).filter((kind, i, all) => kind !== all[i - 1])).toEqual(['live', 'stale', 'live']);
  });

  it('is closed with the code when the server refuses this wall, and live when it no longer does', () => {
    const { bench } = watch();
    bench.last().open();
    bench.last().say({ frame: 'err', code: 'badToken', path: 'token', message: 'wrong', fatal: true });
    expect(bench.feed.status()).toMatchObject({ kind: 'closed', reason: 'badToken' });
    bench.time.advance(300);
    expect(bench.feed.status()).toMatchObject({ kind: 'closed', reason: 'badToken' });
    bench.live();
    expect(bench.feed.status().kind).toBe('live');
  });

  it('counts the silence of positions apart: heartbeats keep a feed alive whose markers stand still', () => {
    const bench = createBench();
    const socket = bench.live({}, { units: [unit('car', 1)] });
    const fix = (speedMps: number): void =>
      socket.say({
        frame: 'pos',
        fixes: [
          { id: 'car', lonDeg: 120.49, latDeg: 30.74, altM: 0, headingDeg: 0, speedMps, observedAtMs: Math.round(bench.feed.nowMs()) },
        ],
      });
    const beatFor = (seconds: number): void => {
      for (let i = 0; i < seconds; i++) {
        bench.time.advance(1000);
        socket.say(hb(0, Math.round(bench.feed.nowMs())));
      }
    };
    beatFor(5);
    expect(bench.feed.positionsSilentMs()).toBeNull();
    fix(8);
    beatFor(30);
    expect(bench.feed.status().kind).toBe('live');
    expect(bench.feed.positionsSilentMs()).toBeGreaterThan(29_000);
    expect(bench.feed.positionsSilentMs()).toBeLessThanOrEqual(30_000);
    fix(8);
    bench.time.advance(200);
    expect(bench.feed.positionsSilentMs()).toBeLessThanOrEqual(200);
    fix(0);
    beatFor(30);
    expect(bench.feed.positionsSilentMs()).toBeNull();
  });

  it('does not take one unit out of reach for positions that have stopped', () => {
    const bench = createBench();
    const socket = bench.live({}, { units: [unit('lost', 1), unit('parked', 2)] });
    const fix = (id: string, speedMps: number): void =>
      socket.say({
        frame: 'pos',
        fixes: [{ id, lonDeg: 120.49, latDeg: 30.74, altM: 0, headingDeg: 0, speedMps, observedAtMs: Math.round(bench.feed.nowMs()) }],
      });
    fix('lost', 8);
    for (let i = 0; i < 40; i++) {
      bench.time.advance(1000);
      fix('parked', 0);
    }
    bench.time.advance(4000);
    expect(bench.feed.positionsSilentMs()).toBeNull();
  });

  it('is not called stale between the beats of a slow heart', () => {
    const { bench, seen } = watch();
    bench.live({ heartbeatMs: 10_000 });
    bench.time.advance(9000);
    bench.last().say(hb(0));
    bench.time.advance(9000);
    expect(seen.map((status) => status.kind)).toEqual(['live']);
  });
});
