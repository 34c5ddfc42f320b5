import { describe, expect, it } from 'vitest';
import { uuid7 } from '../../../../renderer/feed/uuid7.ts';
import { createBench, SERVER_MS, welcome } from './fakes.ts';

const answer = (id: unknown, change: object = {}): object => ({ frame: 'res', id, status: 'applied', seq: 9, error: null, ...change });

describe('[P-05] commands', () => {
  it('carries a UUIDv7, server time of expiry, rev and reason, and settles with the answer', async () => {
    const bench = createBench();
    const socket = bench.live();
    const result = bench.feed.send('incident.accept', { incidentId: 'i1' }, { rev: 4, reason: 'seen' });
    const [cmd] = socket.of('cmd');
    expect(cmd).toMatchObject({ type: 'incident.accept', rev: 4, reason: 'seen', data: { incidentId: 'i1' } });
    expect(cmd?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(cmd?.expiresAtMs as number).toBeCloseTo(SERVER_MS + 10_000, -1);
    socket.say(answer(cmd?.id));
    await expect(result).resolves.toEqual({ status: 'applied', seq: 9, error: null });
  });

  it('counts its expiry in the seconds of a scene at speed', () => {
    const bench = createBench();
    const socket = bench.live({ clockRate: 60 });
    void bench.feed.send('incident.accept', { incidentId: 'i1' });
    expect(socket.of('cmd')[0]?.expiresAtMs as number).toBeCloseTo(SERVER_MS + 600_000, -1);
  });

  it('sends it again unchanged, with its id, after a reconnect', async () => {
    const bench = createBench();
    const first = bench.live();
    const result = bench.feed.send('incident.accept', { incidentId: 'i1' });
    first.close();
    bench.time.advance(250);
    const second = bench.last();
    second.open();
    expect(second.of('cmd')).toEqual([]);
    second.say(welcome({ resumed: true, gap: null }));
    expect(second.of('cmd')).toEqual(first.of('cmd'));
    second.say(answer(second.of('cmd')[0]?.id, { status: 'duplicate' }));
    await expect(result).resolves.toMatchObject({ status: 'duplicate' });
    expect(bench.feed.counters.reconnects).toBe(1);
  });

  it('keeps a wish made without a connection and sends it in order once there is one', () => {
    const bench = createBench();
    void bench.feed.send('incident.accept', { incidentId: 'i1' });
    void bench.feed.send('incident.accept', { incidentId: 'i2' });
    const socket = bench.live();
    expect(socket.of('cmd').map((cmd) => cmd.data)).toEqual([{ incidentId: 'i1' }, { incidentId: 'i2' }]);
    // The clock was not known when it was asked for, and is when it is sent.
    expect(socket.of('cmd')[0]?.expiresAtMs as number).toBeGreaterThan(SERVER_MS);
  });

  it('expires without a connection, and says unanswered when it was sent', async () => {
    const bench = createBench();
    const never = bench.feed.send('incident.accept', { incidentId: 'i1' }, { expiresInMs: 1000 });
    bench.time.advance(1100);
    await expect(never).resolves.toMatchObject({ status: 'expired' });
    const socket = bench.last();
    socket.open();
    socket.say(welcome());
    const unanswered = bench.feed.send('incident.accept', { incidentId: 'i2' }, { expiresInMs: 1000 });
    bench.time.advance(4100);
    await expect(unanswered).resolves.toMatchObject({ status: 'unanswered' });
  });

  it('settles every promise when the feed is closed, and refuses later ones', async () => {
    const bench = createBench();
    bench.live();
    const open = bench.feed.send('incident.accept', { incidentId: 'i1' });
    bench.feed.dispose();
    await expect(open).resolves.toMatchObject({ status: 'closed' });
    await expect(bench.feed.send('incident.accept', { incidentId: 'i1' })).resolves.toMatchObject({ status: 'closed' });
  });

  it('hands a refusal on as it is', async () => {
    const bench = createBench();
    const socket = bench.live();
    const result = bench.feed.send('incident.accept', { incidentId: 'i1' });
    const error = { code: 'notFound', message: 'no such incident', path: 'data.incidentId' };
    socket.say(answer(socket.of('cmd')[0]?.id, { status: 'rejected', seq: null, error }));
    await expect(result).resolves.toEqual({ status: 'rejected', seq: null, error });
  });

  it('is bounded in number and size', async () => {
    const bench = createBench();
    for (let i = 0; i < 200; i++) void bench.feed.send('incident.accept', { incidentId: `i${i}` });
    await expect(bench.feed.send('incident.accept', { incidentId: 'x' })).resolves.toMatchObject({ error: { code: 'tooMany' } });
    const other = createBench();
    other.live();
    await expect(other.feed.send('incident.accept', { incidentId: 'i' }, { reason: '长'.repeat(30_000) })).resolves.toMatchObject({
      error: { code: 'tooLarge' },
    });
  });
});

describe('queries', () => {
  const item = { unitId: 'ce07', distanceM: 920, etaS: 84, reason: 'leadAgency', route: [[120.4, 30.7]] };
  const part = (id: unknown, n: number, last: boolean, items: object[]): object => ({ frame: 'part', id, n, last, items });

  it('joins the parts of an answer', async () => {
    const bench = createBench();
    const socket = bench.live();
    const result = bench.feed.query('nearest', { incidentId: 'i1', limit: 3 });
    const [query] = socket.of('query');
    expect(query).toMatchObject({ kind: 'nearest', data: { incidentId: 'i1', limit: 3 } });
    socket.say(part(query?.id, 0, false, [item]));
    socket.say(part(query?.id, 1, true, [{ ...item, unitId: 'ce08' }]));
    const done = await result;
    expect(done.ok && done.items.map((found) => found.unitId)).toEqual(['ce07', 'ce08']);
  });

  it('fails at once without a connection, when it is lost, when no answer comes, and when the feed is closed', async () => {
    const bench = createBench();
    await expect(bench.feed.query('nearest', { incidentId: 'i', limit: 1 })).resolves.toMatchObject({ ok: false, code: 'disconnected' });
    const socket = bench.live();
    const lost = bench.feed.query('nearest', { incidentId: 'i', limit: 1 });
    socket.close();
    await expect(lost).resolves.toMatchObject({ code: 'disconnected' });
    bench.time.advance(300);
    bench.live();
    const late = bench.feed.query('nearest', { incidentId: 'i', limit: 1 }, { timeoutMs: 1000 });
    bench.time.advance(1100);
    await expect(late).resolves.toMatchObject({ code: 'timeout' });
    const open = bench.feed.query('nearest', { incidentId: 'i', limit: 1 });
    bench.feed.dispose();
    await expect(open).resolves.toMatchObject({ ok: false });
  });

  it('refuses an item that is not what was asked for, and a part out of order', async () => {
    const bench = createBench();
    const socket = bench.live();
    const bad = bench.feed.query('nearest', { incidentId: 'i', limit: 1 });
    socket.say(part(socket.of('query')[0]?.id, 0, true, [{ ...item, etaS: -1 }]));
    await expect(bad).resolves.toMatchObject({ ok: false, code: 'badItem', message: 'items[0].etaS: expected at least 0' });
    const jumped = bench.feed.query('nearest', { incidentId: 'i', limit: 1 });
    socket.say(part(socket.of('query')[1]?.id, 1, true, [item]));
    await expect(jumped).resolves.toMatchObject({ ok: false, code: 'badItem' });
    expect(bench.feed.counters.refused).toBe(2);
    expect(bench.feed.status().kind).toBe('live');
  });
});

describe('uuid7, RFC 9562 section 5.7', () => {
  it('gives the example of appendix A.6 from its time and random bits', () => {
    // 017F22E2-79B0-7CC3-98C4-DC0C0C07398F: unix_ts_ms 0x017F22E279B0, rand_a 0xCC3, rand_b 0x18C4DC0C0C07398F.
    const random = [0, 0, 0, 0, 0, 0, 0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f];
    expect(uuid7(0x017f22e279b0, (bytes) => bytes.set(random))).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
  });

  it('sorts by time and differs within one millisecond', () => {
    const ids = Array.from({ length: 200 }, (_, i) => uuid7(1_778_671_200_000 + i, (bytes) => void crypto.getRandomValues(bytes)));
    expect([...ids].sort()).toEqual(ids);
    const same = new Set(Array.from({ length: 1000 }, () => uuid7(1, (bytes) => void crypto.getRandomValues(bytes))));
    expect(same.size).toBe(1000);
  });

  it('keeps version and variant whatever the random bits are', () => {
    for (const value of [0x00, 0xff])
      expect(uuid7(1, (bytes) => void bytes.fill(value))).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
