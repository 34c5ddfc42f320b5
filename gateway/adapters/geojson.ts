import { z } from 'zod';
import { defineAdapter, refusal } from './adapter.ts';
import type { Decoded, Refusal } from './adapter.ts';
import { MOST_ROWS, readRows } from './json.ts';
import { formOf, isLocalField, rowKinds } from './mapping/rows.ts';
import type { RowKind } from './mapping/rows.ts';
import { readRow } from './mapping/rule.ts';
import { compileTimeFormat } from './mapping/timeFormat.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });
/** Numbers are milliseconds; texts are ISO times with their offset. */
const readTime = compileTimeFormat({ time: undefined, utcOffsetMin: undefined }) as (value: unknown) => number | null;

/** What the `id` of a feature names, by kind. */
const idFields: Readonly<Record<RowKind, string | null>> = {
  fix: 'unitId',
  unit: 'id',
  camera: 'id',
  detection: 'id',
  report: 'externalId',
  progress: 'unitId',
  weather: null,
};
const withoutPlace: ReadonlySet<RowKind> = new Set(['unit', 'progress', 'weather']);
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumber = (value: unknown): value is number => typeof value === 'number';

/**
 * GeoJSON (RFC 7946): a Feature, or a FeatureCollection, of Points. The properties are the fields of our rows, `fact` among them or in the
 * configuration; the feature's `id` names the report or unit. Texts may be written once for both languages, times as ISO texts. JSON that is no
 * GeoJSON is taken as rows of ours.
 */
export const geojsonAdapter = defineAdapter({
  id: 'geojson',
  config: z.strictObject({
    fact: z
      .enum(rowKinds as [RowKind, ...RowKind[]])
      .optional()
      .describe('What features are that do not say it'),
  }),
  open: ({ fact: otherwise }) => ({
    decode(bytes) {
      const decoded: Decoded = { facts: [], refusals: [] };
      let root: unknown;
      try {
        root = JSON.parse(utf8.decode(bytes).replace(/^\uFEFF/, ''));
      } catch (error) {
        const why = error instanceof SyntaxError ? error.message : 'it is not UTF-8';
        decoded.refusals.push(refusal('badJson', '', `not JSON: ${why}`));
        return decoded;
      }
      const take = (feature: unknown, at: string): void => {
        const row = rowOf(feature, at, otherwise);
        const read = 'reason' in row ? row : readRow(row.kind, row.fields, at);
        if ('reason' in read) decoded.refusals.push(read);
        else decoded.facts.push(read);
      };
      if (isObject(root) && root['type'] === 'Feature') take(root, '');
      else if (isObject(root) && root['type'] === 'FeatureCollection') {
        const { features } = root;
        if (!Array.isArray(features)) decoded.refusals.push(refusal('badField', 'features', 'expected a list'));
        else if (features.length > MOST_ROWS)
          decoded.refusals.push(
            refusal('tooMany', 'features', `${features.length} features in one message, at most ${MOST_ROWS} are taken`),
          );
        else features.forEach((feature, i) => take(feature, `features[${i}]`));
      } else readRows(root, decoded);
      return decoded;
    },
  }),
});

function rowOf(feature: unknown, at: string, otherwise: RowKind | undefined): { kind: RowKind; fields: Record<string, unknown> } | Refusal {
  const path = (name: string): string => (at === '' ? name : `${at}.${name}`);
  if (!isObject(feature) || feature['type'] !== 'Feature') return refusal('badField', path('type'), 'expected a Feature');
  const properties = feature['properties'] ?? {};
  if (!isObject(properties)) return refusal('badField', path('properties'), 'expected an object');
  const { fact = otherwise, ...given } = properties;
  const kind = rowKinds.find((one) => one === fact);
  if (kind === undefined) return refusal('noFact', path('properties.fact'), `expected "fact" to be one of ${rowKinds.join(', ')}`);

  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (formOf(name) === 'time') fields[name] = readTime(value) ?? value;
    else if (isLocalField(kind, name) && typeof value === 'string') fields[name] = { zh: value, en: value };
    else fields[name] = value;
  }
  const idField = idFields[kind];
  const id = feature['id'];
  if (idField !== null && fields[idField] === undefined && (typeof id === 'string' || isNumber(id))) fields[idField] = String(id);

  const { geometry = null } = feature;
  if (geometry === null || withoutPlace.has(kind)) return { kind, fields };
  if (!isObject(geometry) || geometry['type'] !== 'Point') return refusal('badField', path('geometry.type'), 'expected a Point');
  const { coordinates } = geometry;
  if (!Array.isArray(coordinates) || coordinates.length < 2 || coordinates.length > 3 || !coordinates.every(isNumber))
    return refusal('badField', path('geometry.coordinates'), 'expected [longitude, latitude] or [longitude, latitude, height]');
  const [lonDeg, latDeg, altM] = coordinates;
  Object.assign(fields, { lonDeg, latDeg });
  if (kind === 'fix' && altM !== undefined) fields['altM'] ??= altM;
  return { kind, fields };
}
