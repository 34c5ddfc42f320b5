import { expect, test } from 'vitest';
import type { Decoded } from '../../../../gateway/adapters/adapter.ts';
import { geojsonAdapter } from '../../../../gateway/adapters/geojson.ts';
import { mangle, seeded } from '../../../support/mangle.ts';
import { sampleText } from '../../../support/samples.ts';

const decode = (message: unknown, config: object = {}): Decoded =>
  geojsonAdapter
    .open(geojsonAdapter.config.parse(config))
    .decode(typeof message === 'string' || Buffer.isBuffer(message) ? Buffer.from(message) : Buffer.from(JSON.stringify(message)), {
      from: 'shops',
      nowMs: Date.UTC(2026, 4, 13, 11, 21),
      retained: false,
    });
const feature = (properties: object, rest: object = {}) => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates: [120.4, 30.7] },
  properties,
  ...rest,
});

test('a feature is a report under its id; texts are written once for both languages', () => {
  expect(decode(sampleText('http/report.geojson'))).toEqual({
    refusals: [],
    facts: [
      {
        kind: 'report',
        externalId: 'shop-2026-0001',
        channelId: 'public',
        typeId: 'dog',
        place: { zh: '子夜路 12 号', en: '子夜路 12 号' },
        at: [120.4868, 30.7448],
        note: { zh: '两只犬未拴绳', en: '两只犬未拴绳' },
        cameraIds: [],
        simulated: false,
      },
    ],
  });
});

test('a collection keeps what is good in it and names the field of what is not', () => {
  const { facts, refusals } = decode(sampleText('http/positions.geojson'));
  expect(facts).toMatchObject([
    { kind: 'fix', unitId: 'cart-1', speedMps: 2, headingDeg: null, observedAtMs: Date.UTC(2026, 4, 13, 11, 20) },
  ]);
  expect(refusals).toMatchObject([{ reason: 'badField', path: 'features[1].geometry.type' }]);
});

test('rows of ours are taken beside, and a kind of fact that the file names for all features', () => {
  expect(decode(sampleText('http/rows.json')).facts).toMatchObject([{ kind: 'report', externalId: 'shop-2026-0002' }]);
  expect(decode(feature({ observedAtMs: 5 }, { id: 7 }), { fact: 'fix' }).facts).toMatchObject([
    { kind: 'fix', unitId: '7', at: [120.4, 30.7], altM: 0 },
  ]);
  const unit = { fact: 'unit', kind: 'officer', name: '王', agencyId: 'ps' };
  expect(decode(feature(unit, { id: 'p1', geometry: null })).facts).toMatchObject([
    { kind: 'unit', unit: { id: 'p1', name: { zh: '王' } } },
  ]);
});

test.each([
  ['{', 'badJson', ''],
  [Buffer.of(0xff), 'badJson', ''],
  [{ type: 'FeatureCollection' }, 'badField', 'features'],
  [{ type: 'FeatureCollection', features: Array.from({ length: 5001 }, () => 0) }, 'tooMany', 'features'],
  [{ type: 'FeatureCollection', features: [1] }, 'badField', 'features[0].type'],
  [feature({ fact: 'rumour' }), 'noFact', 'properties.fact'],
  [feature([] as object), 'badField', 'properties'],
  [feature({ fact: 'fix', observedAtMs: 5 }), 'noField', 'unitId'],
  [feature({ fact: 'fix', observedAtMs: 'soon' }, { id: 'a' }), 'badField', 'observedAtMs'],
  [feature({ fact: 'fix', observedAtMs: 5 }, { id: 'a', geometry: null }), 'noField', 'lonDeg'],
  [feature({ fact: 'fix' }, { id: 'a', geometry: { type: 'Point', coordinates: [1, '2'] } }), 'badField', 'geometry.coordinates'],
  [feature({ fact: 'fix', observedAtMs: 5 }, { id: 'a', geometry: { type: 'Point', coordinates: [1, 91] } }), 'badField', 'latDeg'],
  [{ unitId: 'a' }, 'noFact', 'fact'],
] as const)('%j is refused as %s at "%s"', (message, reason, path) => {
  const { facts, refusals } = decode(message);
  expect([facts, refusals.map((one) => [one.reason, one.path])]).toEqual([[], [[reason, path]]]);
});

test('10,000 mangled messages: none throws, each says a fact or why not, names of prototypes reach nothing', () => {
  const random = seeded(7946);
  const hostile = JSON.stringify(feature({ fact: 'report' })).replace('"fact"', '"__proto__":{"polluted":1},"constructor":1,"fact"');
  const good = ['http/report.geojson', 'http/positions.geojson', 'http/rows.json']
    .map(sampleText)
    .concat(hostile)
    .map((text) => Buffer.from(text));
  let facts = 0;
  let refused = 0;
  for (let i = 0; i < 10_000; i += 1) {
    const decoded = decode(mangle(good, random));
    facts += decoded.facts.length;
    refused += decoded.refusals.length;
    if (decoded.facts.length + decoded.refusals.length === 0) expect(i).toBe('a message without a fact and without a reason');
    for (const { reason, message } of decoded.refusals) expect(reason !== '' && message !== '').toBe(true);
  }
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  expect([facts > 300, refused > 5000]).toEqual([true, true]);
});
