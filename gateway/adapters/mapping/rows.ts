import { z } from 'zod';
import {
  altMSchema,
  headingDegSchema,
  idSchema,
  latDegSchema,
  localTextSchema,
  lonDegSchema,
  speedMpsSchema,
  textSchema,
  timeMsSchema,
} from '../../../protocol/primitives.ts';
import { cameraMessage } from '../../../protocol/messages/camera.ts';
import { detectionMessage } from '../../../protocol/messages/detection.ts';
import { unitKindSchema, unitStatusSchema } from '../../../protocol/messages/unit.ts';
import { weatherMessage } from '../../../protocol/messages/weather.ts';
import { streamProtocolSchema } from '../../../protocol/messages/camera.ts';
import type { Fact, FactKind } from '../adapter.ts';

/**
 * A fact as one flat row of named fields: what a mapping fills, and the JSON that somebody writes who has no format of their own
 * (`{"fact": "fix", "unitId": "car-1", "lonDeg": 120.49, ...}`). Degrees are in the datum that the source declares.
 */
const camera = cameraMessage.schema.shape;
const detection = detectionMessage.schema.shape;
const weather = weatherMessage.schema.shape;
const idListSchema = z.array(idSchema).max(16);
const simulatedSchema = z.boolean().default(false);
const orNull = <S extends z.ZodType>(schema: S) => schema.nullable().default(null);

export const rowSchemas = {
  fix: z.strictObject({
    unitId: idSchema,
    lonDeg: lonDegSchema,
    latDeg: latDegSchema,
    altM: altMSchema.default(0),
    headingDeg: orNull(headingDegSchema),
    speedMps: orNull(speedMpsSchema),
    observedAtMs: timeMsSchema,
  }),
  unit: z.strictObject({
    id: idSchema,
    kind: unitKindSchema,
    name: localTextSchema,
    agencyId: idSchema,
    status: unitStatusSchema.default('available'),
    plate: orNull(textSchema),
    vehicleId: orNull(idSchema),
    postId: orNull(idSchema),
    cameraIds: idListSchema.default([]),
    callAddress: orNull(textSchema),
    talkGroup: orNull(textSchema),
    simulated: simulatedSchema,
  }),
  camera: z.strictObject({
    id: idSchema,
    kind: camera.kind,
    name: localTextSchema,
    unitId: orNull(idSchema),
    lonDeg: orNull(lonDegSchema),
    latDeg: orNull(latDegSchema),
    headingDeg: orNull(headingDegSchema),
    online: z.boolean().default(true),
    protocol: streamProtocolSchema,
    url: textSchema,
    simulated: simulatedSchema,
  }),
  detection: z.strictObject({
    id: idSchema,
    cameraId: orNull(idSchema),
    channelId: idSchema,
    typeId: idSchema,
    place: localTextSchema,
    lonDeg: lonDegSchema,
    latDeg: latDegSchema,
    confidence: detection.confidence.default(1),
    detectedAtMs: timeMsSchema,
    outcome: detection.outcome.default('open'),
    incidentId: orNull(idSchema),
    simulated: simulatedSchema,
  }),
  report: z.strictObject({
    externalId: idSchema,
    channelId: idSchema,
    typeId: idSchema,
    place: localTextSchema,
    lonDeg: lonDegSchema,
    latDeg: latDegSchema,
    note: orNull(localTextSchema),
    cameraIds: idListSchema.default([]),
    simulated: simulatedSchema,
  }),
  progress: z.strictObject({
    unitId: idSchema,
    incidentId: orNull(idSchema),
    externalId: orNull(idSchema),
    step: orNull(z.enum(['setOut', 'arrived', 'handled'])),
    etaAtMs: orNull(timeMsSchema),
    note: orNull(textSchema),
  }),
  weather: z.strictObject({
    condition: weather.condition,
    text: localTextSchema,
    temperatureC: weather.temperatureC,
    windMps: weather.windMps,
    windFromDeg: headingDegSchema,
    observedAtMs: timeMsSchema,
    simulated: simulatedSchema,
  }),
} as const satisfies Record<Exclude<FactKind, 'mirror' | 'mirrorWhole'>, z.ZodObject>;

export type Rows = { [K in keyof typeof rowSchemas]: z.infer<(typeof rowSchemas)[K]> };
export type RowKind = keyof Rows;
export const rowKinds = Object.keys(rowSchemas) as RowKind[];

/** How a field's value is read, told by its name. */
export type Form = 'number' | 'time' | 'local' | 'boolean' | 'list' | 'text';
export function formOf(field: string): Form {
  if (/(Deg|Mps|C|altM|confidence)$/.test(field)) return 'number';
  if (field.endsWith('AtMs')) return 'time';
  if (field === 'simulated' || field === 'online') return 'boolean';
  if (field.endsWith('Ids')) return 'list';
  return 'text';
}
/** `name`, `place`, `text`, and the note of a report are told in both languages. */
export const isLocalField = (kind: RowKind, field: string): boolean =>
  field === 'place' || field === 'name' || (kind === 'weather' && field === 'text') || (kind === 'report' && field === 'note');

const makers: { [K in RowKind]: (row: Rows[K]) => Fact } = {
  fix: ({ lonDeg, latDeg, ...row }) => ({ kind: 'fix', ...row, at: [lonDeg, latDeg] }),
  unit: (row) => ({ kind: 'unit', unit: { ...row, crew: [] } }),
  camera: ({ lonDeg, latDeg, protocol, url, ...row }) => ({
    kind: 'camera',
    camera: { ...row, stream: { protocol, url } },
    at: lonDeg === null || latDeg === null ? null : [lonDeg, latDeg],
  }),
  detection: ({ lonDeg, latDeg, ...row }) => ({ kind: 'detection', detection: row, at: [lonDeg, latDeg] }),
  report: ({ lonDeg, latDeg, ...row }) => ({ kind: 'report', ...row, at: [lonDeg, latDeg] }),
  progress: (row) => ({ kind: 'progress', ...row }),
  weather: (row) => ({ kind: 'weather', weather: { ...row, id: 'town' } }),
};

/** @param row as its schema made it. */
export const factOf = <K extends RowKind>(kind: K, row: Rows[K]): Fact => makers[kind](row);
