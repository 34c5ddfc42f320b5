import { z } from 'zod';
import { alarmMessage } from '../messages/alarm.ts';
import { bookmarkMessage } from '../messages/bookmark.ts';
import { callMessage } from '../messages/call.ts';
import { cameraMessage } from '../messages/camera.ts';
import { channelMessage } from '../messages/channel.ts';
import { detectionMessage } from '../messages/detection.ts';
import { incidentMessage } from '../messages/incident.ts';
import { modeMessage } from '../messages/mode.ts';
import { unitMessage } from '../messages/unit.ts';
import { weatherMessage } from '../messages/weather.ts';
import { countSchema, idSchema, localTextSchema, textSchema, timeMsSchema } from '../primitives.ts';
import { lookedAtSchema, PROTOCOL_VERSION, roleSchema } from './client.ts';
import { positionColumnsSchema, positionFixesSchema } from './position.ts';

export const welcomeSchema = z.object({
  frame: z.literal('welcome'),
  v: z.literal(PROTOCOL_VERSION),
  epoch: idSchema.describe('Name of this journal; a new one means that old cursors are void'),
  headSeq: countSchema,
  resumed: z.boolean(),
  gap: z
    .object({ reason: z.enum(['noCursor', 'otherEpoch', 'tooOld']), missed: countSchema.nullable() })
    .nullable()
    .describe('Why there was no resume and how many events were missed; null when resumed'),
  heartbeatMs: z.int().min(100).max(60_000),
  serverTimeMs: timeMsSchema,
  clockRate: z.number().min(0).max(1000).describe('Server seconds per real second: 1 live, more for a scene at speed'),
  limits: z.object({
    maxDownBytes: countSchema,
    maxUpBytes: countSchema,
    maxFixes: countSchema,
    maxDepth: countSchema,
    maxStringLength: countSchema,
  }),
  capabilities: z.array(idSchema).max(64).describe('Command types and query kinds this server answers, and `binaryPositions`'),
  scene: z.object({ id: idSchema, townId: idSchema, title: localTextSchema, simulated: z.boolean() }),
  replay: z
    .object({ fromMs: timeMsSchema, toMs: timeMsSchema.describe('Now: it grows while the record does') })
    .nullable()
    .optional()
    .describe('This is a replay, and what can be replayed (rule P-11); null or left out is live'),
});

export const snapSchema = z.object({
  frame: z.literal('snap'),
  atMs: timeMsSchema,
  seq: countSchema.describe('The snapshot holds every event up to and including this one'),
  part: countSchema,
  last: z.boolean(),
  units: z.array(unitMessage.schema),
  incidents: z.array(incidentMessage.schema),
  cameras: z.array(cameraMessage.schema),
  channels: z.array(channelMessage.schema),
  detections: z.array(detectionMessage.schema),
  calls: z.array(callMessage.schema),
  mode: modeMessage.schema.nullable(),
  weather: weatherMessage.schema.nullable(),
  bookmarks: z.array(bookmarkMessage.schema).optional(),
  alarms: z.array(alarmMessage.schema).optional(),
});

/** CloudEvents 1.0 envelope. `type` is one of the message types, `data` the whole fact. */
export const cloudEventSchema = z.object({
  specversion: z.literal('1.0'),
  id: idSchema,
  source: textSchema,
  type: idSchema,
  subject: idSchema.describe('The id of the thing in data'),
  time: z.iso.datetime({ offset: true }),
  data: z.record(z.string(), z.unknown()),
});
export const evSchema = z.object({ frame: z.literal('ev'), seq: countSchema.min(1), ce: cloudEventSchema });

export const resStatusSchema = z.enum(['applied', 'duplicate', 'rejected', 'expired', 'conflict', 'forbidden']);
export const resSchema = z.object({
  frame: z.literal('res'),
  id: idSchema,
  status: resStatusSchema,
  seq: countSchema.nullable().describe('The event that the command caused'),
  error: z.object({ code: idSchema, message: textSchema, path: textSchema.nullable() }).nullable(),
});
export const hbSchema = z.object({
  frame: z.literal('hb'),
  serverTimeMs: timeMsSchema,
  headSeq: countSchema,
  sentSeq: countSchema,
  skippedTicks: countSchema.optional().describe('Position ticks left out on this connection because its socket was full (rule P-03)'),
});
export const pongSchema = z.object({
  frame: z.literal('pong'),
  clientTimeMs: timeMsSchema,
  receivedAtMs: timeMsSchema,
  serverTimeMs: timeMsSchema,
});
export const errorCodeSchema = z.enum([
  'helloExpected',
  'helloTimeout',
  'badToken',
  'badOrigin',
  'badVersion',
  'badJson',
  'badFrame',
  'badField',
  'tooLarge',
  'tooDeep',
  'tooFast',
  'unknownCommand',
  'unknownQuery',
  'notFound',
  'notAllowed',
  'internal',
]);
export const errSchema = z.object({
  frame: z.literal('err'),
  code: errorCodeSchema,
  path: textSchema.nullable(),
  message: textSchema,
  fatal: z.boolean(),
});
export const byeSchema = z.object({ frame: z.literal('bye'), retryDelayMs: countSchema, reason: textSchema });
export const partSchema = z.object({
  frame: z.literal('part'),
  id: idSchema,
  n: countSchema,
  last: z.boolean(),
  items: z.array(z.record(z.string(), z.unknown())),
});

/** Most desks that one frame of presence tells. */
export const MAX_DESKS = 64;
export const presentDeskSchema = z.object({
  id: idSchema,
  name: localTextSchema,
  role: roleSchema,
  at: lookedAtSchema.nullable(),
  sinceMs: timeMsSchema.describe('Since when it looks there; for null, since when it looks at nothing'),
  follows: z.boolean().describe('It shows what another desk has open'),
});
export const desksSchema = z.object({
  frame: z.literal('desks'),
  desks: z
    .array(presentDeskSchema)
    .max(MAX_DESKS)
    .describe('Every desk that is there, the receiver included; replaces what was told before'),
});

export const serverFrames = [
  welcomeSchema,
  snapSchema,
  evSchema,
  resSchema,
  hbSchema,
  pongSchema,
  errSchema,
  byeSchema,
  partSchema,
  desksSchema,
] as const;
export const serverFrameSchema = z.union([z.discriminatedUnion('frame', serverFrames), positionColumnsSchema, positionFixesSchema]);

export type Welcome = z.infer<typeof welcomeSchema>;
export type Snap = z.infer<typeof snapSchema>;
export type Ev = z.infer<typeof evSchema>;
export type PresentDesk = z.infer<typeof presentDeskSchema>;
export type Res = z.infer<typeof resSchema>;
export type ResStatus = z.infer<typeof resStatusSchema>;
export type ErrorCode = z.infer<typeof errorCodeSchema>;
export type Err = z.infer<typeof errSchema>;
export type ServerFrame = z.infer<typeof serverFrameSchema>;
