import { acknowledge, shelve, unshelve } from '../alarms/alarmLife.ts';
import type { CommandHandler } from '../deskContext.ts';
import { refuse } from '../outcome.ts';
import { reasonRequired } from './refusals.ts';

const MINUTE_MS = 60_000;

/** All that can be acknowledged are; an alarm that another desk took meanwhile does not spoil the rest. */
export const acknowledgeAlarms: CommandHandler<'alarm.acknowledge'> = ({ alarmIds }, { by, atMs }, { ledger }) => {
  let seq: number | null = null;
  for (const alarmId of new Set(alarmIds)) {
    const alarm = ledger.latest('alarm.updated', alarmId);
    const next = alarm ? acknowledge(alarm, by, atMs) : null;
    if (next) seq = ledger.record('alarm.updated', next);
  }
  if (seq !== null) return { seq };
  const known = alarmIds.some((id) => ledger.latest('alarm.updated', id));
  return known
    ? refuse('illegalStep', 'acknowledged already', 'data.alarmIds')
    : refuse('notFound', `no alarm ${alarmIds[0]!}`, 'data.alarmIds');
};

export const shelveAlarm: CommandHandler<'alarm.shelve'> = ({ alarmId, minutes }, { by, reason, atMs }, { ledger, longestShelfMin }) => {
  const alarm = ledger.latest('alarm.updated', alarmId);
  if (!alarm) return refuse('notFound', `no alarm ${alarmId}`, 'data.alarmId');
  if (minutes > longestShelfMin) return refuse('badField', `${longestShelfMin} minutes at most`, 'data.minutes');
  const why = reason?.trim() ?? '';
  if (why === '') return reasonRequired('shelving an alarm');
  const next = shelve(alarm, by, why, atMs, atMs + minutes * MINUTE_MS);
  return next
    ? { seq: ledger.record('alarm.updated', next) }
    : refuse('illegalStep', `an alarm that is ${alarm.state} is not shelved`, 'data.alarmId');
};

export const unshelveAlarm: CommandHandler<'alarm.unshelve'> = ({ alarmId }, _asked, { ledger }) => {
  const alarm = ledger.latest('alarm.updated', alarmId);
  if (!alarm) return refuse('notFound', `no alarm ${alarmId}`, 'data.alarmId');
  const next = unshelve(alarm);
  return next ? { seq: ledger.record('alarm.updated', next) } : refuse('illegalStep', 'it is not on the shelf', 'data.alarmId');
};
