import type { CommandHandler } from '../deskContext.ts';
import { refuse } from '../outcome.ts';
import { reasonRequired } from './refusals.ts';

/** The one fact of its type. */
export const DESK_ID = 'desk';

export const setMode: CommandHandler<'mode.set'> = ({ mode }, { by, reason, atMs }, { ledger }) => {
  const before = ledger.latest('mode.changed', DESK_ID);
  if (before?.mode === mode) return refuse('illegalStep', `the desk runs in ${mode} mode already`, 'data.mode');
  if (!reason?.trim()) return reasonRequired('a change of mode');
  return { seq: ledger.record('mode.changed', { id: DESK_ID, mode, sinceMs: atMs, by, reason, leader: before?.leader ?? by.name }) };
};
