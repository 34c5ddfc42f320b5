import { z } from 'zod';
import { defineMessage } from '../defineMessage.ts';
import { countSchema, timeMsSchema } from '../primitives.ts';

export const channelMessage = defineMessage('channel.updated', 'The running count of one intake channel since local midnight.', {
  today: countSchema,
  pending: countSchema.describe('Incidents of this channel that nobody has been sent to yet: reported, accepted or triaged'),
  byHour: z.array(countSchema).length(24).describe('Arrivals by local hour, 0 to 23'),
  lastReportAtMs: timeMsSchema.nullable(),
});
export type Channel = z.infer<typeof channelMessage.schema>;
