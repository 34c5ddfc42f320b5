import { z } from 'zod';
import { countSchema, idSchema, localTextSchema, textSchema, timeMsSchema } from '../primitives.ts';

export const PROTOCOL_VERSION = 1;
export const SUBPROTOCOL_JSON = 'feed.v1.json';
export const SUBPROTOCOL_BINARY = 'feed.v1.bin';

export const roleSchema = z.enum(['viewer', 'operator', 'leader', 'admin']);

/** Fastest that a replay plays, recorded seconds per real second. */
export const MAX_REPLAY_RATE = 120;
const replayRateSchema = z.number().min(0).max(MAX_REPLAY_RATE).describe('Recorded seconds per real second; 0 is paused');

/** Where a client stopped: the journal it knew and the last event it applied. */
export const cursorSchema = z.object({ epoch: idSchema, seq: countSchema });

export const helloSchema = z.object({
  frame: z.literal('hello'),
  v: z.literal(PROTOCOL_VERSION),
  token: textSchema.nullable().describe('Shared secret of the server, or null where none is asked for'),
  window: z.int().min(1).max(10_000).describe('Most events in flight before an `ack`'),
  resume: cursorSchema.nullable(),
  role: roleSchema,
  desk: z.object({ id: idSchema, name: localTextSchema }),
  clientTimeMs: timeMsSchema,
  replay: z
    .object({ atMs: timeMsSchema, rate: replayRateSchema })
    .nullable()
    .optional()
    .describe('The past instead of the present, from this moment on (rule P-11); null or left out is live'),
});
export const ackSchema = z.object({ frame: z.literal('ack'), seq: countSchema });
export const pingSchema = z.object({ frame: z.literal('ping'), clientTimeMs: timeMsSchema });
export const commandFrameSchema = z.object({
  frame: z.literal('cmd'),
  id: z.uuidv7().describe('Idempotency key: sent again after a reconnect, applied once'),
  type: idSchema,
  rev: z.int().min(0).nullable().describe('The rev of the incident as the operator saw it, or null to not check'),
  expiresAtMs: timeMsSchema,
  data: z.record(z.string(), z.unknown()),
  reason: textSchema.nullable(),
});
export const queryFrameSchema = z.object({
  frame: z.literal('query'),
  id: idSchema,
  kind: idSchema,
  data: z.record(z.string(), z.unknown()),
});
export const seekSchema = z.object({
  frame: z.literal('seek'),
  atMs: timeMsSchema.nullable().describe('The moment to go to; null stays where the replay is and changes the rate only'),
  rate: replayRateSchema,
});

/** What a desk has open. */
export const lookedAtSchema = z.object({ kind: z.enum(['incident', 'unit', 'detection']), id: idSchema });
export const lookSchema = z.object({
  frame: z.literal('look'),
  at: lookedAtSchema.nullable().describe('What this desk has open (rule P-12); null is the whole town'),
  follows: z.boolean().optional().describe('It was not opened here: this desk follows another one'),
});

export const clientFrames = [helloSchema, ackSchema, pingSchema, commandFrameSchema, queryFrameSchema, seekSchema, lookSchema] as const;
export const clientFrameSchema = z.discriminatedUnion('frame', clientFrames);

export type Role = z.infer<typeof roleSchema>;
export type Cursor = z.infer<typeof cursorSchema>;
export type Hello = z.infer<typeof helloSchema>;
export type CommandFrame = z.infer<typeof commandFrameSchema>;
export type LookedAt = z.infer<typeof lookedAtSchema>;
export type Look = z.infer<typeof lookSchema>;
export type Seek = z.infer<typeof seekSchema>;
export type QueryFrame = z.infer<typeof queryFrameSchema>;
export type ClientFrame = z.infer<typeof clientFrameSchema>;
