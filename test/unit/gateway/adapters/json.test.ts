import { expect, test } from 'vitest';
import { jsonAdapter } from '../../../../gateway/adapters/json.ts';
import type { Decoded } from '../../../../gateway/adapters/adapter.ts';
import { mangle, seeded } from '../../../support/mangle.ts';
import { sampleText } from '../../../support/samples.ts';

const nowMs = Date.UTC(2026, 4, 13, 11, 20);
const bytesOf = (message: unknown): Buffer => {
  if (Buffer.isBuffer(message)) return message;
  return Buffer.from(typeof message === 'string' ? message : JSON.stringify(message));
};
const decode = (config: unknown, message: unknown, from = 'town/car-1/pos'): Decoded =>
  jsonAdapter.open(jsonAdapter.config.parse(config)).decode(bytesOf(message), { from, nowMs, retained: false });

test('a platform of China: numbers as texts, km/h, local time, degrees as integers, lists', () => {
  const config = {
    rules: [
      {
        fact: 'fix',
        when: { path: 'type', equals: 'gps' },
        each: 'data.list',
        fields: {
          unitId: { join: [{ const: 'v' }, 'simNo'] },
          lonDeg: { path: 'lng', unit: '1e-6deg' },
          latDeg: { path: 'lat', unit: '1e-6deg' },
          altM: { path: 'alt', default: 0 },
          speedMps: { path: 'spd', unit: 'km/h' },
          headingDeg: 'dir',
          observedAtMs: { path: 'time', time: 'yyyy-MM-dd HH:mm:ss', utcOffsetMin: 480 },
        },
      },
    ],
  };
  const row = { simNo: 138, lng: 120486800, lat: '30744800', spd: '36', dir: 360, time: '2026-05-13 19:20:00' };
  // Conditions of a list are about its elements.
  const { facts, refusals } = decode(config, {
    data: {
      list: [
        { ...row, type: 'gps' },
        { ...row, type: 'gps', lat: 'north' },
      ],
    },
  });
  expect(facts).toEqual([
    {
      kind: 'fix',
      unitId: 'v138',
      at: [expect.closeTo(120.4868, 9), expect.closeTo(30.7448, 9)],
      altM: 0,
      speedMps: 10,
      headingDeg: 0,
      observedAtMs: nowMs,
    },
  ]);
  expect(refusals).toMatchObject([{ reason: 'badField', path: 'data.list[1].latDeg' }]);
});

test('topic levels, tables of values, constants, defaults, both languages', () => {
  const config = {
    rules: [
      {
        fact: 'unit',
        when: { from: 'town/+/state' },
        fields: {
          id: { level: 1 },
          kind: { const: 'officer' },
          name: { zh: 'name.cn', en: { path: 'name.en', default: 'Officer' } },
          agencyId: { const: 'ps' },
          status: { path: 'st', values: { 0: 'offline', 1: 'available' }, default: 'emergency' },
        },
      },
      { fact: 'none', when: { from: 'town/#' } },
    ],
  };
  expect(decode(config, { st: 1, name: { cn: '王' } }, 'town/p7/state').facts).toMatchObject([
    { kind: 'unit', unit: { id: 'p7', status: 'available', name: { zh: '王', en: 'Officer' }, agencyId: 'ps', simulated: false } },
  ]);
  expect(decode(config, { st: 9, name: { cn: '王' } }, 'town/p7/state').facts).toMatchObject([{ unit: { status: 'emergency' } }]);
  expect(decode(config, {}, 'town/p7/other')).toMatchObject({ facts: [], refusals: [] });
  expect(decode(config, {}, 'village/p7')).toMatchObject({ facts: [], refusals: [{ reason: 'noRule' }] });
});

test.each([
  [{ path: 't' }, '2026-05-13T19:20:00+08:00'],
  [{ path: 't' }, nowMs],
  [{ path: 't', time: 's' }, nowMs / 1000],
  [{ path: 't', time: 'ms' }, String(nowMs)],
  [{ path: 't', time: 'iso', utcOffsetMin: 480 }, '2026-05-13 19:20:00'],
  [{ path: 't', time: 'yyMMddHHmmss', utcOffsetMin: 480 }, '260513192000'],
  [{ path: 't', time: 'yyyy/MM/dd HH:mm:ss.SSS', utcOffsetMin: 0 }, '2026/05/13 11:20:00.000'],
  [{ now: true }, null],
])('time %j reads %j', (observedAtMs, t) => {
  const fields = { unitId: { const: 'a' }, lonDeg: { const: 120 }, latDeg: { const: 30 }, observedAtMs };
  expect(decode({ rules: [{ fact: 'fix', fields }] }, { t })).toMatchObject({ facts: [{ observedAtMs: nowMs }], refusals: [] });
});

test.each(['2026-02-31 10:00:00', '2026-05-13 24:00:00', 'yesterday', ''])('%j is no time', (t) => {
  const observedAtMs = { path: 't', time: 'yyyy-MM-dd HH:mm:ss', utcOffsetMin: 480 };
  const fields = { unitId: { const: 'a' }, lonDeg: { const: 120 }, latDeg: { const: 30 }, observedAtMs };
  expect(decode({ rules: [{ fact: 'fix', fields }] }, { t })).toMatchObject({
    facts: [],
    refusals: [{ reason: 'badField', path: 'observedAtMs' }],
  });
});

test('what a message does not say is told apart from what it says wrongly', () => {
  const fields = { unitId: 'id', lonDeg: 'x', latDeg: 'y', observedAtMs: { now: true } };
  const config = { rules: [{ fact: 'fix', fields }] };
  expect(decode(config, { id: 'a', x: 1 }).refusals).toMatchObject([
    { reason: 'noField', path: 'latDeg', message: 'the message has no fix.latDeg' },
  ]);
  expect(decode(config, { id: 'a', x: 1, y: 91 }).refusals).toMatchObject([{ reason: 'badField', path: 'latDeg' }]);
  expect(decode(config, '[1,2').refusals).toMatchObject([{ reason: 'badJson' }]);
  expect(decode(config, 'null').refusals).toMatchObject([{ reason: 'noField' }]);
});

test('no message reaches a prototype', () => {
  const fields = { unitId: 'constructor.name', lonDeg: { const: 120 }, latDeg: { const: 30 }, observedAtMs: { now: true } };
  expect(decode({ rules: [{ fact: 'fix', fields }] }, {}).refusals).toMatchObject([{ reason: 'noField', path: 'unitId' }]);
});

test('without rules the rows are ours', () => {
  const { facts, refusals } = decode({}, [
    { fact: 'fix', unitId: 'a', lonDeg: 120, latDeg: 30, observedAtMs: 1 },
    { fact: 'rumour' },
    { fact: 'fix', unitId: 'a', lonDeg: 120, latDeg: 30, observedAtMs: 1, colour: 'red' },
    7,
  ]);
  expect(facts).toEqual([{ kind: 'fix', unitId: 'a', at: [120, 30], altM: 0, headingDeg: null, speedMps: null, observedAtMs: 1 }]);
  expect(refusals.map(({ reason, path }) => [reason, path])).toEqual([
    ['noFact', '[1].fact'],
    ['badField', '[2].'],
    ['noFact', '[3].fact'],
  ]);
});

const mapped = {
  messageId: 'head.no',
  rules: [
    {
      fact: 'fix',
      each: 'list',
      fields: {
        unitId: { join: [{ const: 'v' }, 'sim'] },
        lonDeg: { path: 'p[0]', unit: '1e-6deg' },
        latDeg: { path: 'p[1]', unit: '1e-6deg' },
        speedMps: { path: 'v', unit: 'km/h', default: 0 },
        observedAtMs: { path: 't', time: 'yyyy-MM-dd HH:mm:ss', utcOffsetMin: 480 },
      },
    },
    {
      fact: 'unit',
      when: [{ from: 'town/+/state' }, { path: 'head.kind', in: ['car', 1, true] }],
      fields: {
        id: { level: 1 },
        kind: { const: 'vehicle' },
        name: { zh: 'name.cn', en: { path: 'name.en', default: 'Car' } },
        agencyId: { const: 'ce' },
        status: { path: 'st', values: { 0: 'offline', 1: 'available' }, default: 'offline' },
      },
    },
  ],
};
const state = { head: { no: 7, kind: 'car' }, st: 1, name: { cn: '巡 7' } };
const list = { head: { no: 'b-1' }, list: [{ sim: 138, p: [120486800, '30744800'], v: '36', t: '2026-05-13 19:20:00' }] };

test.each([
  [
    'rows of ours',
    {},
    [sampleText('http/rows.json'), { fact: 'unit', id: 'a', kind: 'vehicle', name: { zh: '七', en: 'Seven' }, agencyId: 'ce' }],
  ],
  ['a mapping', mapped, [state, list, { ...list, ...state, list: [...list.list, ...list.list] }]],
] as const)(
  '10,000 mangled messages of %s: none throws, each says a fact or where it is wrong, a good one between them is taken',
  (_, config, rows) => {
    const random = seeded(8259);
    const hostile = JSON.stringify(rows[1]).replace('{', '{"__proto__":{"polluted":1},"constructor":1,');
    const good = [...rows, hostile].map(bytesOf);
    const adapter = jsonAdapter.open(jsonAdapter.config.parse(config));
    const read = (bytes: Buffer): Decoded => adapter.decode(bytes, { from: 'town/car-1/state', nowMs, retained: false });
    const untouched = read(good[1]!);
    expect([untouched.facts.length, untouched.refusals]).toEqual([1, []]);
    const reasons = new Set<string>();
    let facts = 0;
    for (let i = 0; i < 10_000; i += 1) {
      const decoded = read(mangle(good, random));
      facts += decoded.facts.length;
      // A list that has lost its elements says nothing, and nothing wrong.
      if (config === mapped ? false : decoded.facts.length + decoded.refusals.length === 0) expect(i).toBe('a message without a word');
      for (const { reason, path, message } of decoded.refusals) {
        if (message === '' || (path === '' && !['badJson', 'noRule', 'badField'].includes(reason)))
          expect({ reason, path, message }).toBe('told where');
        reasons.add(reason);
      }
      if (i % 100 === 0) expect(read(good[1]!)).toEqual(untouched);
    }
    expect(facts).toBeGreaterThan(300);
    expect([...reasons]).toEqual(expect.arrayContaining(['badJson', 'badField', config === mapped ? 'noRule' : 'noFact']));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  },
);
