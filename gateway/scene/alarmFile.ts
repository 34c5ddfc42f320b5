import { z } from 'zod';
import { severitySchema } from '../../protocol/messages/incident.ts';
import { alarmKindSchema, alarmPrioritySchema } from '../../protocol/messages/alarm.ts';
import { idSchema, textSchema } from '../../protocol/primitives.ts';

/** What is given must hold for the rule to raise. */
export const alarmRuleSchema = z.strictObject({
  kind: alarmKindSchema,
  priority: alarmPrioritySchema,
  severities: z.array(severitySchema).min(1).optional().describe('Of incidents; all where left out'),
  promiseIds: z.array(idSchema).min(1).optional().describe('Of promises at risk or broken; all where left out'),
  missedReports: z
    .number()
    .min(1)
    .max(1000)
    .optional()
    .describe('A channel is silent when so many reports were expected since the last one and none came; 7 happens by chance once in 1,000'),
});
/** `scenes/<town>/alarms.json`: which condition is an alarm of which priority; the first rule of a kind that fits decides. */
export const alarmFileSchema = z.strictObject({
  basis: z.enum(['brief', 'inferred']),
  source: textSchema,
  rules: z.array(alarmRuleSchema).max(50),
  longestShelfMin: z.int().min(1).max(1440),
});
export type AlarmFile = z.infer<typeof alarmFileSchema>;
export type AlarmRule = z.infer<typeof alarmRuleSchema>;
