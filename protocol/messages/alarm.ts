import { z } from 'zod';
import { defineMessage } from '../defineMessage.ts';
import { idSchema, textSchema, timeMsSchema } from '../primitives.ts';
import { actorSchema } from './incident.ts';

/** What an operator is to act on. */
export const alarmKindSchema = z.enum([
  'unitEmergency',
  'incidentUnsent',
  'majorWithoutChair',
  'promiseBroken',
  'promiseAtRisk',
  'channelSilent',
]);
/** 1 critical, 2 high, 3 medium, 4 low. */
export const alarmPrioritySchema = z.int().min(1).max(4);
/**
 * The life after ISA-18.2: `unacknowledged`, `acknowledged`, `returned` (over before anybody acknowledged it), `shelved`, `normal`.
 */
const alarmStateSchema = z.enum(['unacknowledged', 'acknowledged', 'returned', 'shelved', 'normal']);

export const alarmMessage = defineMessage(
  'alarm.updated',
  'A condition that an operator must act on. Its id says what of which thing, so it is one alarm however often it comes back.',
  {
    kind: alarmKindSchema,
    priority: alarmPrioritySchema,
    state: alarmStateSchema,
    incidentId: idSchema.nullable(),
    unitId: idSchema.nullable(),
    channelId: idSchema.nullable(),
    promiseId: idSchema.nullable().describe('The promise that is at risk or broken'),
    raisedAtMs: timeMsSchema.describe('When the condition came, the last time'),
    raises: z.int().min(1).describe('How often it came'),
    acknowledged: z.object({ atMs: timeMsSchema, by: actorSchema }).nullable(),
    shelved: z
      .object({ fromMs: timeMsSchema, untilMs: timeMsSchema, by: actorSchema, reason: textSchema.min(1) })
      .nullable()
      .describe('Out of sight until then; an expired shelf returns it unacknowledged'),
    endedAtMs: timeMsSchema.nullable().describe('When the condition was over; null while it lasts'),
  },
);
export type Alarm = z.infer<typeof alarmMessage.schema>;
export type AlarmKind = Alarm['kind'];
export type AlarmState = Alarm['state'];
