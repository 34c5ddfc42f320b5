import { expect, test } from 'vitest';
import { SceneError } from '../../../../gateway/scene/sceneError.ts';
import { createHandSource, readHandFile } from './openTestHub.ts';

const ok = { id: 'cars', kind: 'hand', adapter: 'json' };
const fix = { unitId: 'id', lonDeg: 'x', latDeg: 'y', observedAtMs: { now: true } };

const refused: [name: string, content: unknown, field: string, reason: RegExp][] = [
  ['not JSON', '{"sources": [', 'line 1 column 14', /not JSON/],
  ['no sources', { sources: [] }, 'sources', /./],
  ['a kind that is none', { sources: [{ ...ok, kind: 'carrier-pigeon' }] }, 'sources[0].kind', /no such kind of source; there are hand/],
  ['a field that no source has', { sources: [{ ...ok, colour: 'red' }] }, 'sources[0]', /colour/],
  ['a field of the source that is wrong', { sources: [{ ...ok, speed: 'fast' }] }, 'sources[0].speed', /number/],
  ['a datum that is none', { sources: [{ ...ok, datum: 'wgs-84' }] }, 'sources[0].datum', /./],
  ['two of one name', { sources: [ok, ok] }, 'sources[1].id', /two sources cars/],
  ['a name with a slash', { sources: [{ ...ok, id: 'a/b' }] }, 'sources[0].id', /small letters/],
  ['no adapter where one is needed', { sources: [{ id: 'a', kind: 'hand' }] }, 'sources[0].adapter', /needs one of json/],
  ['an adapter that is none', { sources: [{ ...ok, adapter: 'morse' }] }, 'sources[0].adapter.id', /no such adapter; there are json/],
  [
    'an agency that the town lacks',
    { sources: [{ ...ok, newUnit: { kind: 'vehicle', agencyId: 'fbi' } }] },
    'sources[0].newUnit.agencyId',
    /no agency fbi/,
  ],
  [
    'a field that a fix has not',
    { sources: [{ ...ok, adapter: { id: 'json', rules: [{ fact: 'fix', fields: { ...fix, mood: 'm' } }] } }] },
    'sources[0].adapter.rules[0].fields.mood',
    /no such field; it has unitId/,
  ],
  [
    'a fix without a place',
    { sources: [{ ...ok, adapter: { id: 'json', rules: [{ fact: 'fix', fields: { unitId: 'id' } }] } }] },
    'sources[0].adapter.rules[0].fields',
    /a fix needs lonDeg/,
  ],
  [
    'a unit that does not fit',
    { sources: [{ ...ok, adapter: { id: 'json', rules: [{ fact: 'fix', fields: { ...fix, speedMps: { path: 'v', unit: 'deg' } } }] } }] },
    'sources[0].adapter.rules[0].fields.speedMps',
    /"deg" does not fit speedMps: expected m\/s, km\/h/,
  ],
  [
    'a path that is none',
    { sources: [{ ...ok, adapter: { id: 'json', rules: [{ fact: 'fix', fields: { ...fix, lonDeg: 'a..b' } }] } }] },
    'sources[0].adapter.rules[0].fields.lonDeg',
    /"a..b" is no path/,
  ],
  [
    'a pattern of time without its zone',
    {
      sources: [
        {
          ...ok,
          adapter: { id: 'json', rules: [{ fact: 'fix', fields: { ...fix, observedAtMs: { path: 't', time: 'yyyyMMddHHmmss' } } }] },
        },
      ],
    },
    'sources[0].adapter.rules[0].fields.observedAtMs',
    /needs utcOffsetMin/,
  ],
];

test.each(refused)('%s is refused with file, field and reason', async (_name, content, field, reason) => {
  const error = await readHandFile(content, createHandSource()).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SceneError);
  const { path, reason: why, file, message } = error as SceneError;
  expect([path, why]).toEqual([field, expect.stringMatching(reason)]);
  expect(message.startsWith(`${file}: `)).toBe(true);
  expect(message).not.toContain('\n');
});

test('what is left out has the values that the page says', async () => {
  const file = await readHandFile({ sources: [ok] }, createHandSource());
  expect(file.playScene).toBe(false);
  expect(file.entries[0]).toMatchObject({ id: 'cars', prefix: 'cars:', datum: 'wgs84', enabled: true, units: [], config: {} });
});
