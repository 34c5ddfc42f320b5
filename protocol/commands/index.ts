import { z } from 'zod';
import { defineCommand } from '../defineMessage.ts';
import { bookmarkTextSchema } from '../messages/bookmark.ts';
import { tierSchema } from '../messages/incident.ts';
import { callStateSchema } from '../messages/call.ts';
import { idSchema, timeMsSchema } from '../primitives.ts';

/** What an operator can ask for. `rev` of the frame refers to the incident named in `incidentId`. */
export const commands = [
  defineCommand('incident.accept', 'Take the incident in hand.', { incidentId: idSchema }),
  defineCommand('incident.triage', 'Decide who takes it.', { incidentId: idSchema, tier: tierSchema }),
  defineCommand('incident.dispatch', 'Send units. Steps not yet made (accepted, triaged) are made in the same instant by the same actor.', {
    incidentId: idSchema,
    unitIds: z.array(idSchema).min(1).max(16),
  }),
  defineCommand('incident.recall', 'Call a unit back; without any unit left the incident returns to triaged.', {
    incidentId: idSchema,
    unitId: idSchema,
  }),
  defineCommand('incident.close', 'Close it. Before it is handled a reason is required.', {
    incidentId: idSchema,
    outcome: z.enum(['handled', 'selfRectified', 'noAction', 'transferred']),
  }),
  defineCommand('mode.set', 'Switch the desk between routine and urgent. A reason is required.', { mode: z.enum(['routine', 'urgent']) }),
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
