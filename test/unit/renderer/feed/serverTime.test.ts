import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodePositions } from '../../../../protocol/frames/positionBinary.ts';
import { createServerClock } from '../../../../renderer/feed/serverClock.ts';
import { createBench, SERVER_MS, snap, unit, welcome } from './fakes.ts';

describe('[P-07] server time is the time', () => {
  it('is this machine’s time until the first exchange', () => {
    const clock = createServerClock(() => 42);
    expect(clock.nowMs()).toBe(42);
    expect(clock.reading()).toBeNull();
  });

  it('keeps its error inside half the least round trip, whatever the paths, offsets and speeds are', () => {
    const delayMs = fc.double({ min: 0, max: 3000, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.record({ outMs: delayMs, heldMs: fc.double({ min: 0, max: 50, noNaN: true }), backMs: delayMs }), {
          minLength: 1,
          maxLength: 40,
        }),
        fc.double({ min: -3_600_000, max: 3_600_000, noNaN: true }),
        fc.constantFrom(1, 0.5, 60, 1000),
        (exchanges, offsetMs, rate) => {
          let localMs = 1_000_000;
          const trueServerMs = (atMs: number): number => 5_000_000 + offsetMs + (atMs - 1_000_000) * rate;
          const clock = createServerClock(() => localMs);
          clock.reset(rate);
          for (const { outMs, heldMs, backMs } of exchanges) {
            const sentMs = localMs;
            const receivedMs = sentMs + outMs + heldMs + backMs;
            clock.exchange(sentMs, receivedMs, trueServerMs(sentMs + outMs), trueServerMs(sentMs + outMs + heldMs));
            localMs = receivedMs + 100;
          }
          const best = Math.min(...exchanges.slice(-16).map(({ outMs, backMs }) => outMs + backMs));
          const errorMs = Math.abs(clock.nowMs() - trueServerMs(localMs));
          const { boundMs } = clock.reading()!;
          expect(boundMs).toBeCloseTo((best / 2) * rate, 2);
          expect(errorMs).toBeLessThanOrEqual(boundMs + 1e-3);
        },
      ),
    );
  });

  it('looks back on sixteen exchanges, so that a lucky one long ago does not hold for ever', () => {
    const clock = createServerClock(() => 0);
    clock.exchange(0, 2, 1001, 1001);
    for (let i = 0; i < 15; i++) clock.exchange(0, 100, 2050, 2050);
    expect(clock.nowMs()).toBeCloseTo(1000);
    clock.exchange(0, 100, 2050, 2050);
    expect(clock.nowMs()).toBeCloseTo(2000);
  });

  it('ignores an exchange that cannot have been', () => {
    const clock = createServerClock(() => 0);
    clock.exchange(10, 5, 0, 0);
    clock.exchange(0, 5, 100, 300);
    clock.exchange(0, 5, 300, 100);
    expect(clock.reading()).toBeNull();
  });

  it('pings in a burst and then every five seconds, and believes only pongs of its own', () => {
    const bench = createBench();
    const socket = bench.live();
    bench.time.advance(2000);
    expect(socket.of('ping')).toHaveLength(8);
    const other = bench.feed.nowMs();
    socket.say({ frame: 'pong', clientTimeMs: 12_345, receivedAtMs: 1, serverTimeMs: 1 });
    expect(bench.feed.nowMs()).toBe(other);
    for (let i = 0; i < 4; i++) {
      bench.time.advance(2500);
      socket.say({ frame: 'hb', serverTimeMs: SERVER_MS, headSeq: 0, sentSeq: 0 });
    }
    expect(socket.of('ping')).toHaveLength(10);
  });

  it('advances at the speed of the scene', () => {
    const bench = createBench();
    bench.live({ clockRate: 60 });
    const before = bench.feed.nowMs();
    bench.time.advance(1000);
    expect(bench.feed.nowMs() - before).toBeCloseTo(60_000, 3);
    expect(bench.feed.clock()).toMatchObject({ rate: 60 });
  });

  it('starts its measurement anew with another journal', () => {
    const bench = createBench();
    bench.live().close();
    bench.time.advance(250);
    bench.last().open();
    bench.last().say(welcome({ epoch: 'e2', serverTimeMs: 1000 }));
    expect(bench.feed.nowMs()).toBeCloseTo(1000);
  });
});

describe('positions', () => {
  const fix = (handle: number, observedAtMs: number, change = {}) => ({
    handle,
    lonDeg: 120.5,
    latDeg: 30.7,
    altM: 0,
    headingDeg: 10,
    speedMps: 5,
    observedAtMs,
    ...change,
  });
  const three = { units: [unit('a', 1), unit('b', 2), unit('c', 3)] };

  it('come as binary columns by handle, as JSON columns and as objects by id', () => {
    const bench = createBench();
    const socket = bench.live({}, three);
    socket.say(encodePositions(SERVER_MS, [fix(1, SERVER_MS - 100)]));
    socket.say({
      frame: 'pos',
      atMs: SERVER_MS,
      ids: ['b'],
      lonDeg: [120.6],
      latDeg: [30.7],
      headingDeg: [0],
      speedMps: [0],
      observedAtMs: [SERVER_MS],
    });
    socket.say({
      frame: 'pos',
      fixes: [{ id: 'c', lonDeg: 120.7, latDeg: 30.7, altM: 80, headingDeg: 0, speedMps: 0, observedAtMs: SERVER_MS }],
    });
    expect(['a', 'b', 'c'].map((id) => bench.feed.tracks.latest(id)?.lonDeg)).toEqual([120.5, 120.6, 120.7]);
    expect(bench.feed.tracks.latest('b')?.altM).toBe(0);
    expect(bench.feed.tracks.latest('c')?.altM).toBe(80);
    expect(bench.feed.counters.fixes).toBe(3);
    expect(bench.feed.heardServerMs()).toBe(SERVER_MS);
  });

  it('[P-07] are refused more than 5 s in the future or before the newest, out of range or of nobody, and counted', () => {
    const bench = createBench();
    const socket = bench.live({}, three);
    socket.say(encodePositions(SERVER_MS, [fix(1, SERVER_MS), fix(2, SERVER_MS + 4900), fix(3, SERVER_MS + 5100), fix(9, SERVER_MS)]));
    expect(bench.feed.counters).toMatchObject({ fixes: 2, refusedFixes: 1, unknownFixes: 1 });
    socket.say(encodePositions(SERVER_MS, [fix(1, SERVER_MS - 1), fix(1, SERVER_MS), fix(3, SERVER_MS, { latDeg: 91 })]));
    expect(bench.feed.counters).toMatchObject({ fixes: 2, refusedFixes: 3, unknownFixes: 1 });
    expect(bench.feed.tracks.latest('c')).toBeNull();
  });

  it('of a broken binary frame cost only themselves', () => {
    const bench = createBench();
    const socket = bench.live({}, three);
    socket.say(encodePositions(SERVER_MS, [fix(1, SERVER_MS)]).slice(0, 20));
    expect(bench.feed.refusals().at(-1)).toMatchObject({ what: 'pos' });
    socket.say(encodePositions(SERVER_MS, [fix(1, SERVER_MS)]));
    expect(bench.feed.counters).toMatchObject({ fixes: 1, refused: 1 });
  });

  it('of another journal start anew, though its time lies before', () => {
    const bench = createBench();
    const first = bench.live({}, three);
    first.say(encodePositions(SERVER_MS, [fix(1, SERVER_MS)]));
    first.close();
    bench.time.advance(250);
    const second = bench.last();
    second.open();
    second.say(welcome({ epoch: 'e2', serverTimeMs: SERVER_MS - 3_600_000 }));
    expect(bench.feed.tracks.latest('a')).toBeNull();
    second.say(encodePositions(SERVER_MS - 3_600_000, [fix(1, SERVER_MS - 3_600_000)]));
    expect(bench.feed.tracks.latest('a')).toBeNull();
    second.say(snap(0, three));
    second.say(encodePositions(SERVER_MS - 3_600_000, [fix(1, SERVER_MS - 3_600_000)]));
    expect(bench.feed.tracks.latest('a')?.observedAtMs).toBe(SERVER_MS - 3_600_000);
  });
});
