import { z } from 'zod';
import { defineQuery } from '../defineMessage.ts';
import { countSchema, idSchema, localTextSchema, timeMsSchema } from '../primitives.ts';

/** From the journal. The figures of EEMUA 191: how many an hour, of which priority, how soon acknowledged and by whom, how many floods. */
export const alarmStatsQuery = defineQuery(
  'alarmStats',
  'Alarms by hour and operator in a span of two days at most: one item an hour, then one an operator.',
  { fromMs: timeMsSchema, toMs: timeMsSchema },
  z.object({
    hourMs: timeMsSchema.nullable().describe('Beginning of the hour; null in the item of an operator'),
    deskId: idSchema.nullable().describe('The operator; null in the item of an hour'),
    name: localTextSchema.nullable(),
    raised: z.array(countSchema).length(4).describe('By priority, 1 first; of an operator all are 0'),
    acknowledged: countSchema,
    medianAckS: z.number().min(0).nullable().describe('From raised to acknowledged'),
    shelved: countSchema,
    floods: countSchema.describe('Floods that began in the hour'),
  }),
);
