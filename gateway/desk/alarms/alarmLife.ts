import type { Actor, Alarm, AlarmState } from '../../../protocol/messages/index.ts';
import type { Condition } from './conditions.ts';

export type AlarmFact = Omit<Alarm, 'rev'>;

/** The condition holds: what the alarm is from now on; null while that is nothing new. */
export function whileItLasts(before: AlarmFact | undefined, condition: Condition, nowMs: number): AlarmFact | null {
  const raised: AlarmFact = {
    ...condition,
    state: 'unacknowledged',
    raisedAtMs: nowMs,
    raises: (before?.raises ?? 0) + 1,
    acknowledged: null,
    shelved: null,
    endedAtMs: null,
  };
  if (!before) return raised;
  switch (before.state) {
    case 'normal':
    case 'returned':
      return raised;
    case 'shelved':
      // It came back while nobody wants to hear of it.
      if (before.endedAtMs !== null) return { ...before, ...condition, raisedAtMs: nowMs, raises: before.raises + 1, endedAtMs: null };
      break;
    case 'unacknowledged':
    case 'acknowledged':
      break;
  }
  // A graver one is heard again; a lighter one is what it is.
  if (before.priority === condition.priority) return null;
  return condition.priority < before.priority && before.state === 'acknowledged'
    ? { ...before, ...condition, state: 'unacknowledged', acknowledged: null }
    : { ...before, ...condition };
}

/** The condition is over; null while that is nothing new. */
export function onceItIsOver(before: AlarmFact, nowMs: number): AlarmFact | null {
  if (before.endedAtMs !== null) return null;
  const state: Record<AlarmState, AlarmState> = {
    unacknowledged: 'returned',
    acknowledged: 'normal',
    returned: 'returned',
    shelved: 'shelved',
    normal: 'normal',
  };
  return { ...before, state: state[before.state], endedAtMs: nowMs };
}

/** @returns null where there is nothing to acknowledge. */
export function acknowledge(before: AlarmFact, by: Actor, nowMs: number): AlarmFact | null {
  if (before.state === 'unacknowledged') return { ...before, state: 'acknowledged', acknowledged: { atMs: nowMs, by } };
  if (before.state === 'returned') return { ...before, state: 'normal', acknowledged: { atMs: nowMs, by } };
  return null;
}

/** @returns null where it stands for nothing that lasts. */
export function shelve(before: AlarmFact, by: Actor, reason: string, nowMs: number, untilMs: number): AlarmFact | null {
  if (before.state !== 'unacknowledged' && before.state !== 'acknowledged') return null;
  return { ...before, state: 'shelved', shelved: { fromMs: nowMs, untilMs, by, reason } };
}

/** The shelf has expired, or somebody took it down: unacknowledged again, or normal when the condition is over meanwhile. */
export function unshelve(before: AlarmFact): AlarmFact | null {
  if (before.state !== 'shelved') return null;
  return { ...before, state: before.endedAtMs === null ? 'unacknowledged' : 'normal', acknowledged: null, shelved: null };
}
