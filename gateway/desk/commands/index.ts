import type { CommandType } from '../../../protocol/commands/index.ts';
import type { CommandHandler } from '../deskContext.ts';
import { accept } from './accept.ts';
import { addBookmark, editBookmark } from './bookmark.ts';
import { acknowledgeAlarms, shelveAlarm, unshelveAlarm } from './alarm.ts';
import { answer } from './answer.ts';
import { chair } from './chair.ts';
import { close } from './close.ts';
import { dispatch } from './dispatch.ts';
import { merge, split } from './merge.ts';
import { pauseClock, resumeClock } from './pauseClock.ts';
import { reassign } from './reassign.ts';
import { recall } from './recall.ts';
import { reportCall } from './reportCall.ts';
import { setMode } from './setMode.ts';
import { standDown } from './standDown.ts';
import { standby } from './standby.ts';
import { triage } from './triage.ts';

/** One handler for each command of the protocol: the compiler demands the missing one. */
export const handlers: { readonly [T in CommandType]: CommandHandler<T> } = {
  'incident.accept': accept,
  'incident.triage': triage,
  'incident.dispatch': dispatch,
  'incident.recall': recall,
  'incident.reassign': reassign,
  'incident.standDown': standDown,
  'incident.chair': chair,
  'incident.merge': merge,
  'incident.split': split,
  'incident.answer': answer,
  'incident.close': close,
  'incident.pauseClock': pauseClock,
  'incident.resumeClock': resumeClock,
  'mode.set': setMode,
  'unit.standby': standby,
  'alarm.acknowledge': acknowledgeAlarms,
  'alarm.shelve': shelveAlarm,
  'alarm.unshelve': unshelveAlarm,
  'call.report': reportCall,
  'bookmark.add': addBookmark,
  'bookmark.edit': editBookmark,
};
