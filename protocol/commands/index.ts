import { z } from 'zod';
import { defineCommand } from '../defineMessage.ts';
import { bookmarkTextSchema } from '../messages/bookmark.ts';
import { tierSchema } from '../messages/incident.ts';
import { callStateSchema } from '../messages/call.ts';
import { idSchema, timeMsSchema } from '../primitives.ts';

/** What an operator can ask for. `rev` of the frame refers to the incident named in `incidentId`. */
export const commands = [
  defineCommand('incident.accept', 'Take the incident in hand.', { incidentId: idSchema }),
  defineCommand('incident.triage', 'Decide who takes it. Another tier than the rules propose requires a reason.', {
    incidentId: idSchema,
    tier: tierSchema,
  }),
  defineCommand('incident.dispatch', 'Send units. Steps not yet made (accepted, triaged) are made in the same instant by the same actor.', {
    incidentId: idSchema,
    unitIds: z.array(idSchema).min(1).max(16),
  }),
  defineCommand('incident.recall', 'Call a unit back; without any unit left the incident returns to triaged.', {
    incidentId: idSchema,
    unitId: idSchema,
  }),
  defineCommand(
    'incident.reassign',
    'Take a unit from the incident that it is on and send it to this one, in one instant. A reason is required.',
    { incidentId: idSchema, unitId: idSchema },
  ),
  defineCommand(
    'incident.standDown',
    'Release units that are not needed any more; without any unit left it returns to triaged unless it is handled.',
    {
      incidentId: idSchema,
      unitIds: z.array(idSchema).min(1).max(16),
    },
  ),
  defineCommand('incident.chair', 'A leader of the town takes the chair of a major incident, or leaves it (null).', {
    incidentId: idSchema,
    chairId: idSchema.nullable(),
  }),
  defineCommand('incident.merge', 'Two incidents are one: the other one is closed, its reporters come here. A reason is required.', {
    incidentId: idSchema,
    otherId: idSchema,
  }),
  defineCommand('incident.split', 'A report is of another matter: it becomes an incident of its own. A reason is required.', {
    incidentId: idSchema,
    reportId: idSchema,
  }),
  defineCommand('incident.answer', 'Reporters were told what came of it.', {
    incidentId: idSchema,
    reportIds: z.array(idSchema).min(1).max(64),
  }),
  defineCommand('incident.close', 'Close it. Before it is handled a reason is required.', {
    incidentId: idSchema,
    outcome: z.enum(['handled', 'selfRectified', 'noAction', 'transferred']),
  }),
  defineCommand(
    'incident.pauseClock',
    'Stop counting its promise to close, e.g. while a third party is waited for. A reason is required.',
    {
      incidentId: idSchema,
    },
  ),
  defineCommand('incident.resumeClock', 'Count its promise to close again.', { incidentId: idSchema }),
  defineCommand('mode.set', 'Switch the desk between routine and urgent. A reason is required.', { mode: z.enum(['routine', 'urgent']) }),
  defineCommand('unit.standby', 'Move a free unit up to a standby post, to close a gap; null sends it back to its own.', {
    unitId: idSchema,
    postId: idSchema.nullable(),
  }),
  defineCommand('alarm.acknowledge', 'Seen, and taken in hand.', { alarmIds: z.array(idSchema).min(1).max(200) }),
  defineCommand('alarm.shelve', 'Out of sight for a while. A reason is required.', {
    alarmId: idSchema,
    minutes: z.int().min(1).max(1440),
  }),
  defineCommand('alarm.unshelve', 'Back in sight, unacknowledged.', { alarmId: idSchema }),
  defineCommand('call.report', 'A desk tells the state of its own call, so that every wall sees it and the journal keeps it.', {
    callId: idSchema,
    unitId: idSchema,
    incidentId: idSchema.nullable(),
    media: z.enum(['audio', 'video']),
    state: callStateSchema,
  }),
  defineCommand('bookmark.add', 'Mark a moment of the record. Also asked for in a replay.', {
    atMs: timeMsSchema,
    text: bookmarkTextSchema,
    incidentId: idSchema.nullable(),
  }),
  defineCommand('bookmark.edit', 'Change a bookmark, whole: also to delete it or to keep it again. Also asked for in a replay.', {
    bookmarkId: idSchema,
    atMs: timeMsSchema,
    text: bookmarkTextSchema,
    incidentId: idSchema.nullable(),
    state: z.enum(['kept', 'deleted']),
  }),
] as const;

type Definition = (typeof commands)[number];
export type CommandType = Definition['type'];
export type CommandData = { [D in Definition as D['type']]: z.infer<D['schema']> };
export type Command = { [T in CommandType]: { type: T; data: CommandData[T] } }[CommandType];
