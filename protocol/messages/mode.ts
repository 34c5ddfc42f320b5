import { z } from 'zod';
import { defineMessage } from '../defineMessage.ts';
import { localTextSchema, textSchema, timeMsSchema } from '../primitives.ts';
import { actorSchema } from './incident.ts';

export const modeMessage = defineMessage('mode.changed', 'Routine (平时) or urgent (急时) running of the desk. Its id is `desk`.', {
  mode: z.enum(['routine', 'urgent']),
  sinceMs: timeMsSchema,
  by: actorSchema,
  reason: textSchema.nullable(),
  leader: localTextSchema.describe('The duty leader in charge'),
});
export type DeskMode = z.infer<typeof modeMessage.schema>;
