import { z } from 'zod';
import { defineMessage } from '../defineMessage.ts';
import { countSchema, idSchema, localTextSchema, textSchema, timeMsSchema } from '../primitives.ts';
import { actorSchema } from './incident.ts';
import { originSchema } from './origin.ts';

export const unitKindSchema = z.enum(['vehicle', 'officer', 'drone', 'boat']);
/** `available` may be sent; `dispatched` is on the way; `onScene` has arrived; `emergency` is an officer's SOS. */
export const unitStatusSchema = z.enum(['available', 'dispatched', 'onScene', 'offline', 'emergency']);

/** An order to stand at a post that is not its own, to close a gap. The unit stays available. */
const standbySchema = z.object({
  postId: idSchema.describe('A standby post of the town'),
  orderedAtMs: timeMsSchema,
  by: actorSchema,
  etaAtMs: timeMsSchema.nullable(),
  arrivedAtMs: timeMsSchema.nullable(),
  reason: textSchema.nullable().optional(),
});
/** Who took it off its post, when and why: on the unit until the next order to stand by ends. */
const standbyEndSchema = z.object({
  postId: idSchema,
  atMs: timeMsSchema,
  by: actorSchema,
  incidentId: idSchema.nullable().describe('The incident that it was sent to; null when it was sent back'),
  reason: textSchema.nullable(),
});

export const unitMessage = defineMessage('unit.updated', 'A vehicle, officer, drone or boat that can be seen and sent.', {
  kind: unitKindSchema,
  name: localTextSchema.describe('Call sign, as spoken on the radio'),
  agencyId: idSchema,
  handle: countSchema.max(0xffff_ffff).describe('Number that stands for this unit in binary position frames; unique in the feed'),
  status: unitStatusSchema,
  crew: z
    .array(z.object({ unitId: idSchema, name: localTextSchema }))
    .max(32)
    .describe('Officers on board, each a unit of its own'),
  vehicleId: idSchema.nullable().describe('The vehicle that an officer rides in, or null on foot'),
  plate: textSchema.nullable(),
  postId: idSchema.nullable().describe('Standby post, dock or beat it belongs to'),
  incidentId: idSchema.nullable().describe('The incident it is assigned to'),
  cameraIds: z.array(idSchema).max(16),
  callAddress: textSchema.nullable().describe('Where a call reaches it: `sim:<unit id>` or a SIP URI'),
  talkGroup: textSchema.nullable(),
  standby: standbySchema
    .nullable()
    .optional()
    .describe('Where the desk told it to move up to; null or left out while it keeps its own post'),
  standbyEnded: standbyEndSchema.nullable().optional().describe('How its last order to stand by ended'),
  simulated: z.boolean(),
  origin: originSchema,
});
export type Unit = z.infer<typeof unitMessage.schema>;
export type Standby = z.infer<typeof standbySchema>;
export type StandbyEnd = z.infer<typeof standbyEndSchema>;
export type UnitKind = z.infer<typeof unitKindSchema>;
export type UnitStatus = z.infer<typeof unitStatusSchema>;
