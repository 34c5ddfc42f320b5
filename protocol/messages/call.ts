import { z } from 'zod';
import { defineMessage } from '../defineMessage.ts';
import { idSchema, timeMsSchema } from '../primitives.ts';
import { originSchema } from './origin.ts';

export const callStateSchema = z.enum(['ringing', 'connected', 'ended', 'failed']);

export const callMessage = defineMessage('call.updated', 'A voice or video call between a desk and a unit: who, whom, how long.', {
  deskId: idSchema,
  unitId: idSchema,
  incidentId: idSchema.nullable(),
  media: z.enum(['audio', 'video']),
  state: callStateSchema,
  startedAtMs: timeMsSchema,
  connectedAtMs: timeMsSchema.nullable(),
  endedAtMs: timeMsSchema.nullable(),
  simulated: z.boolean(),
  origin: originSchema,
});
export type Call = z.infer<typeof callMessage.schema>;
export type CallState = z.infer<typeof callStateSchema>;
