import { expect, test } from 'vitest';
import type { Decoded } from '../../../../gateway/adapters/adapter.ts';
import { cotAdapter } from '../../../../gateway/adapters/cot.ts';
import { createEventSplitter } from '../../../../gateway/adapters/cot/splitEvents.ts';
import { mangle, seeded } from '../../../support/mangle.ts';
import { sampleText } from '../../../support/samples.ts';

const nowMs = Date.UTC(2026, 4, 13, 11, 21);
const automatic = { agencyId: 'ps', agencyByGroup: { Cyan: 'ce' } };
const open = (change: object = {}) => {
  const adapter = cotAdapter.open(cotAdapter.config.parse({ automatic, ...change }));
  return (text: string | Buffer, atMs = nowMs): Decoded =>
    adapter.decode(Buffer.from(text), { from: 'test', nowMs: atMs, retained: false });
};
const event = (change: Record<string, string> = {}, detail = ''): string => {
  const given = { uid: 'U', type: 'a-f-G-U-C', time: '2026-05-13T11:20:00Z', stale: '2026-05-13T11:26:00Z', ...change };
  const attributes = Object.entries(given).map(([name, value]) => `${name}="${value}"`);
  return `<event version="2.0" ${attributes.join(' ')}><point lat="30.7" lon="120.4" hae="20"/><detail>${detail}</detail></event>`;
};
const phones = sampleText('cot/phones.xml');

test('phones of ATAK appear as officers under their call sign, in the agency of their team, with course and speed where they tell them', () => {
  const { facts, refusals } = open()(phones);
  expect(refusals).toEqual([]);
  expect(facts).toMatchObject([
    { kind: 'unit', unit: { id: 'ANDROID-0001', kind: 'officer', name: { zh: '巡 7 & 8' }, agencyId: 'ce', status: 'available' } },
    {
      kind: 'fix',
      unitId: 'ANDROID-0001',
      at: [120.4868, 30.7448],
      altM: 0,
      headingDeg: 90.5,
      speedMps: 1.4,
      observedAtMs: Date.UTC(2026, 4, 13, 11, 20),
    },
    { kind: 'unit', unit: { id: 'ANDROID-0002', name: { en: 'Guard 2' }, agencyId: 'ps' } },
    { kind: 'fix', unitId: 'ANDROID-0002', headingDeg: null, speedMps: null, altM: 0 },
  ]);
});

test('a unit is told once, and again when its call sign or team changes', () => {
  const decode = open();
  const kinds = (text: string): string[] => decode(text).facts.map(({ kind }) => kind);
  const called = (callsign: string): string => event({}, `<contact callsign="${callsign}"/>`);
  expect([kinds(called('A')), kinds(called('A')), kinds(called('B'))]).toEqual([['unit', 'fix'], ['fix'], ['unit', 'fix']]);
  expect(kinds(event({}, '<contact callsign="B"/><__group name="Cyan"/>'))).toEqual(['unit', 'fix']);
  // Nothing new is said about the call sign.
  expect(kinds(event())).toEqual(['fix']);
});

test('phones that are named are units of the roster; without "automatic" all others are refused', () => {
  const decode = open({ automatic: undefined, units: { 'ANDROID-0001': 'officer-7' }, groundElevationM: 14 });
  const { facts, refusals } = decode(phones);
  expect(facts).toMatchObject([{ kind: 'fix', unitId: 'officer-7', altM: 2.5 }]);
  expect(refusals).toMatchObject([{ reason: 'unknownUid', path: 'uid' }]);
});

test('an emergency is the state of the phone that it names, and one report; it ends when it is cancelled', () => {
  const emergency = { channelId: 'public', typeId: 'digging', place: { zh: '手机', en: 'Phone' } };
  const decode = open({ emergency });
  decode(phones);
  const told = (text: string) => decode(text).facts.map((fact) => (fact.kind === 'unit' ? fact.unit.status : fact.kind));
  expect(decode(sampleText('cot/emergency.xml')).facts).toMatchObject([
    { kind: 'unit', unit: { id: 'ANDROID-0001', status: 'emergency', name: { en: '巡 7 & 8' } } },
    { kind: 'fix', unitId: 'ANDROID-0001' },
    {
      kind: 'report',
      externalId: `emergency-${Date.UTC(2026, 4, 13, 11, 20, 20)}-ANDROID-0001`,
      note: { en: 'Emergency call of 巡 7 & 8' },
    },
  ]);
  expect(told(sampleText('cot/emergency.xml'))).toEqual(['fix']);
  // A position says nothing about it.
  expect(told(phones)).toEqual(['fix', 'fix']);
  expect(told(event({ uid: 'ANDROID-0001-9-1-1', type: 'b-a-o-can' }, '<emergency cancel="true"/>'))).toEqual(['available', 'fix']);
});

test('a phone that leaves, or whose last event is stale, is offline; one that comes back is available', () => {
  const decode = open();
  const states = ({ facts }: Decoded) => facts.flatMap((fact) => (fact.kind === 'unit' ? [[fact.unit.id, fact.unit.status]] : []));
  decode(event({ uid: 'A' }));
  decode(event({ uid: 'B' }));
  expect(states(decode(event({ uid: 'server', type: 't-x-d-d' }, '<link uid="A" relation="p-p"/>')))).toEqual([['A', 'offline']]);
  expect(states(decode(event({ uid: 'ping', type: 't-x-c-t' }), Date.UTC(2026, 4, 13, 11, 30)))).toEqual([['B', 'offline']]);
  expect(states(decode(event({ uid: 'A', stale: '2026-05-13T12:00:00Z' }), Date.UTC(2026, 4, 13, 11, 31)))).toEqual([['A', 'available']]);
});

test('what cannot be taken says why', () => {
  expect(open()(sampleText('cot/refused.xml')).refusals.map(({ reason, path }) => [reason, path])).toEqual([
    ['garbage', ''],
    ['cutOff', ''],
    ['stale', 'stale'],
    ['otherType', 'type'],
    ['badTime', 'time'],
    ['badField', 'point.lat'],
    ['noField', 'uid'],
    ['badXml', ''],
    ['declaration', ''],
  ]);
  expect(open()('').refusals).toMatchObject([{ reason: 'cutOff' }]);
  expect(open()(Buffer.concat([Buffer.from('<event uid="'), Buffer.of(0xff), Buffer.from('"></event>')])).refusals).toMatchObject([
    { reason: 'badText' },
  ]);
  expect(open()(event({ stale: '2026-05-13T11:19:00Z' })).refusals).toMatchObject([{ reason: 'badTime', path: 'stale' }]);
});

test('nothing is expanded and nothing reaches into objects: entities, deep nesting, names of prototypes', () => {
  expect(open()(event({ uid: 'a&amp;amp;&#65;&unknown;' })).facts.at(-1)).toMatchObject({ unitId: 'a&amp;A&unknown;' });
  const deep = '<x>'.repeat(5000) + '</x>'.repeat(5000);
  expect(open()(event({}, deep)).refusals).toMatchObject([{ reason: 'badXml' }]);
  for (const hostile of ['<__proto__ callsign="p"/>', '<constructor><prototype callsign="p"/></constructor>'])
    expect(open()(event({}, hostile)).refusals).toMatchObject([{ reason: 'badXml' }]);
  expect(open()(event({}, '<contact __proto__="p"/>')).facts).toMatchObject([{ unit: { name: { en: 'U' } } }, { kind: 'fix' }]);
  expect(({} as Record<string, unknown>)['callsign']).toBeUndefined();
});

test('events are found however the stream is cut; what waits is bounded; other tags with a like name are none', () => {
  const one = event({}, '<events/><eventual a="1"/>');
  const stream = Buffer.from(`  <?xml version="1.0"?>\n${one}\n<?xml version="1.0"?>${phones.slice(phones.indexOf('<event'))}junk${one}`);
  for (const step of [1, 3, 50, 10_000]) {
    const found: string[] = [];
    const refused: string[] = [];
    const splitter = createEventSplitter(
      2000,
      (bytes) => found.push(bytes.toString().slice(0, 40)),
      ({ reason }) => refused.push(reason),
    );
    for (let i = 0; i < stream.length; i += step) splitter.push(stream.subarray(i, i + step));
    expect([found.length, refused, splitter.waiting]).toEqual([4, ['garbage'], 0]);
    splitter.push(Buffer.from('<event '));
    for (let i = 0; i < 50; i += 1) splitter.push(Buffer.alloc(1000, 'x'));
    expect(refused).toEqual(['garbage', 'tooLong']);
    expect(splitter.waiting).toBeLessThanOrEqual(3000);
    splitter.push(Buffer.from(one));
    expect(found).toHaveLength(5);
  }
});

test('10,000 mangled events: none throws, every refusal has a reason, facts stay in their ranges', () => {
  const random = seeded(2);
  const good = [phones, sampleText('cot/emergency.xml'), event({}, '<contact callsign="A"/>'), event({ type: 't-x-c-t' })].map((text) =>
    Buffer.from(text),
  );
  const decode = open();
  const reasons = new Set<string>();
  let facts = 0;
  for (let i = 0; i < 10_000; i += 1) {
    const decoded = decode(mangle(good, random));
    facts += decoded.facts.length;
    for (const { reason, message } of decoded.refusals) {
      expect(message).not.toBe('');
      reasons.add(reason);
    }
    for (const fact of decoded.facts)
      if (fact.kind === 'fix')
        expect(Number.isFinite(fact.at[0]) && Number.isFinite(fact.at[1]) && Number.isFinite(fact.observedAtMs)).toBe(true);
  }
  expect([...reasons]).toEqual(expect.arrayContaining(['garbage', 'cutOff', 'badXml', 'badText', 'badTime', 'badField', 'otherType']));
  expect(facts).toBeGreaterThan(5000);
});
