import { describe, expect, it } from 'vitest';
import { compileSchema } from '../../../../renderer/feed/compileSchema.ts';
import { queryItemChecks } from '../../../../renderer/feed/schemas.ts';
import type { JsonSchema } from '../../../../renderer/feed/compileSchema.ts';
import { decodeFrame } from '../../../../renderer/feed/decodeFrame.ts';
import { channel, createBench, ev, snap, unit, welcome } from './fakes.ts';

describe('[P-09] bad input never stops the feed', () => {
  it('passes over an event that cannot be decoded: counted, kept with its reason, its seq applied', () => {
    const bench = createBench();
    const socket = bench.live();
    socket.say(ev(1));
    socket.say(ev(2, { ...channel('public', 2), today: -1 }));
    socket.say({ frame: 'ev', seq: 3, ce: { type: 'channel.updated' } });
    socket.say(ev(4));
    expect(bench.heard).toEqual(['1:public@1', '4:public@4']);
    expect(bench.feed.counters).toMatchObject({ events: 2, refused: 2, gaps: 0 });
    expect(bench.feed.refusals()).toMatchObject([
      { what: 'channel.updated', seq: 2, reason: 'data.today: expected at least 0' },
      { what: 'ev', seq: 3, reason: 'ce.specversion: expected a value' },
    ]);
    expect(bench.feed.cursor()).toEqual({ epoch: 'e1', seq: 4 });
  });

  it('ignores unknown fields, and counts unknown frames and messages', () => {
    const bench = createBench();
    const socket = bench.live();
    socket.say({ ...ev(1, { ...channel('public', 1), mood: 'good' }), extra: true });
    socket.say(ev(2, { id: 'x', rev: 1 }, 'robot.updated'));
    socket.say({ frame: 'poem', lines: [] });
    socket.say(ev(3));
    expect(bench.heard).toEqual(['1:public@1', '3:public@3']);
    expect(bench.feed.counters).toMatchObject({ unknown: 2, refused: 0 });
  });

  it('leaves a bad item out of a snapshot and shows the rest', () => {
    const bench = createBench();
    bench.live({}, { units: [unit('a', 1), { ...unit('b', 2), kind: 'ufo' }, unit('c', 3)], mode: { id: 'desk' } });
    expect([...bench.feed.tracks.slots.keys()]).toEqual(['a', 'c']);
    expect(bench.feed.counters.refused).toBe(2);
    expect(bench.feed.refusals()[0]?.reason).toBe('units[1].kind: expected one of vehicle, officer, drone, boat');
  });

  it('keeps the last twenty refusals, short', () => {
    const bench = createBench();
    const socket = bench.live();
    for (let i = 0; i < 500; i++) socket.say(`garbage ${i} ${'x'.repeat(1000)}`);
    expect(bench.feed.counters.refused).toBe(500);
    expect(bench.feed.refusals()).toHaveLength(20);
    expect(bench.feed.refusals().at(-1)?.sample).toMatch(/^garbage 499/);
    expect(JSON.stringify(bench.feed.refusals()).length).toBeLessThan(20_000);
    socket.say(ev(1));
    expect(bench.heard).toEqual(['1:public@1']);
  });

  it('survives whatever comes as text or bytes, before and after the snapshot', () => {
    const hostile: (string | ArrayBuffer | object)[] = [
      '',
      'null',
      '[]',
      '7',
      '{}',
      '{"frame":7}',
      '{"frame":"__proto__"}',
      '{"frame":"ev","__proto__":{"seq":1}}',
      '{"frame":"ev","seq":1e400,"ce":{}}',
      '{"frame":"welcome","v":2}',
      '{"frame":"pos","ids":["a"],"lonDeg":[]}',
      { frame: 'res', id: 'nobody', status: 'applied', seq: null, error: null },
      { frame: 'part', id: 'nobody', n: 0, last: true, items: [] },
      { frame: 'pong', clientTimeMs: 1, receivedAtMs: 2, serverTimeMs: 3 },
      { frame: 'snap', part: 0 },
      snap(5),
      { frame: 'err', code: 'internal', path: null, message: 'sorry', fatal: false },
      new ArrayBuffer(0),
      new ArrayBuffer(16),
      new Uint8Array(64).fill(0x50).buffer,
    ];
    const bench = createBench();
    bench.last().open();
    for (const frame of hostile) bench.last().say(frame);
    const socket = bench.last();
    socket.say(welcome());
    socket.say(snap(0));
    for (const frame of hostile) socket.say(frame);
    socket.say(ev(1));
    expect(socket.abandoned).toBe(false);
    expect(bench.heard).toEqual(['1:public@1']);
    expect(bench.feed.counters.serverErrors).toBe(2);
  });

  it('gives a listener that throws no power over the others or the order', () => {
    const bench = createBench();
    bench.feed.listen({
      event() {
        throw new Error('broken panel');
      },
    });
    const late: number[] = [];
    bench.feed.listen({ event: (_message, seq) => void late.push(seq) });
    const socket = bench.live();
    socket.say(ev(1));
    socket.say(ev(2));
    expect(late).toEqual([1, 2]);
    expect(bench.feed.refusals().map((refusal) => refusal.reason)).toEqual(['broken panel', 'broken panel']);
    // The bug is thrown where the page's error handler sees it.
    expect(() => bench.time.advance(0)).toThrow('broken panel');
  });
});

describe('[P-08] limits', () => {
  it('refuses a frame beyond 1 MiB and nesting beyond 16, with the reason', () => {
    expect(decodeFrame(`{"frame":"hb","x":"${'a'.repeat(1_048_576)}"}`)).toMatchObject({ kind: 'bad', fault: { what: 'text' } });
    const nested = (levels: number): string => `{"frame":"poem","x":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    expect(decodeFrame(nested(15))).toEqual({ kind: 'unknown', what: 'poem' });
    expect(decodeFrame(nested(16))).toMatchObject({ kind: 'bad', fault: { reason: 'frame: expected nesting of at most 16' } });
    expect(decodeFrame(nested(100_000))).toMatchObject({ kind: 'bad' });
  });

  it('does not count brackets inside strings', () => {
    expect(decodeFrame(JSON.stringify({ frame: 'poem', x: '[[[[[[[[[[[[[[[[[[[[[["{{{\\' }))).toEqual({ kind: 'unknown', what: 'poem' });
  });

  it('refuses more than 5,000 fixes in a frame', () => {
    const fix = { id: 'a', lonDeg: 1, latDeg: 1, headingDeg: 1, speedMps: 1, observedAtMs: 1 };
    expect(decodeFrame(JSON.stringify({ frame: 'pos', fixes: Array(5000).fill(fix) }))).toMatchObject({ kind: 'fixes' });
    expect(decodeFrame(JSON.stringify({ frame: 'pos', fixes: Array(5001).fill(fix) }))).toMatchObject({
      kind: 'bad',
      fault: { reason: 'fixes: expected a list of at most 5000' },
    });
  });
});

interface Example {
  schema: string;
  value: unknown;
}

describe('the page and the contract agree', () => {
  const byName = <T>(files: Record<string, T>): Map<string, T> =>
    new Map(Object.entries(files).map(([path, found]) => [path.slice(path.lastIndexOf('/') + 1), found]));
  const generated = byName(
    import.meta.glob<JsonSchema>('../../../../protocol/generated/*.schema.json', { eager: true, import: 'default' }),
  );
  const accepted = byName(import.meta.glob<Example>('../../../../protocol/examples/accepted/*.json', { eager: true, import: 'default' }));
  const rejected = byName(import.meta.glob<Example>('../../../../protocol/examples/rejected/*.json', { eager: true, import: 'default' }));

  it.each([...generated])('%s uses only what the page understands', (_name, schema) => {
    expect(compileSchema(schema)(undefined, '')).toMatch(/^frame: expected /);
  });

  /** `message.unit.updated` is in `message.unit-updated.schema.json`, `serverFrame.pos (fixes)` in `serverFrame.pos-fixes.schema.json`. */
  const fileOf = ({ schema }: Example): string => {
    const [group, ...rest] = schema.split('.');
    return `${group}.${rest.join('-').replace(/ \((\w+)\)/, '-$1')}.schema.json`;
  };

  it('gives every golden example the verdict of the contract', () => {
    let looked = 0;
    for (const [examples, fits] of [
      [accepted, true],
      [rejected, false],
    ] as const) {
      for (const [name, found] of examples) {
        const schema = generated.get(fileOf(found));
        if (schema === undefined) throw new Error(`${name} names no generated schema: ${found.schema}`);
        looked += 1;
        if (name === 'pos-column-length.json') {
          // That columns agree in length no schema can say; the decoder does.
          expect(decodeFrame(JSON.stringify(found.value))).toMatchObject({ kind: 'bad', fault: { what: 'pos' } });
          continue;
        }
        if (name === 'tracks-area-inside-out.json') continue; // the server's to refuse: no schema can say it
        const check = name === 'tracks-column-length.json' ? queryItemChecks.tracksInSpan : compileSchema(schema);
        const why = check(found.value, 'items[0]');
        expect(why === null, `${name}: ${String(why)}`).toBe(fits);
      }
    }
    expect(looked).toBeGreaterThan(60);
  });
});
