import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../../../renderer/feed/feedTypes.ts';
import { channel, createBench, ev, hb, snap, unit, welcome } from './fakes.ts';

describe('[P-01] hello first', () => {
  it('speaks first, with token, window and no cursor, over both subprotocols', () => {
    const bench = createBench();
    const socket = bench.last();
    expect(socket.protocols).toEqual(['feed.v1.bin', 'feed.v1.json']);
    expect(socket.url).not.toContain('secret');
    expect(socket.sent).toEqual([]);
    socket.open();
    expect(socket.sent).toHaveLength(1);
    expect(socket.sent[0]).toMatchObject({ frame: 'hello', v: 1, token: 'secret', window: 256, resume: null, desk: { id: 'wall-1' } });
  });

  it('asks for a snapshot again when a server welcomes twice or speaks before its welcome, and counts it', () => {
    const bench = createBench();
    const socket = bench.last();
    socket.open();
    socket.say(ev(1));
    expect(bench.feed.counters.refused).toBe(1);
    socket.say(welcome());
    socket.say(snap(0));
    socket.say(welcome());
    expect(bench.feed.counters.refused).toBe(2);
    expect(bench.feed.status().kind).toBe('live');
  });
});

describe('[P-02] resume or snapshot, never a silent gap', () => {
  it('applies a snapshot of several parts at once, after the last one', () => {
    const bench = createBench();
    const snapshots: Snapshot[] = [];
    bench.feed.listen({ snapshot: (snapshot) => void snapshots.push(snapshot) });
    const socket = bench.last();
    socket.open();
    socket.say(welcome());
    socket.say(snap(7, { last: false, units: [unit('a', 1)] }));
    expect(snapshots).toEqual([]);
    expect(bench.feed.status().kind).toBe('connecting');
    socket.say(snap(7, { part: 1, channels: [channel('public', 3)] }));
    expect(snapshots).toHaveLength(1);
    expect(snapshots[0]).toMatchObject({ epoch: 'e1', seq: 7, units: [{ id: 'a' }], channels: [{ id: 'public' }] });
    expect(bench.feed.cursor()).toEqual({ epoch: 'e1', seq: 7 });
    expect(bench.feed.status().kind).toBe('live');
  });

  it('holds events that come between the parts, and drops those that the snapshot holds', () => {
    const bench = createBench();
    const socket = bench.last();
    socket.open();
    socket.say(welcome());
    socket.say(snap(7, { last: false }));
    socket.say(ev(7));
    socket.say(ev(8));
    expect(bench.heard).toEqual([]);
    socket.say(snap(7, { part: 1 }));
    expect(bench.heard).toEqual(['8:public@8']);
    expect(bench.feed.counters.duplicates).toBe(1);
  });

  it('starts again when a part is missing, and after three such snapshots takes what it can read', () => {
    const bench = createBench();
    for (let attempt = 0; attempt < 3; attempt++) {
      const socket = bench.last();
      socket.open();
      expect(socket.of('hello')[0]?.resume).toBeNull();
      socket.say(welcome());
      socket.say(snap(7, { last: false, units: [unit('a', 1)] }));
      socket.say('{"frame":"snap", broken');
      expect(socket.abandoned).toBe(true);
      bench.time.advance(2000);
    }
    const socket = bench.last();
    socket.open();
    socket.say(welcome());
    socket.say(snap(7, { last: false, units: [unit('a', 1)] }));
    socket.say('{"frame":"snap", broken');
    socket.say(snap(7, { part: 2 }));
    expect(bench.feed.cursor()).toEqual({ epoch: 'e1', seq: 7 });
    expect(bench.feed.tracks.slots.has('a')).toBe(true);
    expect(bench.feed.refusals().length).toBeGreaterThanOrEqual(4);
  });

  it('goes on with events even when no part of a snapshot can ever be read', () => {
    const bench = createBench();
    for (let attempt = 0; attempt < 3; attempt++) {
      const socket = bench.last();
      socket.open();
      socket.say(welcome());
      socket.say('nonsense');
      bench.time.advance(2000);
    }
    const socket = bench.last();
    socket.open();
    socket.say(welcome());
    socket.say('nonsense');
    socket.say(hb(41));
    socket.say(ev(42));
    expect(bench.heard).toEqual(['42:public@42']);
  });

  it('resumes from the last event applied and hears exactly those after it', () => {
    const bench = createBench();
    const first = bench.live();
    first.say(ev(1));
    first.say(ev(2));
    first.close();
    bench.time.advance(250);
    const second = bench.last();
    expect(second).not.toBe(first);
    second.open();
    expect(second.of('hello')[0]?.resume).toEqual({ epoch: 'e1', seq: 2 });
    second.say(welcome({ resumed: true, gap: null, headSeq: 3 }));
    second.say(ev(3));
    expect(bench.heard).toEqual(['1:public@1', '2:public@2', '3:public@3']);
    expect(bench.feed.counters).toMatchObject({ events: 3, resumes: 1, snapshots: 1, reconnects: 1 });
  });

  it('drops an event it has seen', () => {
    const bench = createBench();
    const socket = bench.live();
    socket.say(ev(1));
    socket.say(ev(1));
    expect(bench.heard).toEqual(['1:public@1']);
    expect(bench.feed.counters.duplicates).toBe(1);
  });

  it('reconnects with resume on a jump, and asks for a snapshot after three jumps at one place', () => {
    const bench = createBench();
    let socket = bench.live();
    socket.say(ev(1));
    for (const jump of [1, 2, 3]) {
      socket.say(ev(3));
      expect(socket.abandoned).toBe(true);
      expect(bench.feed.counters.gaps).toBe(jump);
      bench.time.advance(15_000);
      socket = bench.last();
      socket.open();
      expect(socket.of('hello')[0]?.resume).toEqual(jump < 3 ? { epoch: 'e1', seq: 1 } : null);
      if (jump < 3) socket.say(welcome({ resumed: true, gap: null }));
    }
    socket.say(welcome());
    socket.say(snap(3));
    socket.say(ev(4));
    expect(bench.heard).toEqual(['1:public@1', '4:public@4']);
  });

  it('forgets the count of jumps when it gets past the place', () => {
    const bench = createBench();
    let socket = bench.live();
    for (const place of [1, 2, 3, 4]) {
      socket.say(ev(place));
      socket.say(ev(place + 2));
      bench.time.advance(15_000);
      socket = bench.last();
      socket.open();
      expect(socket.of('hello')[0]?.resume).toEqual({ epoch: 'e1', seq: place });
      socket.say(welcome({ resumed: true, gap: null }));
    }
  });

  it('notices a lost tail by hb.sentSeq', () => {
    const bench = createBench();
    const socket = bench.live();
    socket.say(ev(1));
    socket.say(hb(1));
    expect(socket.abandoned).toBe(false);
    socket.say(hb(2));
    expect(socket.abandoned).toBe(true);
    expect(bench.feed.counters.gaps).toBe(1);
  });

  it('does not believe a resume that it did not ask for', () => {
    const bench = createBench();
    const socket = bench.last();
    socket.open();
    socket.say(welcome({ resumed: true, gap: null }));
    expect(socket.abandoned).toBe(true);
    bench.time.advance(500);
    bench.last().open();
    expect(bench.last().of('hello')[0]?.resume).toBeNull();
  });

  it('keeps the old picture until the snapshot of another journal is whole, then replaces it', () => {
    const bench = createBench();
    const first = bench.live({}, { units: [unit('a', 1)] });
    first.close();
    bench.time.advance(250);
    const second = bench.last();
    second.open();
    second.say(welcome({ epoch: 'e2', serverTimeMs: 5_000_000 }));
    second.say(snap(3, { last: false, units: [unit('b', 1)] }));
    expect([...bench.feed.tracks.slots.keys()]).toEqual(['a']);
    second.say(snap(3, { part: 1 }));
    expect([...bench.feed.tracks.slots.keys()]).toEqual(['b']);
    expect(bench.feed.cursor()).toEqual({ epoch: 'e2', seq: 3 });
  });
});

describe('[P-03] a window of events in flight', () => {
  it('acknowledges at the latest 250 ms after an event', () => {
    const bench = createBench();
    const socket = bench.live();
    const before = socket.of('ack').length;
    socket.say(ev(1));
    bench.time.advance(250);
    expect(socket.of('ack').slice(before)).toEqual([{ frame: 'ack', seq: 1 }]);
    bench.time.advance(1000);
    expect(socket.of('ack')).toHaveLength(before + 1);
  });

  it('acknowledges each quarter of the window at once', () => {
    const bench = createBench({ window: 8 });
    const socket = bench.live();
    for (let seq = 1; seq <= 8; seq++) socket.say(ev(seq));
    expect(socket.of('ack').map((ack) => ack.seq)).toEqual([1, 3, 5, 7]);
  });

  it('never acknowledges what it has not applied', () => {
    const bench = createBench();
    const socket = bench.last();
    socket.open();
    socket.say(welcome());
    socket.say(snap(5, { last: false }));
    socket.say(ev(6));
    bench.time.advance(1000);
    expect(socket.of('ack')).toEqual([]);
  });
});
